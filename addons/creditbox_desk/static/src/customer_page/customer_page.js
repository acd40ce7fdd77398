import { useKeptState } from "@creditbox_base/kept_state";
import { browser } from "@web/core/browser/browser";
import { router } from "@web/core/browser/router";
import { useHotkey } from "@web/core/hotkeys/hotkey_hook";
import { deserializeDate, deserializeDateTime, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { usePager } from "@web/search/pager_hook";
import { formatMonetary } from "@web/views/fields/formatters";
import { getDefaultConfig } from "@web/views/view";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

import { Component, onMounted, onWillStart, useRef, useState, useSubEnv } from "@odoo/owl";

import { LAST_CUSTOMER } from "../last_customer";

const MODEL = "creditbox.customer.page";
// first day of each age, and how it is coloured
const AGES = [
    [181, "over"],
    [91, "180"],
    [61, "90"],
    [31, "60"],
    [1, "30"],
];

/** All of one customer in one company: what is owed, what comes next, what happened. */
export class CustomerPage extends Component {
    static template = "creditbox_desk.CustomerPage";
    static components = { Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        useSubEnv({ config: { ...getDefaultConfig(), ...this.env.config } });
        const params = this.props.action.params || {};
        const { kept, scroll } = useKeptState(() => this.kept);
        // the customers of the list from which the page was opened
        this.list = kept.list || params.list || [];
        this.customer = kept.customer || {
            partner_id: this.props.resId || params.partner_id,
            company_id: params.company_id || false,
        };
        this.state = useState({ page: null, events: [], more: false });
        this.ui = useState({
            filter: kept.filter || false,
            note: kept.note || "",
            open: {},
            noting: Boolean(kept.note),
        });
        this.noteRef = useRef("note");
        onMounted(scroll);
        usePager(() => ({
            offset: Math.max(0, this.index),
            limit: 1,
            total: this.index < 0 ? 0 : this.list.length,
            onUpdate: ({ offset }) => this.show(this.list[offset]),
            isEditable: false,
        }));
        useHotkey("j", () => this.step(1));
        useHotkey("k", () => this.step(-1));
        useHotkey("arrowright", () => this.step(1));
        useHotkey("arrowleft", () => this.step(-1));
        this.filters = [
            [false, _t("All")],
            ["money", _t("Bills and payments")],
            ["messages", _t("Messages")],
            ["calls", _t("Calls")],
            ["steps", _t("Reminders")],
            ["promises", _t("Promises and holds")],
            ["meters", _t("Meters")],
            ["notes", _t("Notes")],
        ];
        onWillStart(() => this.load());
    }

    // -- data -------------------------------------------------------------------

    /** What going back to the page finds again: also a note that was not saved yet. */
    get kept() {
        const { filter, note } = this.ui;
        return { list: this.list, customer: this.customer, filter, note };
    }

    get index() {
        const { partner_id } = this.customer;
        return this.list.findIndex((entry) => entry.partner_id === partner_id);
    }

    get page() {
        return this.state.page;
    }

    get target() {
        return [this.page.partner.id, this.page.company.id];
    }

    async load() {
        const { partner_id, company_id } = this.customer;
        const args = [partner_id, company_id];
        const kwargs = { filter_name: this.ui.filter };
        const [page, timeline] = await Promise.all([
            this.orm.call(MODEL, "get_page", args),
            this.orm.call(MODEL, "get_timeline", args, kwargs),
        ]);
        this.state.page = page;
        this.state.events = timeline.events;
        this.state.more = timeline.more;
        this.env.config.setDisplayName(page.partner.name);
        browser.sessionStorage.setItem(LAST_CUSTOMER, page.partner.id);
        this.props.updateActionState?.({ resId: page.partner.id });
    }

    async loadEvents(filter, more = false) {
        this.ui.filter = filter;
        const timeline = await this.orm.call(MODEL, "get_timeline", this.target, {
            filter_name: filter,
            offset: more ? this.state.events.length : 0,
        });
        const before = more ? this.state.events : [];
        this.state.events = [...before, ...timeline.events];
        this.state.more = timeline.more;
    }

    /** Show another customer of the list. */
    async show(customer) {
        this.customer = customer;
        // Back leads to the list, not through all the customers that were looked at
        router.replaceState({ resId: customer.partner_id }, { sync: true });
        this.props.updateActionState?.({ resId: customer.partner_id });
        Object.assign(this.ui, { filter: false, note: "", open: {}, noting: false });
        await this.load();
    }

    step(by) {
        const next = this.list[this.index + by];
        if (this.index >= 0 && next) {
            return this.show(next);
        }
    }

    // -- what is shown --------------------------------------------------------------

    money(amount) {
        return formatMonetary(amount || 0, { currencyId: this.page.currency_id });
    }

    day(text) {
        return text ? formatDate(deserializeDate(text.slice(0, 10))) : "";
    }

    /** Days come as midnight, moments in UTC. */
    moment(text) {
        if (!text || text.endsWith("T00:00:00")) {
            return this.day(text);
        }
        const moment = deserializeDateTime(text.slice(0, 19).replace("T", " "));
        return `${formatDate(moment)} ${moment.toFormat("HH:mm")}`;
    }

    age(bill) {
        if (bill.residual < 0) {
            return "credit";
        }
        const [, name] = AGES.find(([days]) => bill.days >= days) || [0, "due"];
        return name;
    }

    isLate(text) {
        return text && text.slice(0, 10) < this.page.today;
    }

    get severalSupplies() {
        return new Set(this.page.bills.map((bill) => bill.supply)).size > 1;
    }

    get partlyPaid() {
        return this.page.bills.some((bill) => bill.amount !== bill.residual);
    }

    get firstNext() {
        return this.page.next[0];
    }

    // -- sentences: whole, for whoever translates them ------------------------------

    get sinceText() {
        const { bills: count, since, days } = this.page.totals;
        const words = { count, days, day: this.day(since) };
        return count === 1
            ? _t("1 bill, since %(day)s (%(days)s days)", words)
            : _t("%(count)s bills, since %(day)s (%(days)s days)", words);
    }

    get brokenText() {
        const { broken } = this.page.promise;
        return _t("%s not kept: the next one needs a supervisor", broken);
    }

    lineText(line) {
        const words = { amount: this.money(line.amount), day: this.day(line.date) };
        return _t("%(amount)s by %(day)s", words);
    }

    supplyText(row) {
        return [
            row.not_due && _t("not due %s", this.money(row.not_due)),
            row.credit && _t("credit %s", this.money(row.credit)),
        ]
            .filter(Boolean)
            .join(" · ");
    }

    protectedText(supply) {
        return _t("protected until %s", this.day(supply.protected_until));
    }

    endedText(supply) {
        return _t("ended on %s", this.day(supply.ended));
    }

    /** A step whose day has gone by is taken by the next run. */
    nextDay(day) {
        return day ? this.day(day) : _t("next run");
    }

    billDay(bill) {
        if (bill.held_until) {
            return _t("on hold");
        }
        return this.isLate(bill.next_date) ? _t("next run") : this.day(bill.next_date);
    }

    stepText(bill) {
        return _t("step %s", bill.step);
    }

    moreText(count) {
        return _t("%s more", count);
    }

    allText(count) {
        return _t("%s in all", count);
    }

    mailto(address) {
        return `mailto:${address}`;
    }

    tel(number) {
        return `tel:${number.replace(/[^+\d]/g, "")}`;
    }

    // -- what is done --------------------------------------------------------------------

    /** Call a button of the page; whatever window it opens, look again afterwards. */
    async press(method, ...args) {
        await this.follow(await this.orm.call(MODEL, method, [...this.target, ...args]));
    }

    async mend(check) {
        await this.follow(
            await this.orm.call("creditbox.customer.check", "mend", [
                ...this.target,
                check.code,
                check.id,
            ])
        );
    }

    async follow(action) {
        if (action && action.target === "new") {
            return this.action.doAction(action, { onClose: () => this.load() });
        }
        return action ? this.action.doAction(action) : this.load();
    }

    /** A number was clicked: the telephone rings, the call is noted. */
    call(number) {
        if (this.page.operator) {
            this.press("open_call", number);
        }
    }

    async why(position) {
        await this.follow(await this.orm.call(MODEL, "open_why", [position]));
    }

    open(model, id) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: model,
            res_id: id,
            views: [[false, "form"]],
        });
    }

    openPositions() {
        return this.action.doAction({
            type: "ir.actions.act_window",
            name: this.page.partner.name,
            res_model: "creditbox.position",
            views: [
                [false, "list"],
                [false, "form"],
            ],
            domain: [
                ["partner_id", "=", this.page.partner.id],
                ["company_id", "=", this.page.company.id],
            ],
        });
    }

    openBills() {
        return this.action.doAction({
            type: "ir.actions.act_window",
            name: this.page.partner.name,
            res_model: "account.move",
            views: [
                [false, "list"],
                [false, "form"],
            ],
            domain: [
                ["partner_id", "child_of", this.page.partner.id],
                ["company_id", "=", this.page.company.id],
                ["move_type", "in", ["out_invoice", "out_refund"]],
                ["state", "=", "posted"],
            ],
        });
    }

    statement(kind) {
        const [partner, company] = this.target;
        return this.action.doAction({
            type: "ir.actions.act_url",
            url: `/creditbox/statement/${partner}/${company}/${kind}`,
            target: "download",
        });
    }

    changeCompany(ev) {
        this.customer = {
            partner_id: this.page.partner.id,
            company_id: Number(ev.target.value),
        };
        return this.load();
    }

    startNote() {
        this.ui.noting = true;
        // the field is there after the next rendering
        requestAnimationFrame(() => this.noteRef.el?.focus());
    }

    async saveNote() {
        await this.press("add_note", this.ui.note);
        Object.assign(this.ui, { note: "", noting: false });
    }

    onNoteKey(ev) {
        if (ev.key === "Enter" && (ev.ctrlKey || ev.metaKey)) {
            this.saveNote();
        } else if (ev.key === "Escape") {
            this.ui.noting = false;
        }
    }

    toggle(event, index) {
        if (event.whole) {
            this.ui.open[index] = !this.ui.open[index];
        } else {
            this.open(event.model, event.id);
        }
    }
}

registry.category("actions").add("creditbox_customer", CustomerPage);
