import { deserializeDate, formatDate, serializeDate } from "@web/core/l10n/dates";
import { DateTimeInput } from "@web/core/datetime/datetime_input";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { session } from "@web/session";
import { useSetupAction } from "@web/search/action_hook";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

import { Component, onMounted, onWillStart, onWillUnmount, useRef, useState } from "@odoo/owl";

const ITALY = [[36.6, 6.6], [47.1, 18.5]];
// told apart by the colour-blind too, with the number written on them
const COLOURS = [
    "#1f77b4", "#b45309", "#2c7a2c", "#b3261e", "#7b4fa3", "#7a4b3a",
    "#b83280", "#4f5b66", "#6b6b00", "#0e7c86",
];
const STATE_COLOURS = {
    requested: "#5f6b76", accepted: "#5f6b76", planned: "#1f77b4", sent: "#b45309",
    on_site: "#7b4fa3", done: "#2c7a2c", not_executable: "#7a4b3a", stopped: "#b3261e",
};
const OUTLINE = { color: "#4f5b66", weight: 1, dashArray: "4 4", fillOpacity: 0.05 };

/** The orders of a day on a map: whose they are, in which order; drag them to a crew. */
export class OrderMap extends Component {
    static template = "creditbox_planning.OrderMap";
    static components = { DateTimeInput, Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.display = { controlPanel: {} };
        this.mapRef = useRef("map");
        const kept = this.props.state || {};
        this.areaId = this.props.action.params?.area_id || false;
        this.state = useState({
            day: kept.day || false,
            by: kept.by || "crew",
            data: null,
            chosen: false,
            over: false,
            corners: [],
            busy: false,
        });
        useSetupAction({
            getLocalState: () => ({ day: this.state.day, by: this.state.by }),
        });
        onWillStart(() => this.load());
        onMounted(() => this.startMap());
        onWillUnmount(() => this.map?.remove());
    }

    // -- data -------------------------------------------------------------------

    async load() {
        this.state.data = await this.orm.call("fsm.order", "get_map", [], {
            day: this.state.day || null,
            area_id: this.areaId || null,
        });
        this.state.day = this.state.data.day;
        this.draw();
    }

    get dayValue() {
        return deserializeDate(this.state.day);
    }

    setDay(day) {
        if (day) {
            this.state.day = serializeDate(day);
            this.state.chosen = false;
            this.load();
        }
    }

    step(days) {
        this.setDay(this.dayValue.plus({ days }));
    }

    get orders() {
        return [...this.state.data.orders, ...this.state.data.waiting];
    }

    get chosen() {
        return this.orders.find((order) => order.id === this.state.chosen);
    }

    ofCrew(crew) {
        return this.state.data.orders.filter((order) => order.crew === crew.id);
    }

    loadOf(crew) {
        const count = this.ofCrew(crew).length;
        return crew.limit ? `${count} / ${crew.limit}` : `${count}`;
    }

    colourOfCrew(crewId) {
        const place = this.state.data.crews.findIndex((crew) => crew.id === crewId);
        return place < 0 ? STATE_COLOURS.requested : COLOURS[place % COLOURS.length];
    }

    colour(order) {
        return this.state.by === "state"
            ? STATE_COLOURS[order.state]
            : this.colourOfCrew(order.crew);
    }

    get states() {
        const shown = new Set(this.orders.map((order) => order.state));
        return this.state.data.states.filter(([state]) => shown.has(state));
    }

    stateLabel(order) {
        return Object.fromEntries(this.state.data.states)[order.state];
    }

    colourOfState(state) {
        return STATE_COLOURS[state];
    }

    get withoutPosition() {
        return this.orders.filter((order) => !order.position).length;
    }

    formatDay(day) {
        return day ? formatDate(deserializeDate(day)) : "";
    }

    get moreWaiting() {
        return this.state.data.waiting_total - this.state.data.waiting.length;
    }

    // -- map --------------------------------------------------------------------

    startMap() {
        this.map = L.map(this.mapRef.el, { attributionControl: false });
        const tiles = session["leaflet.tile_url"];
        if (tiles && tiles !== "False") {
            L.control.attribution({ prefix: false }).addTo(this.map);
            L.tileLayer(tiles, {
                maxZoom: 19,
                attribution: session["leaflet.copyright"],
            }).addTo(this.map);
        }
        L.control.scale({ imperial: false }).addTo(this.map);
        this.layer = L.layerGroup().addTo(this.map);
        this.map.on("click", (event) => this.onMapClick(event.latlng));
        this.draw();
        this.fit();
    }

    fit() {
        const positions = this.orders.map((o) => o.position).filter(Boolean);
        const area = this.state.data.areas.find((a) => a.id === this.areaId);
        positions.push(...(area?.corners || []));
        this.map.fitBounds(positions.length ? positions : ITALY, {
            padding: [30, 30],
            maxZoom: 16,
        });
    }

