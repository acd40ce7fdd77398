import { useEffect } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { listView } from "@web/views/list/list_view";

import { LAST_CUSTOMER } from "../last_customer";

const ROWS = ".o_data_row, .o_kanban_record:not(.o_kanban_ghost)";

/** The records in the order in which they are shown, also of a grouped list. */
function shownRecords(root) {
    if (!root.isGrouped) {
        return root.records;
    }
    return root.groups.flatMap((group) => (group.list ? shownRecords(group.list) : []));
}

/**
 * A row of My Day opens its customer's page, which then goes on through the list. Whoever
 * comes back, by breadcrumb or by the browser's Back, stands where he left: on the page of
 * the list that he had turned to, at the customer whom he looked at last.
 */
const opensCustomers = (Controller) =>
    class extends Controller {
        setup() {
            super.setup();
            this.customerAction = useService("action");
            this.customerOrm = useService("orm");
            useSetupAction({
                getGlobalState: () => ({ creditboxOffset: this.model.root.offset || 0 }),
            });
            // Odoo shows the page before its rows are there
            useEffect(
                (ready) => ready && this.goToLastCustomer(),
                () => [this.model.isReady]
            );
        }

        get modelParams() {
            const params = super.modelParams;
            const offset = this.props.globalState?.creditboxOffset;
            // Odoo itself knows the page where it remembers the state of the list
            if (offset && !this.props.state?.modelState) {
                params.config.offset = offset;
            }
            return params;
        }

        goToLastCustomer() {
            const last = Number(browser.sessionStorage.getItem(LAST_CUSTOMER));
            browser.sessionStorage.removeItem(LAST_CUSTOMER);
            const records = shownRecords(this.model.root);
            const record = records.find(({ data }) => data.partner_id?.id === last);
            const rows = [...this.rootRef.el.querySelectorAll(ROWS)];
            const row = record && rows.find((el) => el.dataset.id === record.id);
            if (row) {
                row.classList.add("o_creditbox_last");
                row.scrollIntoView({ block: "center" });
                const cell = row.querySelector("td[tabindex], [tabindex]") || row;
                cell.focus({ preventScroll: true });
            }
        }

        async openRecord(record) {
            const list = [];
            const seen = new Set();
            for (const { data } of shownRecords(this.model.root)) {
                if (data.partner_id && !seen.has(data.partner_id.id)) {
                    seen.add(data.partner_id.id);
                    list.push({
                        partner_id: data.partner_id.id,
                        company_id: data.company_id.id,
                    });
                }
            }
            const customer = await this.customerOrm.call(
                "creditbox.task",
                "action_open_page",
                [[record.resId]]
            );
            Object.assign(customer.params, { list });
            return this.customerAction.doAction(customer);
        }
    };

registry.category("views").add("creditbox_task_list", {
    ...listView,
    Controller: opensCustomers(listView.Controller),
});
registry.category("views").add("creditbox_task_kanban", {
    ...kanbanView,
    Controller: opensCustomers(kanbanView.Controller),
});
