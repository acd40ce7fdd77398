// Hears at once what stops an order; where there is no websocket, asks now and then.
const EVENTS = [
    "creditbox_order_stopped",
    "creditbox_order_recalled",
    "creditbox_order_alarm",
];
const SLOW = 60000;
const FAST = 10000;

export class Live {
    constructor(version, {onStop, onAsk}) {
        Object.assign(this, {version, onStop, onAsk, last: 0, open: false});
        this._connect();
        this._ask();
    }

    _connect() {
        const scheme = location.protocol === "https:" ? "wss" : "ws";
        const socket = new WebSocket(
            `${scheme}://${location.host}/websocket?version=${this.version}`
        );
        socket.onopen = () => {
            this.open = true;
            const data = {channels: [], last: this.last};
            socket.send(JSON.stringify({event_name: "subscribe", data}));
            this.onAsk();
        };
        socket.onmessage = ({data}) => {
            for (const {id, message} of JSON.parse(data)) {
                this.last = Math.max(this.last, id);
                if (EVENTS.includes(message.type)) {
                    this.onStop(message.payload);
                }
            }
        };
        socket.onclose = () => {
            this.open = false;
            setTimeout(() => this._connect(), 3000 + Math.random() * 4000);
        };
    }

    _ask() {
        setTimeout(
            async () => {
                await this.onAsk();
                this._ask();
            },
            this.open ? SLOW : FAST
        );
    }
}
