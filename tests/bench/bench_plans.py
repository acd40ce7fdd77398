"""Repayment plans valued at night, in sets; beside them one after the other.

Instalments point at receivable lines that are there already: what is measured
is the valuation, which reads plans, instalments and their lines.
"""

import resource
import time

import bulk

SIZE = 1_000
FULL = 10_000
BASELINE = 50


def run(env_factory, size):
    with env_factory() as env:
        company = bulk.company(env, f"Bench plans {size}")
        bulk.bills(env, company, int(size * bulk.BILLS_A_POSITION))
        positions = env["creditbox.position"].search(
            [("company_id", "=", company.id), ("amount_overdue", ">", 60)], limit=size
        )
        plans = _make(env, positions)
        env.cr.commit()
        env.cr.execute("ANALYZE creditbox_plan, creditbox_plan_line")
        seconds, asked = _value(env, plans, company)
        started = time.perf_counter()
        for plan in plans[:BASELINE]:
            _value(env, plan, company)
        baseline = (time.perf_counter() - started) / BASELINE * 1000
        count = len(plans)
    per_unit = seconds / count * 1000
    yield {
        "bench": "plans",
        "n": count,
        "unit": "plan",
        "seconds": round(seconds, 2),
        "per_unit_ms": round(per_unit, 3),
        "queries_per_unit": round(asked / count, 4),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "baseline": "the same, plan by plan",
        "baseline_per_unit_ms": round(baseline, 2),
        "ratio": round(per_unit / baseline, 4),
    }


def _make(env, positions):
    """Plans that run, with a receivable line of the position as each instalment."""
    plans = env["creditbox.plan"]
    for position in positions:
        plans |= plans.create(
            plans._prepare(position, instalment_count=2, shorter_agreed=True)
        )
    for plan in plans:
        for line, entry in zip(plan.line_ids, plan.bill_ids.move_line_id, strict=False):
            line.move_id = entry.move_id
    plans.state = "live"
    return plans


def _value(env, plans, company):
    """:return: (seconds, queries)"""
    env.flush_all()
    env.invalidate_all()
    asked, started = env.cr.sql_log_count, time.perf_counter()
    plans._collect()
    plans._value_sets(company)
    env.cr.commit()
    return time.perf_counter() - started, env.cr.sql_log_count - asked
