"""Propose a run with the law and with holds; beside it the same with neither.

The first step is the formal notice: each bill is held against its due date and against
the proof of a reminder, which none has had. Every tenth bill is on hold.
"""

import time

import bench_evaluate
import bulk

SIZE = 10_000
FULL = 1_000_000
CODES = ("registered",) * 4
HELD = 10  # one bill in so many


def run(env_factory, size):
    bench_evaluate._warm_up(env_factory)
    plain = _evaluate(env_factory, size, ())
    bound = _evaluate(env_factory, size, ("notice",) * 4)
    yield {
        "bench": "evaluate with the law and holds",
        "n": size,
        "unit": "bill",
        "seconds": round(bound, 2),
        "per_unit_ms": round(bound * 1000 / size, 5),
        "baseline": "the same table without legal steps, no bill held, in this run",
        "baseline_per_unit_ms": round(plain * 1000 / size, 5),
        "ratio": round(bound / plain, 2),  # times the baseline: may be 1.5
    }


def _evaluate(env_factory, size, legal):
    """:return: seconds of one evaluation of a company of its own"""
    with env_factory() as env:
        company = bulk.company(env, f"Bench law {len(legal)}")
        table = bench_evaluate._table(env, company, CODES, legal)
        bulk.bills(env, company, size)
        if legal:
            bulk.holds(env, company, HELD)
        company_id, table_id = company.id, table.id
    with env_factory() as env:
        proposed = env["creditbox.run"].create(
            {"company_id": company_id, "rule_set_id": table_id, "as_of": bulk.TODAY}
        )
        started = time.perf_counter()
        proposed.action_propose()
        env.cr.flush()
        print(f"{proposed.action_count} actions, {proposed.exception_count} exceptions")
        return time.perf_counter() - started