    draw() {
        if (!this.layer) {
            return;
        }
        this.layer.clearLayers();
        for (const area of this.state.data.areas) {
            if (area.corners && !(area.id === this.areaId && this.state.corners.length)) {
                L.polygon(area.corners, OUTLINE).bindTooltip(area.name).addTo(this.layer);
            }
        }
        if (this.state.corners.length) {
            const style = { ...OUTLINE, weight: 3, color: "#b3261e" };
            L.polygon(this.state.corners, style).addTo(this.layer);
        }
        for (const crew of this.state.data.crews) {
            const way = this.ofCrew(crew).filter((o) => o.sequence && o.position);
            L.polyline(
                way.map((order) => order.position),
                { color: this.colourOfCrew(crew.id), weight: 3, opacity: 0.6 }
            ).addTo(this.layer);
        }
        this.orders.filter((order) => order.position).forEach((o) => this.drawOrder(o));
    }

    drawOrder(order) {
        const chosen = order.id === this.state.chosen ? "o_creditbox_pin_chosen" : "";
        const pin = document.createElement("span");
        pin.textContent = order.sequence || "•";
        pin.style.backgroundColor = this.colour(order);
        const marker = L.marker(order.position, {
            icon: L.divIcon({
                className: `o_creditbox_pin ${chosen}`,
                html: pin,
                iconSize: [24, 24],
            }),
            title: `${order.name} ${order.label} – ${order.street}`,
            alt: `${order.name} ${order.label}`,
            draggable: this.mayMove(order),
            zIndexOffset: chosen ? 1000 : 0,
        });
        marker.on("click", () => this.choose(order));
        marker.on("dragend", (event) => this.dropMarker(order, marker, event));
        marker.addTo(this.layer);
    }

    choose(order, centre = false) {
        this.state.chosen = order.id;
        this.draw();
        if (centre && order.position) {
            this.map.panTo(order.position);
        }
    }

    setBy(by) {
        this.state.by = by;
        this.draw();
    }

    // -- planning ---------------------------------------------------------------

    mayMove(order) {
        return (
            this.state.data.may_plan &&
            ["requested", "accepted", "planned", "sent"].includes(order.state)
        );
    }

    onDragStart(order, event) {
        event.dataTransfer.setData("text/plain", `${order.id}`);
        event.dataTransfer.effectAllowed = "move";
    }

    onDragOver(crew, event) {
        event.preventDefault();
        this.state.over = crew.id;
    }

    onDrop(crew, event) {
        event.preventDefault();
        this.state.over = false;
        const id = parseInt(event.dataTransfer.getData("text/plain"));
        const order = this.orders.find((o) => o.id === id);
        if (order) {
            this.assign(order, crew.id);
        }
    }

    /** A marker that is dropped on a crew of the side list goes to that crew. */
    dropMarker(order, marker, event) {
        marker.setLatLng(order.position);
        const source = event.sourceEvent || window.event;
        const { clientX = 0, clientY = 0 } = source?.changedTouches?.[0] || source || {};
        const target = document
            .elementsFromPoint(clientX, clientY)
            .find((el) => el.dataset.crew);
        if (target) {
            this.assign(order, parseInt(target.dataset.crew));
        }
    }

    onSelectCrew(event) {
        this.assign(this.chosen, parseInt(event.target.value) || false);
    }

    async assign(order, crewId) {
        if (this.state.busy || !this.mayMove(order)) {
            return;
        }
        this.state.busy = true;
        try {
            await this.orm.call("fsm.order", "action_assign", [[order.id], crewId], {
                day: crewId ? this.state.day : null,
            });
        } finally {
            // a refusal is shown by the dialog of the web client
            this.state.busy = false;
            await this.load();
        }
    }

    openOrder(order) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "fsm.order",
            res_id: order.id,
            views: [[false, "form"]],
        });
    }

    planAll() {
        this.action.doAction("creditbox_planning.creditbox_planning_action", {
            onClose: () => this.load(),
        });
    }

    // -- outline of an area -----------------------------------------------------

    onMapClick({ lat, lng }) {
        if (this.areaId) {
            this.state.corners.push([+lat.toFixed(5), +lng.toFixed(5)]);
            this.draw();
        }
    }

    removeCorner() {
        this.state.corners.pop();
        this.draw();
    }

    async saveOutline() {
        await this.orm.write("creditbox.area", [this.areaId], {
            outline: JSON.stringify(this.state.corners),
        });
        this.notification.add(_t("The outline is saved."), { type: "success" });
        this.env.config.historyBack();
    }
}

registry.category("actions").add("creditbox_planning.map", OrderMap);
