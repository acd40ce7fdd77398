import { onMounted, onPatched, toRaw, useComponent } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { useSetupAction } from "@web/search/action_hook";

/** A copy that the browser's history can hold: no proxies, no functions. */
function plain(state) {
    return JSON.parse(JSON.stringify(toRaw(state)));
}

/**
 * A page (client action) comes back as it was left: by breadcrumb, by the browser's Back
 * and Forward, and after a reload.
 *
 * Odoo keeps a "global state" of each action in the entry of the browser's history and
 * hands it back as a prop; of client actions it does so only where they ask for it.
 *
 * @param {() => object} read what is to be found again, as plain data
 * @returns {{ kept: object, scroll: () => void }} what was left, empty on a first visit;
 *  and how to go back to the place on the page, once what is to be seen is there
 */
export function useKeptState(read) {
    const component = useComponent();
    const { action } = component.env.services;
    const { globalState, updateActionState } = component.props;
    // after a reload nothing is on the screen yet, and the history knows the page
    const reloaded = !action.currentController && browser.history.state?.nextState;
    const kept = globalState || (reloaded && reloaded.globalState) || {};
    let known = JSON.stringify(kept);

    const page = () => document.querySelector(".o_action_manager > .o_action");
    const scrollers = () => [page(), page()?.querySelector(":scope > .o_content")];
    const place = () => Math.max(0, ...scrollers().map((el) => el?.scrollTop || 0));

    function keep() {
        const now = JSON.stringify(read());
        if (now !== known) {
            known = now;
            updateActionState?.({ globalState: JSON.parse(now) });
        }
    }

    onMounted(keep);
    onPatched(keep);
    useSetupAction({ getGlobalState: () => ({ ...plain(read()), place: place() }) });

    let toReach = kept.place || 0;
    return {
        kept,
        scroll() {
            for (const el of toReach ? scrollers() : []) {
                el?.scrollTo({ top: toReach });
            }
            toReach = 0;
        },
    };
}
