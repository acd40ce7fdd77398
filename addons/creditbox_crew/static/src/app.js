import {Live} from "./live.js";
import {Outbox} from "./outbox.js";
import {Pad, compress, position} from "./photo.js";
import {Store} from "./store.js";

const main = document.querySelector("main");
const config = JSON.parse(main.dataset.config);
const ENDED = ["stopped", "recalled", "cancelled"];
const ends = new Set(["done", "not_executable", "paid"]);
let store = null;
let outbox = null;
let day = {orders: [], reasons: []};
let shown = ""; // what the open page was made of
let pad = null;

const word = (name) => document.querySelector(`[data-word="${name}"]`).textContent;
const current = () => Number(location.hash.slice(1)) || null;
const make = (name) =>
    document.getElementById(name).content.firstElementChild.cloneNode(true);

/** Put the values of an object where the template names them; hide what is empty. */
function fill(node, values) {
    for (const place of node.querySelectorAll("[data-show]")) {
        const value = values[place.dataset.show];
        place.textContent = value || "";
        place.hidden = !value;
    }
    return node;
}

function time(iso) {
    const options = {hour: "2-digit", minute: "2-digit", timeZone: config.zone};
    return iso ? new Date(iso).toLocaleTimeString(config.lang, options) : "";
}

async function keepDay(fresh) {
    day = fresh;
    await store.put("day", fresh, "last");
    await draw();
}

async function ask() {
    try {
        const response = await fetch("/creditbox/crew/day", {
            signal: AbortSignal.timeout(15000),
        });
        if (response.redirected) {
            outbox.state = "login";
        } else if (response.ok) {
            outbox.state = "idle";
            await keepDay(await response.json());
        }
    } catch {
        outbox.state = "offline";
    }
    await outbox.flush();
    await draw();
}

async function draw() {
    const entries = await store.all("entries");
    drawBar(entries);
    const order = day.orders.find(({id}) => id === current());
    const own = entries.filter((entry) => order && entry.order === order.id);
    const made = JSON.stringify([current(), day, entries.map((e) => [e.key, e.refused])]);
    if (made === shown) {
        return;
    }
    shown = made;
    if (order) {
        await drawOrder(order, own);
    } else {
        drawList(entries);
    }
}

function drawBar(entries) {
    const waiting = entries.filter((entry) => !entry.refused).length;
    const refused = entries.length - waiting;
    const bar = document.querySelector(".bar");
    const offline = !navigator.onLine || outbox.state === "offline";
    bar.classList.toggle("offline", offline);
    const parts = [
        outbox.state === "login" ? word("login") : "",
        offline ? word("offline") : "",
        waiting ? `${waiting} ${word("waiting")}` : "",
        refused ? `${refused} ${word("refused")}` : "",
    ].filter(Boolean);
    bar.querySelector(".status").textContent = parts.join(" · ") || word("sent");
    bar.querySelector(".login").hidden = outbox.state !== "login";
}

function drawList(entries) {
    const list = make("list");
    const items = list.querySelector("ul");
    for (const order of day.orders) {
        const item = fill(make("item"), {...order, time: time(order.planned)});
        item.querySelector("a").href = `#${order.id}`;
        item.dataset.state = order.state;
        const own = entries.filter((entry) => entry.order === order.id);
        item.querySelector(".pending").hidden = !own.some((entry) => !entry.refused);
        item.querySelector(".refused").hidden = !own.some((entry) => entry.refused);
        items.append(item);
    }
    list.querySelector(".none").hidden = Boolean(day.orders.length);
    // what was refused of an order that is no longer in the list is shown here
    const known = new Set(day.orders.map(({id}) => id));
    const lost = entries.filter((entry) => entry.refused && !known.has(entry.order));
    list.querySelector(".entries").append(...lost.map(drawEntry));
    main.replaceChildren(list);
}

