"""Orders at the meter planned in one press: preview, then confirm.

Beside it Odoo's plain `create` and `write` on fsm.order, one after the other, with
nothing looked at: no skill, no area, no law, no route.
"""

import resource
import time
from datetime import timedelta

import bulk

from odoo import fields
from odoo.fields import Command
from odoo.tools import SQL

SIZE = 2_000
FULL = 10_000
BATCH = 500
BASELINE = 50
ORDERS_A_CREW = 250  # in the days that are planned
DAYS = 21


def run(env_factory, size):
    with env_factory() as env:
        company = bulk.company(env, f"Bench planning {size}")
        company.partner_id.tz = "Europe/Rome"
        _crews(env, company, max(size // ORDERS_A_CREW, 1))
        orders = _orders(env, company, size + BASELINE)
        env.cr.commit()
        asked = orders[:size]
        queries, started = env.cr.sql_log_count, time.perf_counter()
        planning = env["creditbox.planning"].create(
            {
                "company_id": company.id,
                "days": DAYS,
                "order_ids": [Command.set(asked.ids)],
            }
        )
        planning.action_preview()
        preview = time.perf_counter() - started
        planning.action_confirm()
        env.cr.commit()
        taken = time.perf_counter() - started
        queries = env.cr.sql_log_count - queries
        assert planning.planned_count + planning.unplanned_count == size
        assert planning.planned_count > size * 0.9, planning.unplanned_ids[0].reason
        baseline = _baseline(env, orders[size:])
    per_unit = taken / size * 1000
    yield {
        "bench": "planning",
        "n": size,
        "unit": "order",
        "seconds": round(taken, 2),
        "preview_seconds": round(preview, 2),
        "planned": planning.planned_count,
        "per_unit_ms": round(per_unit, 2),
        "queries_per_unit": round(queries / size, 3),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "baseline": "create and write of an order, one by one",
        "baseline_per_unit_ms": round(baseline, 2),
        "ratio": round(per_unit / baseline, 2),
    }


def _crews(env, company, count):
    env["fsm.person"].create(
        [
            {"name": f"Crew {number}", "company_id": company.id}
            for number in range(count)
        ]
    )


def _orders(env, company, count):
    """Orders in a town of 20 by 20 km, ten to a street; every fortieth has a term."""
    bulk.bills(env, company, int(count * bulk.BILLS_A_POSITION))
    positions = env["creditbox.position"].search(
        [("company_id", "=", company.id), ("supply_id", "!=", False)], limit=count
    )
    env.cr.execute(
        SQL(
            """
            UPDATE creditbox_supply
               SET latitude = 43.6 + (id / 10 * 7919 %% 1000) / 5000.0 + id %% 10 / 1e4,
                   longitude = 10.6 + (id / 10 * 104729 %% 1000) / 4000.0,
                   street = 'Via ' || id / 10 || ', ' || id %% 10,
                   zip = '56025', city = 'Pontedera'
             WHERE company_id = %s
            """,
            company.id,
        )
    )
    env.invalidate_all()
    orders = env["fsm.order"]
    for start in range(0, len(positions), BATCH):
        batch = positions[start : start + BATCH].with_prefetch()
        demands = orders._demands_by_hand(batch, "suspension")
        orders |= orders._request(demands, "operator")
        env.cr.commit()
    bound = orders[::40]
    bound.sudo().write(
        {
            "creditbox_operation": "reactivation",
            "creditbox_deadline": fields.Date.today() + timedelta(days=3),
        }
    )
    return orders


def _baseline(env, orders):
    """:return: milliseconds of an order"""
    crew = env["fsm.person"].search([], limit=1)
    start = fields.Datetime.now()
    started = time.perf_counter()
    for order in orders:
        made = env["fsm.order"].create(
            {"location_id": order.location_id.id, "company_id": order.company_id.id}
        )
        made.write(
            {
                "person_id": crew.id,
                "scheduled_date_start": start,
                "scheduled_duration": 0.5,
                "stage_id": order._stage_of("planned").id,
            }
        )
        env.cr.commit()
    return (time.perf_counter() - started) / len(orders) * 1000
