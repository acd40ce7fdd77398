import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { listView } from "@web/views/list/list_view";

/** The records in the order in which they are shown, also of a grouped list. */
function shownRecords(root) {
    if (!root.isGrouped) {
        return root.records;
    }
    return root.groups.flatMap((group) => (group.list ? shownRecords(group.list) : []));
}

/** A row of My Day opens its customer's page, which then goes on through the list. */
const opensCustomers = (Controller) =>
    class extends Controller {
        setup() {
            super.setup();
            this.customerAction = useService("action");
            this.customerOrm = useService("orm");
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