function drawEntry(entry) {
    const node = fill(make("entry"), {
        label: word(`what-${entry.what}`) + (entry.values.kindLabel || ""),
        time: time(entry.happened_at),
        refused: entry.refused,
    });
    node.classList.toggle("is-refused", Boolean(entry.refused));
    node.querySelector(".actions").hidden = !entry.refused;
    node.querySelector(".retry").onclick = () => outbox.retry(entry);
    node.querySelector(".drop").onclick = () => outbox.drop(entry);
    return node;
}

async function drawOrder(order, own) {
    const node = fill(make("order"), {...order, time: time(order.planned)});
    const waiting = own.filter((entry) => !entry.refused);
    const ended = ENDED.includes(order.state);
    const started = order.state === "on_site";
    const ending = waiting.some((entry) => ends.has(entry.what));
    node.dataset.state = order.state;
    node.querySelector(".stop").hidden = !ended;
    node.querySelector(".ack").hidden = !ended || order.seen;
    node.querySelector(".ack").onclick = () => outbox.add("ack", order.id);
    drawLinks(node, order);
    node.querySelector(".start").hidden = order.state !== "sent";
    node.querySelector(".start").disabled = waiting.some((e) => e.what === "start");
    node.querySelector(".start").onclick = () => outbox.add("start", order.id);
    node.querySelector(".work").hidden = !["sent", "on_site"].includes(order.state);
    node.querySelector(".carried-out").hidden = !started;
    node.querySelector(".ending").hidden = !ending;
    node.querySelector(".outcome").hidden = ending;
    node.querySelector(".entries").append(...own.map(drawEntry));
    drawPhotos(node, order, own);
    await drawForm(node, order);
    main.replaceChildren(node);
}

function drawLinks(node, order) {
    const call = node.querySelector(".call");
    call.hidden = !order.phone;
    call.href = `tel:${order.phone.replace(/[^+\d]/g, "")}`;
    const address = encodeURIComponent(`${order.street}, ${order.city}`);
    const point = order.latitude ? `${order.latitude},${order.longitude}` : "0,0";
    node.querySelector(".navigate").href = `geo:${point}?q=${
        order.latitude ? point : address
    }`;
    node.querySelector(".map").href =
        "https://www.openstreetmap.org/" +
        (order.latitude
            ? `?mlat=${order.latitude}&mlon=${order.longitude}#map=18/${order.latitude}/${order.longitude}`
            : `search?query=${address}`);
}

function drawPhotos(node, order, own) {
    const here = own.filter((e) => e.what === "photo" && !e.refused);
    const kept = new Set(here.map((entry) => entry.values.kind));
    for (const button of node.querySelectorAll(".photo")) {
        const {kind} = button.dataset;
        const needed = order.needs.includes(kind);
        const taken = kept.has(kind) || (needed && !order.missing.includes(kind));
        button.classList.toggle("needed", needed && !taken);
        button.classList.toggle("taken", taken);
        button.querySelector(".mark").textContent = taken ? "✓" : needed ? "*" : "";
        const input = button.querySelector("input");
        input.onchange = () => takePhoto(order, kind, button, input);
    }
}

async function takePhoto(order, kind, button, input) {
    const [file] = input.files;
    input.value = "";
    if (!file) {
        return;
    }
    button.classList.add("busy");
    try {
        const [blob, where] = await Promise.all([compress(file), position()]);
        const kindLabel = `: ${button.querySelector(".label").textContent}`;
        const values = {kind, kindLabel, ...where};
        if (!("latitude" in where)) {
            values.note = prompt(word("no-position")) || "";
        }
        await outbox.add("photo", order.id, values, blob);
    } catch {
        tell(word("no-picture"));
    } finally {
        button.classList.remove("busy");
    }
}

