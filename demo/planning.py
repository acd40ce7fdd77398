"""Crews, areas and a planned week, for the demo."""

from dataclasses import replace
from datetime import date, timedelta

from odoo.fields import Command

# how many more orders there are to be planned, of these operations in turn
MORE = 36
OPERATIONS = ("notice", "check", "notice", "suspension")
CREWS = (
    # name, contractor, works, orders a day
    ("Squadra Arno", None, (), 8),
    ("Squadra Era", None, ("notice", "check", "reactivation", "suspension"), 8),
    ("Contatori Sud 1", "Contatori Sud S.r.l.", ("notice", "check"), 12),
)


def make(env, company):
    """Crews of a company, more orders, and a week planned with them.

    :return: int, how many orders are planned
    """
    env = env(context={**env.context, "lang": "it_IT"})
    crews = _crews(env, company)
    _absence(env, crews[-1:])
    orders = _orders(env, company)
    orders.action_accept()
    planning = env["creditbox.planning"].create(
        {
            "company_id": company.id,
            "days": 7,
            # some are left, to be planned on the screen
            "order_ids": [Command.set(orders[: MORE * 2 // 3].ids)],
        }
    )
    planning.action_preview()
    planning.action_confirm()
    return planning.planned_count


def _crews(env, company):
    works = env["creditbox.work"].search([])
    towns = _towns(env, company)
    areas = (
        env["creditbox.area"]
        .sudo()
        .create(
            {
                "name": "Zona della squadra",
                "company_id": company.id,
                "cities": ", ".join(towns[: len(towns) // 2 + 1]),
            }
        )
    )
    crews = env["fsm.person"].sudo()
    for name, contractor, operations, orders in CREWS:
        crews |= crews.create(
            {
                "name": f"{name} – {company.name.split()[0]}",
                "company_id": company.id,
                "creditbox_contractor_id": _contractor(env, contractor),
                "creditbox_work_ids": [
                    Command.set(
                        works.filtered(lambda w, o=operations: w.operation in o).ids
                    )
                ],
                "creditbox_area_ids": [Command.set(areas.ids if contractor else [])],
                "creditbox_day_orders": orders,
            }
        )
    return crews


def _contractor(env, name):
    if not name:
        return False
    partners = env["res.partner"].sudo()
    found = partners.search([("name", "=", name), ("is_company", "=", True)], limit=1)
    return (found or partners.create({"name": name, "is_company": True})).id


def _towns(env, company):
    groups = env["creditbox.supply"]._read_group(
        [("company_id", "=", company.id), ("city", "!=", False)],
        ["city"],
        ["__count"],
        order="__count desc, city",
    )
    return [city for city, _count in groups]


def _absence(env, crew):
    env["creditbox.absence"].sudo().create(
        {
            "crew_id": crew.id,
            "date_from": date.today() + timedelta(days=9),
            "date_to": date.today() + timedelta(days=11),
            "note": "Corso sulla sicurezza",
        }
    )


def _orders(env, company):
    """Asked for as people do, but on one day: what the law asks before is left out.

    Whoever owes nothing has a visit to check the meter.
    """
    orders = env["fsm.order"]
    under_way = orders.search([("company_id", "=", company.id)])
    positions = env["creditbox.position"].search(
        [
            ("company_id", "=", company.id),
            ("supply_id.meter_id.meter_state_id.supplied", "=", True),
            ("supply_id", "not in", under_way.creditbox_supply_id.ids),
        ],
        order="oldest_due_date, id",
        limit=MORE,
    )
    for turn, operation in enumerate(OPERATIONS):
        for demand in orders._demands_by_hand(
            positions[turn :: len(OPERATIONS)], operation
        ):
            if demand.amount <= 0:
                demand = replace(demand, operation="check")
            orders |= orders._request([demand], "operator")
    return orders
