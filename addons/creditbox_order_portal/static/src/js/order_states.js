import {registry} from "@web/core/registry";
import {Interaction} from "@web/public/interaction";

/** States that change under the eyes of whoever looks, told by Odoo's bus. */
export class OrderStates extends Interaction {
    static selector = ".o_creditbox_live";

    setup() {
        this.labels = JSON.parse(this.el.dataset.states);
        this.bus = this.services.bus_service;
        this.onChanged = (payload) => this.show(payload);
    }

    start() {
        this.bus.subscribe("creditbox_orders_changed", this.onChanged);
        this.bus.start();
        this.registerCleanup(() =>
            this.bus.unsubscribe("creditbox_orders_changed", this.onChanged)
        );
    }

    show({many, orders}) {
        let told = many;
        for (const {id, state} of orders) {
            const badges = this.el.querySelectorAll(`[data-order-id="${id}"]`);
            for (const badge of badges) {
                badge.textContent = this.labels[state];
                badge.className = `o_creditbox_state is_${state}`;
            }
            // an order that is not on the page, or a page that says more than its state
            told ||= !badges.length || Boolean(this.el.dataset.detail);
        }
        const news = this.el.querySelector(".o_creditbox_news");
        if (told && news) {
            news.classList.remove("d-none");
        }
    }
}

registry
    .category("public.interactions")
    .add("creditbox_order_portal.order_states", OrderStates);