async function drawForm(node, order) {
    const form = node.querySelector("form");
    const draft = (await store.get("drafts", order.id)) || {};
    const reasons = form.elements.reason_id;
    reasons.append(...day.reasons.map(({id, name}) => new Option(name, id)));
    for (const [name, value] of Object.entries(draft)) {
        if (form.elements[name]) {
            form.elements[name].value = value;
        }
    }
    showMeter(form);
    form.oninput = () => {
        showMeter(form);
        store.put("drafts", Object.fromEntries(new FormData(form)), order.id);
    };
    form.onsubmit = (event) => event.preventDefault();
    pad = new Pad(form.querySelector("canvas"));
    form.querySelector(".clear").onclick = () => pad.clear();
    form.querySelector(".done").onclick = () => done(order, form);
    form.querySelector(".not-executable").onclick = () => failed(order, form);
    form.querySelector(".paid").onclick = () => paid(order);
}

/** Another meter: its serial number is asked for. */
function showMeter(form) {
    form.querySelector(".found-meter").hidden = !chosenReason(form)?.meter;
}

function chosenReason(form) {
    const id = Number(form.elements.reason_id.value);
    return day.reasons.find((reason) => reason.id === id);
}

async function done(order, form) {
    const kept = (await outbox.waiting()).filter((e) => e.order === order.id);
    const here = new Set(kept.map((entry) => entry.values.kind));
    const missing = order.missing.filter((kind) => !here.has(kind));
    if (missing.length) {
        const labels = missing.map(
            (kind) => form.getRootNode().querySelector(`.photo[data-kind=${kind}] .label`)
        );
        tell(`${word("missing")} ${labels.map((l) => l.textContent).join(", ")}`);
        return;
    }
    // without network nobody would tell that it has been paid
    const age = (Date.now() - new Date(order.checked)) / 60000;
    const offline = !navigator.onLine || outbox.state === "offline";
    if (order.against && offline && !(age >= 0 && age <= order.minutes)) {
        tell(word("check-first"));
        return;
    }
    const {reading, seal, signed_by} = Object.fromEntries(new FormData(form));
    await outbox.add("done", order.id, {reading, seal, signed_by}, await pad.blob());
    await store.delete("drafts", order.id);
}

async function failed(order, form) {
    const reason_id = Number(form.elements.reason_id.value);
    if (!reason_id) {
        tell(word("reason-first"));
        form.elements.reason_id.focus();
        return;
    }
    const note = form.elements.note.value;
    const asks = chosenReason(form)?.meter;
    const meter = asks ? form.elements.meter.value.trim() : "";
    if (asks && !meter) {
        tell(word("meter-first"));
        form.elements.meter.focus();
        return;
    }
    await outbox.add("not_executable", order.id, {reason_id, note, meter});
    await store.delete("drafts", order.id);
}

async function paid(order) {
    const kept = (await store.all("entries")).filter((e) => e.order === order.id);
    const receipt = kept.some((e) => e.values.kind === "receipt" && !e.refused);
    if (!receipt && !order.receipt) {
        tell(word("receipt-first"));
        return;
    }
    await outbox.add("paid", order.id);
}

function tell(text) {
    const box = document.querySelector(".tell");
    box.textContent = text;
    box.hidden = false;
    clearTimeout(tell.timer);
    tell.timer = setTimeout(() => (box.hidden = true), 8000);
}

async function onStop({id, state}) {
    const order = day.orders.find((one) => one.id === id);
    if (order) {
        order.state = state;
        navigator.vibrate?.([300, 100, 300]);
        await draw();
    }
    await ask();
}

async function start() {
    store = await Store.open(config.uid);
    outbox = new Outbox(store, {onDay: keepDay, onChange: () => draw()});
    day = (await store.get("day", "last")) || day;
    await draw();
    window.addEventListener("hashchange", draw);
    window.addEventListener("online", ask);
    window.addEventListener("offline", () => {
        outbox.state = "offline";
        draw();
    });
    navigator.serviceWorker?.register("/creditbox/crew/sw.js", {scope: "/creditbox/crew"});
    navigator.storage?.persist?.();
    new Live(config.websocket, {onStop, onAsk: ask});
    await ask();
}

start();
