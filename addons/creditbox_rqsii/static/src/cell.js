import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { IntegerField, integerField } from "@web/views/fields/integer/integer_field";
import { MonetaryField, monetaryField } from "@web/views/fields/monetary/monetary_field";

/** A figure of a sheet that opens the records of which it is the number. */
const opening = (Field) =>
    class extends Field {
        static template = "creditbox_rqsii.Cell";

        setup() {
            super.setup();
            this.orm = useService("orm");
            this.action = useService("action");
        }

        get figure() {
            return this.props.record.data[this.props.name];
        }

        async open() {
            const { resModel, resId } = this.props.record;
            const cell = this.props.name;
            this.action.doAction(
                await this.orm.call(resModel, "action_open_cell", [[resId]], { cell })
            );
        }
    };

registry.category("fields").add("creditbox_cell", {
    ...integerField,
    component: opening(IntegerField),
});
registry.category("fields").add("creditbox_money_cell", {
    ...monetaryField,
    component: opening(MonetaryField),
});
