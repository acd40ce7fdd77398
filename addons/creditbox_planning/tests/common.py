from datetime import date

from odoo.fields import Command
from odoo.tests import new_test_user

from odoo.addons.creditbox_utility.tests.common import NOW, UtilityCommon

__all__ = ["NOW", "PlanningCommon"]

# NOW is a Tuesday, ten in the morning
TUESDAY, WEDNESDAY, THURSDAY = date(2026, 6, 30), date(2026, 7, 1), date(2026, 7, 2)
FRIDAY, SATURDAY, MONDAY = date(2026, 7, 3), date(2026, 7, 4), date(2026, 7, 6)
TOWN = (43.6627, 10.6320)


class PlanningCommon(UtilityCommon):
    """A company with two crews, and as many orders as a test wants."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.tz = "Europe/Rome"
        cls.company.resource_calendar_id.tz = "Europe/Rome"
        cls.env["fsm.person"].search([]).active = False
        cls.crew = cls._crew("Crew 1")
        cls.second = cls._crew("Crew 2")
        cls.operator = new_test_user(
            cls.env,
            "planner",
            groups="creditbox_base.group_operator",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        cls.made = 0

    @classmethod
    def _crew(cls, name, **values):
        return cls.env["fsm.person"].create(
            {"name": name, "company_id": cls.company.id, **values}
        )

    @classmethod
    def _order(cls, operation="suspension", state="accepted", **values):
        """An order at a supply of its own, as if it had been asked for.

        What is said of the supply is told apart by its name.
        """
        cls.made += 1
        place = {
            "street": f"Via Roma, {cls.made}",
            "zip": "56025",
            "city": "Pontedera",
            "latitude": TOWN[0] + cls.made * 0.0005,
            "longitude": TOWN[1],
        }
        place.update({name: values.pop(name) for name in place if name in values})
        supply = cls.env["creditbox.supply"].create(
            {
                "code": f"PLAN{cls.made:05d}",
                "company_id": cls.company.id,
                "partner_id": cls.supply.partner_id.id,
                "service_type_id": values.pop("service", cls.heating).id,
                **place,
            }
        )
        location = cls.env["fsm.location"]._creditbox_of(supply)[supply]
        orders = cls.env["fsm.order"].sudo()  # as the buttons make them
        order = orders.create(
            {
                "company_id": cls.company.id,
                "location_id": location.id,
                "creditbox_operation": operation,
                "creditbox_state": state,
                "stage_id": orders._stage_of(state).id,
                "team_id": orders._creditbox_team(cls.company).id,
                "creditbox_supply_id": supply.id,
                "creditbox_requested_at": NOW,
                **values,
            }
        )
        return order.with_env(cls.env)

    def _preview(self, orders=None, first=TUESDAY, days=4, user=None, **values):
        planning = (
            self.env["creditbox.planning"]
            .with_user(user or self.operator)
            .create(
                {
                    "company_id": self.company.id,
                    "order_ids": [Command.set(orders.ids if orders else [])],
                    "date_from": first,
                    "days": days,
                    **values,
                }
            )
        )
        planning.action_preview()
        return planning

    def _plan(self, orders=None, **values):
        planning = self._preview(orders, **values)
        planning.action_confirm()
        return planning

    def _day(self, order):
        return self.company._creditbox_local(order.scheduled_date_start).date()
