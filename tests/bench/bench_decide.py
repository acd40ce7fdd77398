"""Over the N open bills of the office's first company (tests/bench/office.py):
evaluate without law and holds, then with both; what-if of an edited table; the
workflow's picture.

As bench_law and bench_whatif, but each is undone: nothing is left, and the data is made
once. Beforehand the actions of the office's run are set aside.
"""

import bench_evaluate
import bench_law
import bench_whatif
import bulk
import clock
import office

SIZE = 10_000
FULL = 1_000_000
RATIO = 1.5  # times the evaluation without law and holds
WHATIF = 120  # seconds


def run(env_factory, size):
    known = office.build(env_factory, size)
    plain = _evaluate(env_factory, known, size, "evaluate", ())
    yield plain
    bound = _evaluate(
        env_factory, known, size, "evaluate with law and holds", ("notice",) * 4
    )
    for measure in ("seconds", "cpu_seconds"):
        bound[f"ratio_{measure}"] = round(bound[measure] / plain[measure], 2)
    yield bound | {"target_ratio": RATIO}
    yield _whatif(env_factory, known, size)
    yield _picture(env_factory, known, size)


def _set_aside(env, holds):
    tables = ["action_line", "action", "item", *([] if holds else ["hold"])]
    for table in tables:
        env.cr.execute(f"DELETE FROM creditbox_{table}")  # pylint: disable=sql-injection
        env.cr.execute(f"ANALYZE creditbox_{table}")  # pylint: disable=sql-injection
    env.invalidate_all()


def _evaluate(env_factory, known, size, name, legal):
    with env_factory() as env:
        company = env["res.company"].browse(known["companies"][0])
        _set_aside(env, holds=bool(legal))
        table = bench_evaluate._table(env, company, bench_law.CODES, legal)
        proposed = env["creditbox.run"].create(
            {"company_id": company.id, "rule_set_id": table.id, "as_of": bulk.TODAY}
        )
        with clock.measured(env, name, size) as result:
            proposed.action_propose()
        result["actions"] = proposed.action_count
        result["exceptions"] = proposed.exception_count
        result["database_peak_mb"] = clock.backend(env)[1]
        env.cr.rollback()
    return result


def _whatif(env_factory, known, size):
    with env_factory() as env:
        _set_aside(env, holds=True)
        draft = bench_whatif._edited(env["creditbox.rule.set"].browse(known["table"]))
        company = known["companies"][0]
        whatif = env["creditbox.whatif"].create(
            {
                "rule_set_id": draft.id,
                "company_ids": [company],
                "part_ids": [(0, 0, {"company_id": company})],
            }
        )
        with clock.measured(env, "what if", size, target_seconds=WHATIF) as result:
            while whatif._work():
                pass
            whatif._finish()
        result["database_peak_mb"] = clock.backend(env)[1]
        env.cr.rollback()
    return result


def _picture(env_factory, known, size):
    with env_factory() as env:
        workflow = env["creditbox.workflow"]._of(
            env["res.company"].browse(known["companies"][0]),
            env["creditbox.rule.set"].browse(known["table"]),
        )
        with clock.measured(env, "workflow picture", size) as result:
            workflow._work()
        env.cr.rollback()
    return result
