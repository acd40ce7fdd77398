"""Propose a run over N overdue bills; then again, with nothing new."""

import resource
import time

import bulk
import peer

SIZE = 10_000
FULL = 1_000_000


def run(env_factory, size):
    # the peer over as many bills, as far as anybody would wait for it
    baseline = {
        "baseline_per_unit_ms": peer.lines_ms(env_factory, min(size, 10_000)),
        "baseline_grouped_per_unit_ms": peer.grouped_ms(env_factory),
    }
    _warm_up(env_factory)
    with env_factory() as env:
        company = bulk.company(env, f"Bench {size}")
        table = _table(env, company)
        started = time.perf_counter()
        bulk.bills(env, company, size)
        print(f"{size} bills written in {time.perf_counter() - started:.0f} s")
        company_id, table_id = company.id, table.id
    for name in ("evaluate", "evaluate again"):
        with env_factory() as env:
            yield _propose(env, name, company_id, table_id, size, baseline)


def _warm_up(env_factory):
    """Fill the caches that a running server has, as for the peer."""
    with env_factory() as env:
        company = bulk.company(env, "Bench warm-up")
        table = _table(env, company)
        bulk.bills(env, company, 100)
        _propose(env, "", company.id, table.id, 100, {})


def _propose(env, name, company_id, table_id, size, baseline):
    run = env["creditbox.run"].create(
        {"company_id": company_id, "rule_set_id": table_id, "as_of": bulk.TODAY}
    )
    queries = env.cr.sql_log_count
    started = time.perf_counter()
    run.action_propose()
    env.cr.flush()
    seconds = time.perf_counter() - started
    print(f"{name}: {run.action_count} actions, {run.exception_count} exceptions")
    per_unit = seconds * 1000 / size
    return {
        "bench": name,
        "n": size,
        "unit": "bill",
        "seconds": round(seconds, 2),
        "per_unit_ms": round(per_unit, 5),
        "queries_per_unit": round((env.cr.sql_log_count - queries) / size, 6),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "baseline": peer.NAME,
        **baseline,
        **{
            name.replace("baseline", "ratio").removesuffix("_per_unit_ms"): round(
                milliseconds / per_unit, 1
            )
            for name, milliseconds in baseline.items()
        },
    }


def _table(env, company, codes=("email", "letter", "email", "letter"), legal=()):
    """50 rows: classes, amounts and steps as a company would have them.

    :param codes: of the four steps
    :param legal: what the steps are in the procedure against arrears
    """
    rows = []
    services = env["creditbox.service.type"].search([("code", "<=", 3)])
    types = env["creditbox.customer.type"].search([("code", "<=", 2)])
    for step, code in enumerate(codes, start=1):
        rows += [
            {"step": step, "code": code, "amount_to": 100},
            {"step": step, "code": code, "amount_from": 100},
        ]
        rows += [
            {
                "step": step,
                "code": code,
                "service_type_id": service.id,
                "customer_type_id": kind.id,
                "threshold": 5,
                "amount_to": limit and 200,
                "amount_from": 0 if limit else 200,
            }
            for service in services
            for kind in types
            for limit in (True, False)
        ][: 11 if step > 1 else 12]
    for row in rows:
        if legal and "service_type_id" in row:
            row["legal_step"] = legal[row["step"] - 1]
    table = env["creditbox.rule.set"].create(
        {
            "name": "Bench",
            "company_id": company.id,
            "rule_ids": [
                (
                    0,
                    0,
                    {"name": f"Row {n}", "wait_before": 10, "wait_after": 30, **row},
                )
                for n, row in enumerate(rows)
            ],
        }
    )
    table.state = "published"
    return table
