from odoo import api, models
from odoo.fields import Domain

# more changes than this at once are told as "many": the page offers to reload
TOLD_AT_ONCE = 200


class FsmOrder(models.Model):
    """Whose an order is on the portal, and the pages that show its state live.

    Portal users have no right on orders at all: controllers ask here which are theirs
    and then act as the system.
    """

    _inherit = "fsm.order"

    @api.model
    def _portal_supplies(self, user):
        """:return: Domain of the supplies at which the user's firm orders work"""
        clients = (
            self.env["creditbox.order.client"]
            .sudo()  # whose a user is, portal users may not read
            .search(
                [
                    ("partner_id", "=", user.sudo().commercial_partner_id.id),
                    ("company_id", "in", user.sudo().company_ids.ids),
                ]
            )
        )
        return Domain.OR(
            Domain("company_id", "=", client.company_id.id)
            & (
                Domain("service_type_id", "in", client.service_type_ids.ids)
                if client.service_type_ids
                else Domain.TRUE
            )
            for client in clients
        )

    @api.model
    def _portal_domain(self, side, user):
        """:return: Domain of the orders of the user's firm: as client, or contractor"""
        if side == "client":
            supplies = self._portal_supplies(user)
            if supplies.is_false():
                return Domain.FALSE
            return Domain("creditbox_supply_id", "any", supplies)
        user = user.sudo()  # the own firm
        return (
            Domain("creditbox_operation", "!=", False)
            & Domain("company_id", "in", user.company_ids.ids)
            & Domain(
                "person_id.creditbox_contractor_id", "=", user.commercial_partner_id.id
            )
        )

    @api.model
    def _portal_orders(self, side, user, domain=(), **options):
        """:return: fsm.order of the user's firm, as system: see the class"""
        return self.sudo().search(
            self._portal_domain(side, user) & Domain(list(domain)), **options
        )

    # ------------------------------------------------------------------
    # live
    # ------------------------------------------------------------------
    def _enter(self, state, reason=None, **values):
        res = super()._enter(state, reason, **values)
        self._tell_portals()
        return res

    def _tell_portals(self):
        """One message to each portal user of the firms that the orders concern."""
        firms = self._portal_firms()
        users = (
            self.env["res.users"]
            .sudo()  # whoever changes an order need not read users
            .search(
                [
                    ("commercial_partner_id", "in", [firm.id for firm in firms]),
                    ("share", "=", True),
                ]
            )
            if firms
            else ()
        )
        for user in users:
            orders = firms[user.commercial_partner_id].filtered(
                lambda order, user=user: order.company_id in user.company_ids
            )
            if orders:
                self.env["bus.bus"]._sendone(
                    user.partner_id, "creditbox_orders_changed", orders._live_values()
                )

    def _live_values(self):
        if len(self) > TOLD_AT_ONCE:
            return {"many": True, "orders": []}
        return {
            "many": False,
            "orders": [
                {"id": order.id, "state": order.creditbox_state} for order in self
            ],
        }

    def _portal_firms(self):
        """:return: {res.partner: fsm.order that its users see}"""
        orders = self.sudo()  # see the class
        firms = {}
        clients = orders.env["creditbox.order.client"].search(
            [("company_id", "in", orders.company_id.ids)]
        )
        for client in clients:
            firms[client.partner_id] = firms.get(
                client.partner_id, orders.browse()
            ) | orders.filtered(
                lambda order, client=client: (
                    order.company_id == client.company_id
                    and (
                        not client.service_type_ids
                        or order.creditbox_supply_id.service_type_id
                        in client.service_type_ids
                    )
                )
            )
        for firm, theirs in orders.grouped(
            lambda order: order.person_id.creditbox_contractor_id
        ).items():
            if firm:
                firms[firm] = firms.get(firm, orders.browse()) | theirs
        return {firm: theirs for firm, theirs in firms.items() if theirs}
