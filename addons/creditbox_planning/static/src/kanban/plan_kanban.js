import { formatDate } from "@web/core/l10n/dates";
import { registry } from "@web/core/registry";
import { KanbanRenderer } from "@web/views/kanban/kanban_renderer";
import { kanbanView } from "@web/views/kanban/kanban_view";

const { DateTime } = luxon;

/** The board of planned orders: its days are written as people write them. */
export class PlanKanbanRenderer extends KanbanRenderer {
    getGroupsOrRecords() {
        const { list } = this.props;
        if (list.isGrouped && list.groupByField.name === "creditbox_day") {
            for (const group of list.groups.filter((group) => group.value)) {
                const day = DateTime.fromISO(group.value);
                group.displayName = `${day.toFormat("ccc")} ${formatDate(day)}`;
            }
        }
        return super.getGroupsOrRecords();
    }
}

registry.category("views").add("creditbox_plan_kanban", {
    ...kanbanView,
    Renderer: PlanKanbanRenderer,
});
