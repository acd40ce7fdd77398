"""Orders at the meter made by thousands, as the action table makes them.

Beside them Odoo's plain `create`: of a place, and of an order, one after the other.
"""

import resource
import time

import bulk

SIZE = 2_000
FULL = 10_000
BATCH = 200  # as a run hands them over
BASELINE = 50


def run(env_factory, size):
    with env_factory() as env:
        company = bulk.company(env, f"Bench orders {size}")
        bulk.bills(env, company, int((size + BASELINE) * bulk.BILLS_A_POSITION))
        positions = env["creditbox.position"].search(
            [("company_id", "=", company.id), ("supply_id", "!=", False)]
        )
        env.cr.commit()
        taken, queries = 0, 0
        for start in range(0, size, BATCH):
            batch = positions[start : min(start + BATCH, size)]
            seconds, asked = _make(env, batch)
            taken, queries = taken + seconds, queries + asked
        made = env["fsm.order"].search_count([("company_id", "=", company.id)])
        assert made == size, (made, size)
        baseline = _baseline(env, positions[size : size + BASELINE])
    per_unit = taken / size * 1000
    yield {
        "bench": "orders",
        "n": size,
        "unit": "order",
        "seconds": round(taken, 2),
        "per_unit_ms": round(per_unit, 2),
        "queries_per_unit": round(queries / size, 2),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "baseline": "create of a place and an order, one by one",
        "baseline_per_unit_ms": round(baseline, 2),
        "ratio": round(per_unit / baseline, 2),
    }


def _make(env, positions):
    """Ask for suspensions, as by hand: debt, law, orders; one transaction."""
    env.invalidate_all()
    positions = positions.with_prefetch()
    asked, started = env.cr.sql_log_count, time.perf_counter()
    orders = env["fsm.order"]
    orders._lock_debts(positions)
    demands = orders._demands_by_hand(positions, "suspension")
    # these debts have no legal chain: the question is asked, its answer left aside
    refusals = env["creditbox.lawfulness"]._refusals(demands)
    assert all(refusals)
    orders._request(demands, "operator")
    env.cr.commit()
    return time.perf_counter() - started, env.cr.sql_log_count - asked


def _baseline(env, positions):
    """:return: milliseconds of an order"""
    started = time.perf_counter()
    for position in positions:
        place = env["fsm.location"].create({"name": position.supply_id.name})
        env["fsm.order"].create(
            {"location_id": place.id, "company_id": position.company_id.id}
        )
        env.cr.commit()
    return (time.perf_counter() - started) / len(positions) * 1000
