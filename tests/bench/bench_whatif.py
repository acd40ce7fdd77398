"""Try an edited copy of the table in force over N bills, then take the picture of the
workflow and open it."""

import resource
import time

import bench_evaluate
import bulk
import peer

SIZE = 10_000
FULL = 1_000_000


def run(env_factory, size):
    baseline = peer.lines_ms(env_factory)
    with env_factory() as env:
        company = bulk.company(env, f"Bench what-if {size}")
        table = bench_evaluate._table(env, company)
        draft = _edited(table)
        bulk.bills(env, company, size)
        company_id, table_id, draft_id = company.id, table.id, draft.id
    with env_factory() as env:
        yield _try(env, company_id, draft_id, size, baseline)
    with env_factory() as env:
        # bills get their states, as every night
        env["creditbox.run"].create(
            {"company_id": company_id, "rule_set_id": table_id, "as_of": bulk.TODAY}
        ).action_propose()
    with env_factory() as env:
        yield _picture(env, company_id, table_id, size, baseline)
    with env_factory() as env:
        yield _open(env, company_id, table_id, size, baseline)


def _edited(table):
    """A copy in which some rows wait longer, go by letter, or spare small debts."""
    draft = table.copy({"name": "Edited"})
    for number, rule in enumerate(draft.rule_ids):
        if number % 3 == 0:
            rule.wait_before += 30
        elif number % 3 == 1:
            rule.code = "letter" if rule.code == "email" else "email"
        else:
            rule.threshold += 50
    return draft


def _try(env, company_id, draft_id, size, baseline):
    whatif = env["creditbox.whatif"].create(
        {"rule_set_id": draft_id, "company_ids": [company_id]}
    )

    def work():
        whatif.write({"part_ids": [(0, 0, {"company_id": company_id})]})
        while whatif._work():
            pass
        whatif._finish()

    result = _measure(env, "what if", size, baseline, work)
    print(
        f"what if: +{whatif.added_count} -{whatif.removed_count}"
        f" ~{whatif.changed_count} ={whatif.same_count}"
    )
    return result


def _picture(env, company_id, table_id, size, baseline):
    workflow = env["creditbox.workflow"]._of(
        env["res.company"].browse(company_id),
        env["creditbox.rule.set"].browse(table_id),
    )
    result = _measure(env, "workflow picture", size, baseline, workflow._work)
    workflow._finish()
    return result


def _open(env, company_id, table_id, size, baseline):
    """What the screen reads, and the lists behind its largest figures."""
    env = env(context={"allowed_company_ids": [company_id]})

    def work():
        workflow = env["creditbox.workflow"]._of(
            env["res.company"].browse(company_id),
            env["creditbox.rule.set"].browse(table_id),
        )
        workflow._refresh()
        step_fields = ["title", "position_count", "amount", "ready_count"]
        workflow.step_ids.read([*step_fields, "waiting_count", "under_way_count"])
        step = max(workflow.step_ids, key=lambda step: step.position_count)
        for action in (step.action_open_all(), step.action_open_under_way()):
            rows = env[action["res_model"]]
            rows.search(action["domain"], limit=80).read(["position_id", "amount"])
            rows.search_count(action["domain"], limit=10_001)

    return _measure(env, "workflow open", size, baseline, work)


def _measure(env, name, size, baseline, work):
    queries = env.cr.sql_log_count
    started = time.perf_counter()
    work()
    env.cr.flush()
    seconds = time.perf_counter() - started
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
        "baseline_per_unit_ms": baseline,
        "ratio": round(baseline / per_unit, 1),
    }
