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
        _supplies(env, company)
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


def _supplies(env, company):
    """Give each customer a supply with a meter, and his bills to it."""
    env.cr.execute(
        """
        INSERT INTO creditbox_meter (serial, company_id, meter_type_id,
               meter_state_id, active)
        SELECT 'B' || %(company)s || '-' || partner_id, %(company)s, %(type)s,
               %(state)s, TRUE
          FROM creditbox_position WHERE company_id = %(company)s;
        INSERT INTO creditbox_supply (code, company_id, partner_id, service_type_id,
               meter_id, street, city, active)
        SELECT 'B' || %(company)s || '-' || p.partner_id, %(company)s, p.partner_id,
               %(service)s, m.id, 'Via Roma ' || p.id, 'Pontedera', TRUE
          FROM creditbox_position p
          JOIN creditbox_meter m ON m.serial = 'B' || %(company)s || '-' || p.partner_id
         WHERE p.company_id = %(company)s;
        UPDATE account_move m SET creditbox_supply_id = s.id
          FROM creditbox_supply s
         WHERE s.company_id = %(company)s AND m.company_id = %(company)s
           AND m.partner_id = s.partner_id;
        ANALYZE creditbox_supply, creditbox_meter, account_move;
        """,
        {
            "company": company.id,
            "type": env.ref("creditbox_base.meter_type_suspendable").id,
            "state": env.ref("creditbox_base.meter_state_active").id,
            "service": env.ref("creditbox_base.service_type_telephone").id,
        },
    )
    env.invalidate_all()
    env["creditbox.position"]._refresh(companies=company)


def _make(env, positions):
    """Ask for suspensions, as by hand: debt, law, orders; one transaction."""
    env.invalidate_all()
    positions = positions.with_prefetch()
    asked, started = env.cr.sql_log_count, time.perf_counter()
    orders = env["fsm.order"]
    orders._lock_debts(positions)
    demands = orders._demands_by_hand(positions, "check")
    refusals = env["creditbox.lawfulness"]._refusals(demands)
    orders._request(
        [d for d, refused in zip(demands, refusals, strict=True) if not refused],
        "operator",
    )
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
