"""Hand over a run of one channel: what the benchmarks of mail and letters share."""

import resource
import time

import bulk

from odoo.tools import SQL

SETTLED = ("sending", "done")


def run(env_factory, size, code):
    """Propose ``size`` actions of ``code``, then hand them over batch by batch.

    :return: dict of the result, without bench and baseline
    """
    with env_factory() as env:
        run_id = _propose(env, size, code)
    with env_factory() as env:  # the caches that a running server has
        _dispatch(env, run_id, limit=5)
    done, queries = 0, 0
    started, cpu = time.perf_counter(), time.process_time()
    while True:
        with env_factory() as env:
            before = env.cr.sql_log_count
            actions = _dispatch(env, run_id)
            env.cr.flush()
            queries += env.cr.sql_log_count - before
        if not actions:
            break
        done += actions
    seconds = time.perf_counter() - started
    return {
        "n": done,
        "seconds": round(seconds, 2),
        "per_unit_ms": round(seconds * 1000 / done, 3),
        "cpu_per_unit_ms": round((time.process_time() - cpu) * 1000 / done, 3),
        "queries_per_unit": round(queries / done, 3),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def _propose(env, size, code):
    env["res.lang"]._activate_lang("it_IT")
    company = bulk.company(env, f"Bench {code}")
    company.write({"email": "crediti@bench.example", "city": "Milano"})
    company.vat = "IT12345670017"
    bulk.bills(env, company, int(size * bulk.BILLS_A_POSITION), (30, 400))
    env.cr.execute(
        SQL(
            "UPDATE account_move SET creditbox_payment_code ="
            " '3' || lpad(id::text, 17, '0') WHERE company_id = %s",
            company.id,
        )
    )
    table = env["creditbox.rule.set"].create(
        {
            "name": "Bench",
            "company_id": company.id,
            "rule_ids": [(0, 0, {"name": "Reminder", "code": code, "step": 1})],
        }
    )
    table.state = "published"
    run = env["creditbox.run"].create(
        {"company_id": company.id, "rule_set_id": table.id, "as_of": bulk.TODAY}
    )
    run.action_propose()
    run.action_ids.write({"state": "ready"})
    run.state = "executing"
    return run.id


def _dispatch(env, run_id, limit=None):
    """Hand over one batch.

    :return: number of its actions
    """
    run = env["creditbox.run"].browse(run_id)
    actions = env["creditbox.action"].search(
        [("run_id", "=", run_id), ("state", "=", "ready")],
        limit=limit or run.company_id.creditbox_batch_size,
    )
    actions._execute()
    wrong = actions.filtered(lambda action: action.state not in SETTLED)
    if wrong:
        raise AssertionError(f"{len(wrong)} not handed over: {wrong[0].exception_note}")
    return len(actions)
