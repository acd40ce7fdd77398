import { Component, onWillStart } from "@odoo/owl";
import { DefaultCommandItem } from "@web/core/commands/command_palette";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";

export const NAMESPACE = "*";
const SHORTEST = 3;

/** A customer, a supply, a meter or a bill that was found. */
export class FoundItem extends Component {
    static template = "creditbox_search.FoundItem";
    static props = {
        ...DefaultCommandItem.props,
        detail: { type: String },
        amount: { type: [String, Boolean] },
    };
}

function category(model) {
    return `creditbox_search.${model}`;
}

async function provide(env, { searchValue = "" }) {
    if (searchValue.trim().length < SHORTEST) {
        return [];
    }
    const { action, orm } = env.services;
    const open = async (method, args) => {
        action.doAction(await orm.call("creditbox.search", method, args));
    };
    const commands = [];
    for (const { model, label, records, more } of await orm.call(
        "creditbox.search",
        "find",
        [searchValue]
    )) {
        for (const { id, name, detail, amount } of records) {
            commands.push({
                name,
                category: category(model),
                Component: FoundItem,
                props: { name, detail, amount },
                action: () => void open("open", [model, id]),
            });
        }
        if (more) {
            commands.push({
                name: _t("%s: see all", label),
                category: category(model),
                action: () => void open("open_all", [model, searchValue]),
            });
        }
    }
    return commands;
}

registry.category("command_setup").add(NAMESPACE, {
    debounceDelay: 200,
    emptyMessage: _t("Nothing found. Three characters at least: all the words, in any order."),
    name: _t("customers, supplies, meters, bills"),
    placeholder: _t("Name, tax code, POD/PDR, meter, bill, phone, address…"),
});
const categories = registry.category("command_categories");
categories.add(
    category("res.partner"),
    { namespace: NAMESPACE, name: _t("Customers") },
    { sequence: 10 }
);
categories.add(
    category("creditbox.supply"),
    { namespace: NAMESPACE, name: _t("Supplies") },
    { sequence: 20 }
);
categories.add(
    category("creditbox.meter"),
    { namespace: NAMESPACE, name: _t("Meters") },
    { sequence: 30 }
);
categories.add(
    category("account.move"),
    { namespace: NAMESPACE, name: _t("Bills") },
    { sequence: 40 }
);
registry
    .category("command_provider")
    .add("creditbox_search", { namespace: NAMESPACE, provide });

/** The box in the bar at the top: it opens the palette. */
export class SearchBox extends Component {
    static template = "creditbox_search.SearchBox";
    static props = {};

    setup() {
        this.command = useService("command");
        onWillStart(async () => {
            this.isShown = await user.hasGroup("creditbox_base.group_reader");
        });
    }

    open() {
        this.command.openMainPalette({ searchValue: NAMESPACE, FooterComponent: undefined });
    }
}

registry
    .category("systray")
    .add("creditbox_search.SearchBox", { Component: SearchBox }, { sequence: 200 });
