"""A payment is posted: how long until the pending action of its position is stopped?"""

import statistics
import time

import bulk

SIZE = 10_000
FULL = 100_000
PAYMENTS = 200


def run(env_factory, size):
    """``size``: positions open, each with an action under way."""
    with env_factory() as env:
        company = bulk.company(env, f"Bench stop {size}")
        bulk.bills(env, company, int(size * bulk.BILLS_A_POSITION))
        table = env["creditbox.rule.set"].create(
            {
                "name": "Bench",
                "company_id": company.id,
                "rule_ids": [(0, 0, {"name": "Row", "code": "email", "step": 1})],
            }
        )
        table.state = "published"
        run = env["creditbox.run"].create(
            {"company_id": company.id, "rule_set_id": table.id}
        )
        run.action_propose()
        run_id = run.id
    seconds, queries = [], 0
    for number in range(PAYMENTS):
        with env_factory() as env:
            taken, asked = _pay(env, run_id, number)
            seconds.append(taken)
            queries += asked
    seconds.sort()
    p99 = seconds[int(PAYMENTS * 0.99) - 1]
    return {
        "bench": "stop",
        "n": size,
        "unit": "payment",
        "seconds": round(sum(seconds), 2),
        "per_unit_ms": round(statistics.median(seconds) * 1000, 1),
        "p99_ms": round(p99 * 1000, 1),
        "queries_per_unit": round(queries / PAYMENTS, 1),
    }


def _pay(env, run_id, number):
    action = env["creditbox.action"].search(
        [("run_id", "=", run_id), ("state", "=", "to_approve")],
        offset=number * 7,
        limit=1,
    )
    company = action.company_id
    env = env(context={"allowed_company_ids": company.ids})
    bills = action.with_env(env).line_ids.move_id
    journal = env["account.journal"].search(
        [("company_id", "=", company.id), ("type", "=", "bank")], limit=1
    )
    payment = env["account.payment"].create(
        {
            "partner_id": action.partner_id.id,
            "amount": sum(bills.mapped("amount_residual")),
            "journal_id": journal.id,
            "date": bulk.TODAY,
        }
    )
    payment.outstanding_account_id = journal.default_account_id
    env.flush_all()
    asked = env.cr.sql_log_count
    started = time.perf_counter()
    payment.action_post()
    lines = (payment.move_id | bills).line_ids.filtered(
        lambda line: line.account_id.account_type == "asset_receivable"
    )
    lines.reconcile()
    env.flush_all()
    taken = time.perf_counter() - started
    action.invalidate_recordset()
    assert action.state == "cancelled", action.state
    return taken, env.cr.sql_log_count - asked
