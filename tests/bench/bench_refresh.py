"""Keep the positions right: of everybody, and of one customer, among N positions."""

import resource
import time

import bulk

SIZE = 20_000
FULL = 400_000


def run(env_factory, size):
    with env_factory() as env:
        company = bulk.company(env, "Bench")
        bulk.bills(env, company, int(size * bulk.BILLS_A_POSITION))
        company_id = company.id
    for name, units, prepare in (
        ("everybody anew", size, _empty),
        ("everybody, nothing new", size, None),
        ("one customer", 1, None),
    ):
        with env_factory() as env:
            company = env["res.company"].browse(company_id)
            if prepare:
                prepare(env, company)
            yield _measure(env, name, company, size, units)


def _empty(env, company):
    env.cr.execute("DELETE FROM creditbox_position WHERE company_id = %s", [company.id])


def _measure(env, name, company, size, units):
    positions = env["creditbox.position"]
    partner_ids = None
    if units == 1:
        one = positions.search([("company_id", "=", company.id)], limit=1)
        partner_ids = one.partner_id.ids
    queries, started = env.cr.sql_log_count, time.perf_counter()
    positions._refresh(partner_ids, company)
    seconds = time.perf_counter() - started
    return {
        "bench": f"refresh: {name}",
        "n": size,
        "unit": "position",
        "seconds": round(seconds, 4),
        "per_unit_ms": round(seconds * 1000 / units, 5),
        "queries_per_unit": round((env.cr.sql_log_count - queries) / units, 6),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
