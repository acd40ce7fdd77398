// What was entered is kept here until the server has answered, and sent in its order.
// The key makes that the server takes it once, however often it is sent.
const MOST_ENTRIES = 6;
const MOST_BYTES = 3 * 1024 * 1024;
const PATIENCE = 60000;

export class Outbox {
    constructor(store, {onDay, onChange}) {
        Object.assign(this, {store, onDay, onChange, state: "idle"});
    }

    async add(what, order, values = {}, blob = null) {
        await this.store.put("entries", {
            key: crypto.randomUUID(),
            what,
            order,
            values,
            blob,
            happened_at: new Date().toISOString(),
        });
        this.onChange();
        this.flush();
    }

    async waiting() {
        return (await this.store.all("entries")).filter((entry) => !entry.refused);
    }

    /** One page at a time: two would only send the same twice. */
    async flush() {
        if (this.busy) {
            this.again = true;
            return;
        }
        this.busy = true;
        try {
            do {
                this.again = false;
                await navigator.locks.request("creditbox-crew-outbox", () =>
                    this._sendAll()
                );
            } while (this.again);
        } finally {
            this.busy = false;
            this.onChange();
        }
    }

    async _sendAll() {
        for (;;) {
            const batch = this._batch(await this.waiting());
            if (!batch.length || !(await this._send(batch))) {
                return;
            }
        }
    }

    _batch(entries) {
        const batch = [];
        let bytes = 0;
        for (const entry of entries) {
            bytes += entry.blob ? entry.blob.size : 0;
            if (batch.length && (batch.length >= MOST_ENTRIES || bytes > MOST_BYTES)) {
                break;
            }
            batch.push(entry);
        }
        return batch;
    }

    async _send(batch) {
        let response = null;
        try {
            response = await fetch("/creditbox/crew/send", {
                method: "POST",
                headers: {"X-CreditBox-Crew": "1"},
                body: this._form(batch),
                signal: AbortSignal.timeout(PATIENCE),
            });
        } catch {
            this.state = "offline";
            return false;
        }
        if (response.redirected) {
            this.state = "login";
            return false;
        }
        if ([400, 413].includes(response.status)) {
            await this._refuse(batch[0], (await message(response)) || response.statusText);
            return true;
        }
        if (!response.ok) {
            this.state = "error";
            return false;
        }
        const {answers, day} = await response.json();
        this.state = "idle";
        for (const [index, answer] of answers.entries()) {
            await this._settle(batch[index], answer);
        }
        await this.onDay(day);
        return true;
    }

    _form(batch) {
        const form = new FormData();
        const sent_at = new Date().toISOString();
        const entries = batch.map(({key, what, order, values, happened_at, blob}) => {
            const entry = {...values, key, what, order, happened_at, sent_at};
            if (blob) {
                form.append(key, blob, key);
                entry.file = key;
            }
            return entry;
        });
        form.append("entries", JSON.stringify(entries));
        return form;
    }

    /** A refused entry stays on the phone, with the answer, until it is put away. */
    async _settle(entry, answer) {
        if (answer.ok || answer.stopped) {
            await this.store.delete("entries", entry.seq);
        } else {
            await this._refuse(entry, answer.message);
        }
        this.onChange();
    }

    _refuse(entry, text) {
        return this.store.put("entries", {...entry, refused: text || "?"});
    }

    /** Sent again as something new: the server keeps its answer to the old key. */
    async retry(entry) {
        const {refused, ...rest} = entry;
        await this.store.put("entries", {...rest, key: crypto.randomUUID()});
        this.flush();
    }

    async drop(entry) {
        await this.store.delete("entries", entry.seq);
        this.onChange();
    }
}

async function message(response) {
    try {
        return (await response.json()).message;
    } catch {
        return "";
    }
}
