// What is kept on the phone: entries to be sent, the last list, what is being written.
const STORES = {entries: {keyPath: "seq", autoIncrement: true}, day: {}, drafts: {}};

export class Store {
    static async open(uid) {
        const request = indexedDB.open(`creditbox-crew-${uid}`, 1);
        request.onupgradeneeded = () => {
            for (const [name, options] of Object.entries(STORES)) {
                request.result.createObjectStore(name, options);
            }
        };
        const store = new Store();
        store.db = await settled(request);
        return store;
    }

    /** Resolves when it is on the disk, not before. */
    async _write(name, work) {
        const transaction = this.db.transaction(name, "readwrite", {
            durability: "strict",
        });
        const request = work(transaction.objectStore(name));
        await new Promise((resolve, reject) => {
            transaction.oncomplete = resolve;
            transaction.onerror = () => reject(transaction.error);
            transaction.onabort = () => reject(transaction.error);
        });
        return request.result;
    }

    get(name, key) {
        return settled(this.db.transaction(name).objectStore(name).get(key));
    }

    all(name) {
        return settled(this.db.transaction(name).objectStore(name).getAll());
    }

    put(name, value, key) {
        return this._write(name, (store) => store.put(value, key));
    }

    delete(name, key) {
        return this._write(name, (store) => store.delete(key));
    }
}

function settled(request) {
    return new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
    });
}
