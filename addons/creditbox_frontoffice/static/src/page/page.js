import { Component, onWillStart, useState } from "@odoo/owl";
import { formatDate, deserializeDate } from "@web/core/l10n/dates";
import { formatInteger } from "@web/views/fields/formatters";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

/** The front office at a glance: figures that open their lists, and the monitors. */
export class FrontofficePage extends Component {
    static template = "creditbox_frontoffice.Page";
    static components = { Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.display = { controlPanel: {} };
        this.count = (value) => formatInteger(value);
        this.state = useState({ page: null });
        onWillStart(() => this.load());
    }

    async load() {
        this.state.page = await this.orm.call("creditbox.frontoffice.page", "load", []);
    }

    get day() {
        return formatDate(deserializeDate(this.state.page.day));
    }

    async open(code, detail = false) {
        this.action.doAction(
            await this.orm.call("creditbox.frontoffice.page", "open", [code, detail])
        );
    }

    newRequest() {
        this.action.doAction("creditbox_frontoffice.creditbox_request_action", {
            viewType: "form",
        });
    }

    openQueue() {
        this.action.doAction("creditbox_frontoffice.creditbox_counter_ticket_action");
    }
}

registry.category("actions").add("creditbox_frontoffice_page", FrontofficePage);
