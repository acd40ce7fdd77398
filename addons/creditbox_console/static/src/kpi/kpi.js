import { useKeptState } from "@creditbox_base/kept_state";
import { Component, onMounted, onWillStart, useState } from "@odoo/owl";
import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

import { count, decimal, roundMoney, share } from "../amounts";

const WIDTH = 220;
const HEIGHT = 56;
const EDGE = 4;

/** The KPIs of the companies ticked at the end of a month, and how they got there. */
export class Kpi extends Component {
    static template = "creditbox_console.Kpi";
    static components = { Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.count = count;
        this.share = share;
        this.display = { controlPanel: {} };
        const { kept, scroll } = useKeptState(() => this.kept);
        this.state = useState({ page: null, tables: kept.tables || {} });
        onWillStart(() => this.load(kept.day || false));
        onMounted(scroll);
    }

    /** What going back to the page finds again. */
    get kept() {
        return { day: this.state.page?.day, tables: this.state.tables };
    }

    async load(day) {
        this.state.page = await this.orm.call("creditbox.kpi", "load", [day]);
    }

    date(text) {
        return text ? formatDate(deserializeDate(text)) : "";
    }

    month(text) {
        return deserializeDate(text).toFormat("LLL yy");
    }

    monthLong(text) {
        return deserializeDate(text).toFormat("LLLL yyyy");
    }

    money(amount) {
        return roundMoney(amount, this.state.page.currency_id);
    }

    value(tile, value) {
        if (value === false) {
            return "–";
        }
        return tile.percent ? `${decimal(value)} %` : _t("%s days", decimal(value));
    }

    /** On a phone each figure carries the heading of its column. */
    get workloadLabels() {
        return {
            overdue: _t("Overdue"),
            positions: _t("Positions"),
            actions: _t("Actions pending"),
            todo: _t("Activities today"),
            late: _t("Late"),
            done: _t("Done, 30 days"),
        };
    }

    get subtitle() {
        const day = this.date(this.state.page.day);
        return _t("As of %s, from the snapshots of the month ends", day);
    }

    percent(value) {
        return `${decimal(value)} %`;
    }

    /** Better or worse than the month before, in words and colour. */
    change(tile) {
        if (tile.value === false || tile.before === false) {
            return null;
        }
        const difference = tile.value - tile.before;
        if (Math.abs(difference) < 0.05) {
            return { css: "text-muted", icon: "fa-minus", text: _t("as the month before") };
        }
        const better = difference > 0 === tile.more_is_better;
        const sign = difference > 0 ? "+" : "−";
        return {
            css: better ? "text-success" : "text-danger",
            icon: difference > 0 ? "fa-arrow-up" : "fa-arrow-down",
            text: _t("%s on the month before", sign + decimal(Math.abs(difference))),
        };
    }

    /** The course as a line, from the lowest to the highest value. */
    line(tile) {
        const known = tile.course.filter((point) => point.value !== false);
        if (known.length < 2) {
            return null;
        }
        const values = known.map((point) => point.value);
        const low = Math.min(...values);
        const span = Math.max(...values) - low || 1;
        const step = (WIDTH - 2 * EDGE) / (known.length - 1);
        const points = known.map((point, index) => ({
            x: EDGE + index * step,
            y: HEIGHT - EDGE - ((point.value - low) / span) * (HEIGHT - 2 * EDGE),
            text: `${this.month(point.day)}: ${this.value(tile, point.value)}`,
        }));
        return { points, path: points.map(({ x, y }) => `${x},${y}`).join(" ") };
    }

    toggleTable(code) {
        this.state.tables[code] = !this.state.tables[code];
    }

    async open(code, detail = "") {
        const { day } = this.state.page;
        this.action.doAction(
            await this.orm.call("creditbox.kpi", "open_records", [code, day, detail])
        );
    }

    async openWorkload(row, kind) {
        this.action.doAction(
            await this.orm.call("creditbox.kpi", "open_workload", [row.user_id, kind])
        );
    }

    openSnapshots() {
        this.action.doAction("creditbox_console.creditbox_snapshot_action");
    }
}

registry.category("actions").add("creditbox_kpi", Kpi);
