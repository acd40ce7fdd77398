"""Share N positions out among operators: placed, simulated, applied; then once more."""

import resource
import time

import bulk

from odoo import Command

SIZE = 10_000
FULL = 100_000
OPERATORS = 40
PORTFOLIOS = (
    {"name": "Large", "sequence": 1, "amount_from": 150, "balance": "amount"},
    {"name": "Old", "sequence": 2, "days_from": 181},
    {"name": "Other", "sequence": 3, "balance": "count"},
)


def run(env_factory, size):
    with env_factory() as env:
        company = bulk.company(env, f"Bench strategy {size}")
        bulk.bills(env, company, size, per_position=1)
        _office(env, company)
        company_id = company.id
    with env_factory() as env:
        yield from _assign(env, company_id, size, "new")
    with env_factory() as env:
        # an operator has left: what they had is shared out among the others
        operators = env["creditbox.operator"].search([("company_id", "=", company_id)])
        operators[0].active = False
        yield from _assign(env, company_id, size, "rule")


def _office(env, company):
    users = env["res.users"].create(
        [
            {
                "name": f"Operator {number}",
                "login": f"bench-strategy-{company.id}-{number}",
                "group_ids": [
                    Command.link(env.ref("creditbox_base.group_operator").id)
                ],
                "company_id": company.id,
                "company_ids": [Command.set(company.ids)],
            }
            for number in range(OPERATORS)
        ]
    )
    env["creditbox.operator"].create(
        [{"user_id": user.id, "company_id": company.id} for user in users]
    )
    env["creditbox.portfolio"].create(
        [{**values, "company_id": company.id} for values in PORTFOLIOS]
    )


def _assign(env, company_id, size, scope):
    assignment = env["creditbox.assignment"].create(
        {"company_id": company_id, "reason": "Bench", "scope": scope}
    )
    for name, action in (
        ("simulate", assignment.action_simulate),
        ("apply", assignment.action_apply),
    ):
        env.flush_all()
        env.invalidate_all()
        queries, started = env.cr.sql_log_count, time.perf_counter()
        action()
        env.flush_all()
        seconds = time.perf_counter() - started
        queries = env.cr.sql_log_count - queries
        yield {
            "bench": f"strategy_{name}_{scope}",
            "n": size,
            "unit": "position",
            "seconds": round(seconds, 2),
            "per_unit_ms": round(1000 * seconds / size, 4),
            "queries": queries,
            "queries_per_unit": round(queries / size, 4),
            "moved": assignment.moved_count,
            "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        }
    counts = [load.count_after for load in assignment.load_ids if load.count_after]
    assert max(counts) <= 1.2 * min(counts), counts
