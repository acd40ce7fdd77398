// The page opens without network: what it is made of is kept, and renewed when it can.
const CACHE = "creditbox-crew-1";
const PAGE = "/creditbox/crew";
const PARTS = ["crew.css", "app.js", "store.js", "outbox.js", "photo.js", "live.js"].map(
    (name) => `/creditbox_crew/static/src/${name}`
);

self.addEventListener("install", (event) => {
    const keep = async () => (await caches.open(CACHE)).addAll(PARTS);
    event.waitUntil(keep().then(() => self.skipWaiting()));
});
self.addEventListener("activate", (event) => {
    // the page that has installed this was loaded without it
    const keep = () => fresh(PAGE, PAGE).catch(() => null);
    event.waitUntil(self.clients.claim().then(keep));
});

self.addEventListener("fetch", (event) => {
    const path = new URL(event.request.url).pathname;
    const ours = path === PAGE || PARTS.includes(path);
    if (event.request.method === "GET" && ours) {
        event.respondWith(fresh(event.request, path));
    }
});

async function fresh(request, path) {
    const cache = await caches.open(CACHE);
    try {
        const response = await fetch(request, {signal: AbortSignal.timeout(8000)});
        // a redirection leads to the login: that is not the page
        if (response.ok && !response.redirected && response.type === "basic") {
            await cache.put(path, response.clone());
        }
        return response;
    } catch (error) {
        const kept = await cache.match(path);
        if (kept) {
            return kept;
        }
        throw error;
    }
}
