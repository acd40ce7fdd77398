import { Component, onWillStart, useEffect, useState } from "@odoo/owl";
import { useKeptState } from "@creditbox_base/kept_state";
import { DateTimeInput } from "@web/core/datetime/datetime_input";
import { download } from "@web/core/network/download";
import {
    deserializeDate,
    deserializeDateTime,
    formatDate,
    formatDateTime,
    serializeDate,
    today,
} from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

import { count, money, roundMoney, share } from "../amounts";

const PAGE = 20;
const CUT_SHOWN = 6;

/** What is owed to the companies ticked, by age and cut, and by whom. */
export class Console extends Component {
    static template = "creditbox_console.Console";
    static components = { DateTimeInput, Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.count = count;
        this.share = share;
        this.display = { controlPanel: {} };
        this.last = new KeepLast();
        this.lastCustomers = new KeepLast();
        const { kept, scroll } = useKeptState(() => this.kept);
        const { snapshot = false } = this.props.action.params || {};
        this.state = useState({
            filters: kept.filters || {},
            asOf: kept.asOf || false,
            snapshot: kept.snapshot ?? snapshot,
            order: kept.order || { name: "amount_overdue", asc: false },
            offset: kept.offset || 0,
            figures: null,
            customers: null,
            feeds: [],
            exposures: [],
            opened: kept.opened || {},
            busy: false,
            exporting: false,
        });
        onWillStart(async () => {
            this.loadFeeds();
            this.loadExposures();
            await this.load(this.state.offset);
        });
        // the customers are what makes the page long: only then is there a place to go to
        useEffect(
            (there) => there && scroll(),
            () => [Boolean(this.state.customers)]
        );
    }

    /** What going back to the page finds again. */
    get kept() {
        const { filters, asOf, snapshot, order, offset, opened } = this.state;
        return { filters, asOf, snapshot, order, offset, opened };
    }

    get params() {
        const { filters, asOf, snapshot } = this.state;
        return { filters, as_of: asOf, snapshot };
    }

    get orderText() {
        const { name, asc } = this.state.order;
        return `${name} ${asc ? "asc" : "desc"}`;
    }

    /** @param {number} [offset] of the customers: a new question begins with the first */
    async load(offset = 0) {
        this.state.busy = true;
        this.state.offset = offset;
        try {
            // the figures are there before the customers: two questions at once
            const customers = this.state.asOf ? null : this.loadCustomers();
            this.state.figures = await this.last.add(
                this.orm.call("creditbox.console", "load", [this.params])
            );
            // of a past day the first question has made what the second one reads
            if (!customers) {
                this.loadCustomers();
            }
        } finally {
            this.state.busy = false;
        }
    }

    async loadCustomers() {
        this.state.customers = await this.lastCustomers.add(
            this.orm.call("creditbox.console", "customers", [
                this.params,
                this.orderText,
                this.state.offset,
                PAGE,
            ])
        );
    }

    async loadFeeds() {
        this.state.feeds = await this.orm.call("creditbox.console", "feeds", []);
    }

    async loadExposures() {
        this.state.exposures = await this.orm.call("creditbox.console", "exposures", []);
    }

    // -- how figures are written -----------------------------------------------------

    money(amount) {
        return money(amount, this.state.figures.currency_id);
    }

    roundMoney(amount) {
        return roundMoney(amount, this.state.figures.currency_id);
    }

    date(text) {
        return text ? formatDate(deserializeDate(text)) : "";
    }

    get asOfText() {
        const { day, past, made, snapshot } = this.state.figures;
        if (snapshot) {
            return _t("Snapshot of %s", this.date(day));
        }
        if (!past) {
            return _t("Today, %s", this.date(day));
        }
        const moment = formatDateTime(deserializeDateTime(made));
        return _t("As of %(day)s, computed %(moment)s", { day: this.date(day), moment });
    }

    get tiles() {
        const { totals } = this.state.figures;
        const customers = this.state.customers;
        return [
            {
                kind: "overdue",
                label: _t("Overdue"),
                text: this.roundMoney(totals.amount_overdue),
                exact: this.money(totals.amount_overdue),
                css: "danger",
            },
            {
                kind: "not_due",
                label: _t("Falling due"),
                text: this.roundMoney(totals.amount_not_due),
                exact: this.money(totals.amount_not_due),
                css: "info",
            },
            {
                kind: "credit",
                label: _t("Credits to allocate"),
                text: this.roundMoney(totals.amount_credit),
                exact: this.money(totals.amount_credit),
                css: "success",
            },
            {
                kind: "held",
                label: _t("Overdue on hold"),
                text: this.roundMoney(totals.amount_held),
                exact: this.money(totals.amount_held),
                css: "warning",
            },
            {
                kind: false,
                label: _t("Customers overdue"),
                text: customers ? count(customers.overdue_count) : "…",
                exact: customers ? _t("of %s with something open", count(customers.count)) : "",
                css: "secondary",
            },
        ];
    }

    get bucketGroups() {
        const largest = Math.max(...this.state.figures.buckets.map((b) => b.amount), 0);
        const group = (overdue, label) => ({
            label,
            overdue,
            buckets: this.state.figures.buckets
                .filter((bucket) => bucket.overdue === overdue)
                .map((bucket) => ({
                    ...bucket,
                    height: share(bucket.amount, largest),
                    active: this.isFiltered("bucket_id", bucket.ids[0]),
                })),
        });
        return [group(false, _t("Falling due")), group(true, _t("Overdue"))].filter(
            (found) => found.buckets.length
        );
    }

