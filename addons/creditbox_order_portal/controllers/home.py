from odoo.http import request

from .common import FieldPortal


class FieldPortalHome(FieldPortal):
    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        orders = request.env["fsm.order"]
        for side in ("client", "contractor"):
            name = f"creditbox_{side}_order_count"
            if name in counters:
                domain = orders._portal_domain(side, request.env.user)
                values[name] = orders.sudo().search_count(domain)  # the own ones
        return values
