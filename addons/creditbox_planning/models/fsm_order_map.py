from odoo import api, fields, models
from odoo.fields import Domain

from .fsm_order import MOVABLE

SHOWN = 2000  # orders on the map at once
ON_MAP = (*MOVABLE, "on_site", "done", "not_executable", "stopped")


class FsmOrder(models.Model):
    """What the map shows: a day's orders, and those that wait for a crew."""

    _inherit = "fsm.order"

    @api.model
    def get_map(self, day=None, area_id=None):
        """Return the orders of a day and those that wait, with where they are.

        :param day: str, ISO date; None: today where the user's company is
        :param area_id: int, an area whose outline is shown
        :return: dict of plain values
        """
        company = self.env.company
        day = day or company._creditbox_today().isoformat()
        ours = Domain("company_id", "in", self.env.companies.ids) & Domain(
            "creditbox_operation", "!=", False
        )
        of_day = Domain("creditbox_day", "=", day) & Domain(
            "creditbox_state", "in", ON_MAP
        )
        waiting = Domain("creditbox_state", "in", ("requested", "accepted")) & (
            Domain("person_id", "=", False) | Domain("creditbox_day", "=", False)
        )
        orders = self.search(
            ours & of_day,
            order="person_id, creditbox_route_sequence, scheduled_date_start, id",
            limit=SHOWN,
        )
        left = self.search(
            ours & waiting, order="creditbox_deadline, priority desc, id", limit=SHOWN
        )
        total = self.search_count(ours & waiting)
        crews = self.env["fsm.person"].search(
            [("company_id", "in", [False, *self.env.companies.ids])]
        )
        crews |= orders.person_id
        areas = self.env["creditbox.area"].search([("outline", "!=", False)])
        return {
            "day": day,
            "orders": orders._map_values(),
            "waiting": left._map_values(),
            "waiting_total": total,
            "crews": [
                {
                    "id": crew.id,
                    "name": crew.name,
                    "contractor": crew.creditbox_contractor_id.name or "",
                    "limit": crew.creditbox_day_orders,
                }
                for crew in crews
            ],
            "areas": [
                {"id": area.id, "name": area.name, "corners": area._corners()}
                for area in areas
            ],
            "area": self.env["creditbox.area"].browse(area_id).name or "",
            "states": self._fields["creditbox_state"]._description_selection(self.env),
            "may_plan": self.env.user.has_group("creditbox_base.group_operator"),
        }

    def _map_values(self):
        """:return: list of dict; records are read together"""
        self.fetch(["creditbox_supply_id", "person_id", "creditbox_state"])
        operations = dict(
            self._fields["creditbox_operation"]._description_selection(self.env)
        )
        values = []
        for order in self:
            supply = order.creditbox_supply_id
            values.append(
                {
                    "id": order.id,
                    "name": order.name,
                    "operation": order.creditbox_operation,
                    "label": operations[order.creditbox_operation],
                    "state": order.creditbox_state,
                    "crew": order.person_id.id,
                    "sequence": order.creditbox_route_sequence,
                    "street": supply.street or "",
                    "city": supply.city or "",
                    "position": [supply.latitude, supply.longitude]
                    if supply.latitude or supply.longitude
                    else None,
                    "start": order._map_hour(),
                    "deadline": fields.Date.to_string(order.creditbox_deadline) or "",
                    "late": order.creditbox_late,
                    "customer": order.creditbox_partner_id.display_name or "",
                }
            )
        return values

    def _map_hour(self):
        if not self.scheduled_date_start:
            return ""
        local = self.company_id._creditbox_local(self.scheduled_date_start)
        return self._clock(local.hour * 60 + local.minute)
