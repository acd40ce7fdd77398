"""Open My Day and customers' pages over N bills, with a proposed run and promises."""

import resource
import statistics
import time

import bulk
from bench_evaluate import _table

from odoo import Command
from odoo.tools import SQL

SIZE = 10_000
FULL = 1_000_000
OPERATORS = 40
COLUMNS = """
    currency_id automatic company_id kind priority partner_id what date amount_overdue
    days_overdue chain promise_date held_until last_contact user_id
""".split()
PAGES = 20


def run(env_factory, size):
    with env_factory() as env:
        company = bulk.company(env, f"Bench {size}")
        table = _table(env, company)
        bulk.bills(env, company, size)
        env["creditbox.run"].create(
            {"company_id": company.id, "rule_set_id": table.id, "as_of": bulk.TODAY}
        ).action_propose()
        users = _users(env, company)
        _work(env, company, users)
        user_id, company_id = users[0].id, company.id
    with env_factory() as env:
        yield from _measure(env, user_id, company_id, size)


def _users(env, company):
    return env["res.users"].create(
        [
            {
                "name": f"Bench {number}",
                "login": f"bench-{number}",
                "group_ids": [
                    Command.link(env.ref("creditbox_base.group_supervisor").id)
                ],
                "company_id": company.id,
                "company_ids": [Command.set(company.ids)],
            }
            for number in range(OPERATORS)
        ]
    )


def _work(env, company, users):
    """Give each operator a part of the positions; one customer in 100 has promised."""
    env.cr.execute(
        SQL(
            """UPDATE creditbox_position
                  SET user_id = (%s::int[])[1 + id %% %s] WHERE company_id = %s""",
            users.ids,
            OPERATORS,
            company.id,
        )
    )
    env.cr.execute(
        SQL(
            """
            WITH made AS (
                INSERT INTO creditbox_promise (partner_id, company_id, user_id, date,
                    amount, date_last, amount_paid, state, last_line)
                SELECT DISTINCT ON (partner_id) partner_id, company_id, user_id, %s,
                       50, %s, 0, 'open', 0
                  FROM creditbox_position WHERE company_id = %s AND id %% 100 = 0
             RETURNING id, company_id, date
            )
            INSERT INTO creditbox_promise_line (
                promise_id, company_id, date, amount, amount_paid, state)
            SELECT id, company_id, date, 50, 0, 'open' FROM made
            """,
            bulk.TODAY,
            bulk.TODAY,
            company.id,
        )
    )
    for table in ("position", "action", "item", "promise", "promise_line"):
        env.cr.execute(SQL("ANALYZE %s", SQL.identifier(f"creditbox_{table}")))


def _measure(env, user_id, company_id, size):
    env = env(user=user_id, context={"allowed_company_ids": [company_id]})
    tasks = env["creditbox.task"]
    mine = [("user_id", "=", user_id), ("date", "<=", bulk.TODAY)]
    tasks.web_search_read(mine, _specification(), limit=1)  # fills the caches
    yield _result(
        "my day", size, [_time(env, lambda: _open(tasks, mine)) for _time_ in range(5)]
    )
    everybody = [("company_id", "=", company_id)]
    yield _result(
        "everybody's day", size, [_time(env, lambda: _open(tasks, everybody))]
    )
    partners = env["creditbox.position"].search(
        [("company_id", "=", company_id)], limit=PAGES, offset=size // 10
    )
    page = env["creditbox.customer.page"]
    ids = partners.partner_id.ids
    page.get_page(ids[0], company_id)
    for name in ("get_page", "get_timeline"):
        yield _result(
            name,
            size,
            [
                _time(env, lambda n=name, i=i: getattr(page, n)(i, company_id))
                for i in ids
            ],
        )
    promises = env["creditbox.promise"].sudo().search([("state", "=", "open")])
    yield _result(
        f"value {len(promises)} promises", size, [_time(env, promises._value)]
    )


def _specification():
    return {
        name: {"fields": {"display_name": {}}} if name.endswith("_id") else {}
        for name in COLUMNS
    }


def _open(tasks, domain):
    return tasks.web_search_read(domain, _specification(), limit=80, count_limit=10_001)


def _time(env, work):
    env.flush_all()
    env.invalidate_all()
    started = time.perf_counter()
    work()
    env.flush_all()
    return time.perf_counter() - started


def _result(name, size, seconds):
    median = statistics.median(seconds)
    return {
        "bench": f"desk: {name}",
        "n": size,
        "unit": "bill",
        "seconds": round(median, 4),
        "per_unit_ms": round(median * 1000 / size, 6),
        "queries_per_unit": 0,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
