"""Post the fees of many actions as debit notes, beside Odoo's own way.

Both in one run: copies by SQL as the cron makes them, and `create` with `_post`.
"""

import time

import bulk

SIZE = 400
FULL = 10_000
BY_ORM = 200


def run(env_factory, size):
    with env_factory() as env:
        company = bulk.company(env, "Bench fees")
        bulk.bills(env, company, int(size * bulk.BILLS_A_POSITION) + 10)
        company._creditbox_prepare_charges()
        env.cr.commit()
        by_orm = _measure(env, _charges(env, company, min(BY_ORM, size)), True)
        by_copies = _measure(env, _charges(env, company, size), False)
        env.cr.rollback()
    yield {
        "bench": "fees",
        "unit": "debit note",
        **by_copies,
        "baseline": "account.move create and _post, in one batch",
        "baseline_per_unit_ms": by_orm["per_unit_ms"],
        "ratio": round(by_orm["per_unit_ms"] / by_copies["per_unit_ms"], 1),
    }


def _charges(env, company, count):
    positions = env["creditbox.position"].search(
        [("company_id", "=", company.id)], limit=count
    )
    charges = env["creditbox.charge"]
    values = [
        {"name": "Fee", "kind": "fee", "position_id": position.id, "amount": 5}
        for position in positions
    ]
    return charges._create_new(values, company, bulk.TODAY)


def _measure(env, charges, by_orm):
    env.flush_all()
    queries, started = env.cr.sql_log_count, time.monotonic()
    if by_orm:
        charges._make_moves_by_orm()
    else:
        for start in range(0, len(charges), 500):
            charges[start : start + 500]._post()
    env.flush_all()
    seconds = time.monotonic() - started
    return {
        "n": len(charges),
        "seconds": round(seconds, 2),
        "per_unit_ms": round(seconds * 1000 / len(charges), 3),
        "queries_per_unit": round((env.cr.sql_log_count - queries) / len(charges), 2),
    }