    cutRows(cut) {
        const rows = this.state.opened[cut.dimension]
            ? cut.rows
            : cut.rows.slice(0, CUT_SHOWN);
        const largest = Math.max(...cut.rows.map((row) => this.owed(row)), 0);
        return rows.map((row) => ({
            ...row,
            overdueShare: row.amount_overdue ? share(row.amount_overdue, largest) : 0,
            notDueShare: row.amount_not_due ? share(row.amount_not_due, largest) : 0,
            active: this.isFiltered(cut.dimension, row.value),
        }));
    }

    owed(row) {
        return row.amount_overdue + row.amount_not_due;
    }

    get leftOutText() {
        const names = this.state.figures.left_out.join(", ");
        return "· " + _t("Not added up, other currency: %s", names);
    }

    moreText(cut) {
        return _t("Show %s more", this.more(cut));
    }

    more(cut) {
        return Math.max(cut.rows.length - CUT_SHOWN, 0);
    }

    toggleMore(cut) {
        this.state.opened[cut.dimension] = !this.state.opened[cut.dimension];
    }

    get worstFeed() {
        const states = this.state.feeds.map((feed) => feed.state);
        return ["red", "amber", "green"].find((state) => states.includes(state));
    }

    get feedText() {
        return {
            red: _t("Data not up to date: reminders are held"),
            amber: _t("Data not up to date: somebody answers for it"),
            green: _t("Data up to date"),
        }[this.worstFeed];
    }

    get feedDetails() {
        return this.state.feeds
            .filter((feed) => feed.problems.length)
            .map((feed) => `${feed.company}: ${feed.problems.join("; ")}`)
            .join("\n");
    }

    // -- filters -----------------------------------------------------------------------

    isFiltered(dimension, value) {
        return (this.state.filters[dimension] || []).includes(value);
    }

    /** Values that are one for the reader (a bucket of several companies) go together. */
    toggleFilter(dimension, values) {
        const chosen = this.state.filters[dimension] || [];
        this.state.filters[dimension] = chosen.includes(values[0])
            ? chosen.filter((value) => !values.includes(value))
            : [...chosen, ...values];
        if (!this.state.filters[dimension].length) {
            delete this.state.filters[dimension];
        }
        return this.load();
    }

    toggleKind(kind) {
        const active = this.isFiltered("kind", kind);
        this.state.filters.kind = active ? [] : [kind];
        if (active) {
            delete this.state.filters.kind;
        }
        return this.load();
    }

    removeFilter(dimension) {
        delete this.state.filters[dimension];
        return this.load();
    }

    clearFilters() {
        this.state.filters = {};
        return this.load();
    }

    // -- the day -----------------------------------------------------------------------

    get asOfValue() {
        return this.state.asOf ? deserializeDate(this.state.asOf) : today();
    }

    get maxDate() {
        return today();
    }

    setAsOf(date) {
        const day = date && date < today() ? serializeDate(date) : false;
        if (day !== this.state.asOf || this.state.snapshot) {
            this.state.asOf = day;
            this.state.snapshot = false;
            this.load();
        }
    }

    // -- customers ---------------------------------------------------------------------

    get daysLabel() {
        return _t("Days");
    }

    get columns() {
        return [
            { name: "amount_overdue", label: _t("Overdue"), css: "fw-bold" },
            { name: "amount_held", label: _t("On hold"), css: "o_creditbox_wide" },
            { name: "amount_not_due", label: _t("Falling due"), css: "" },
            { name: "amount_credit", label: _t("Credits"), css: "o_creditbox_wide" },
            { name: "amount_balance", label: _t("Balance"), css: "" },
        ];
    }

    sortState(name) {
        const { order } = this.state;
        return order.name !== name ? "none" : order.asc ? "ascending" : "descending";
    }

    sort(name) {
        const { order } = this.state;
        const first = name === "name" || name === "oldest";
        this.state.order = { name, asc: order.name === name ? !order.asc : first };
        this.state.offset = 0;
        return this.loadCustomers();
    }

    get pageText() {
        const { rows, count: total } = this.state.customers;
        if (!rows.length) {
            return count(0);
        }
        const first = count(this.state.offset + 1);
        const last = count(this.state.offset + rows.length);
        return _t("%(first)s–%(last)s of %(total)s", { first, last, total: count(total) });
    }

    get isLastPage() {
        return this.state.offset + PAGE >= this.state.customers.count;
    }

    turn(step) {
        this.state.offset = Math.max(this.state.offset + step * PAGE, 0);
        return this.loadCustomers();
    }

    /** The page goes on through the customers that are shown here. */
    async openCustomer(customer) {
        const page = await this.orm.call("res.partner", "action_open_creditbox_page", [
            [customer.id],
        ]);
        const list = this.state.customers.rows.map(({ id }) => ({
            partner_id: id,
            company_id: false,
        }));
        this.action.doAction({ ...page, params: { ...page.params, list } });
    }

    // -- one click to the records --------------------------------------------------------

    async open(method, partnerId = false) {
        this.action.doAction(
            await this.orm.call("creditbox.console", method, [this.params, partnerId])
        );
    }

    async openExposure(code, detail) {
        this.action.doAction(
            await this.orm.call("creditbox.console", "open_exposure", [code, detail])
        );
    }

    billsText(number) {
        return number === 1 ? _t("1 bill") : _t("%s bills", count(number));
    }

    async exportXlsx() {
        this.state.exporting = true;
        try {
            await download({
                url: "/creditbox/console.xlsx",
                data: {
                    data: JSON.stringify({
                        params: this.params,
                        order: this.orderText,
                        companies: user.activeCompanies.map((company) => company.id),
                    }),
                },
            });
        } finally {
            this.state.exporting = false;
        }
    }
}

registry.category("actions").add("creditbox_console", Console);
