"""What the console, the snapshots and the debtors of the group ask for, on N bills.

Two companies with half of the bills each, in 200 municipalities, with 20 operators:
the figures as the page asks for them, once the registry's caches are warm.
"""

import resource
import time

import bulk

from odoo import Command
from odoo.tools import SQL

SIZE = 20_000
FULL = 1_000_000
OPERATORS = 20


def run(env_factory, size):
    with env_factory() as env:
        companies = bulk.company(env, "Bench A") + bulk.company(env, "Bench B")
        for company in companies:
            bulk.bills(env, company, size // 2, days_overdue=(-40, 800))
        _spread(env, companies)
        user = _user(env, companies)
        ids = (user.id, companies.ids)
    for name, work in WORK.items():
        with env_factory() as env:
            yield _measure(env, name, work, size, *ids)
    with env_factory() as env:
        yield from _write(env, companies.ids, size)


def _spread(env, companies):
    """Areas and operators, as a company of this size has them."""
    users = env["res.users"].create(
        [{"name": f"Bench {n}", "login": f"bench{n}"} for n in range(OPERATORS)]
    )
    env.cr.execute(
        SQL(
            """
            UPDATE res_partner p
               SET city = 'Comune ' || p.id %% 200,
                   state_id = (ARRAY(SELECT s.id FROM res_country_state s
                                      WHERE s.country_id = %s ORDER BY s.id LIMIT 10)
                              )[1 + p.id %% 200 / 20],
                   creditbox_fiscal_code = 'CF' || p.id %% 300000
             WHERE p.company_id = ANY(%s)
            """,
            env.ref("base.it").id,
            companies.ids,
        )
    )
    env.cr.execute(
        SQL(
            """UPDATE creditbox_position
                  SET user_id = (%s::int[])[1 + id %% %s] WHERE company_id = ANY(%s)""",
            users.ids,
            OPERATORS,
            companies.ids,
        )
    )
    for table in ("res_partner", "creditbox_position"):
        env.cr.execute(SQL("ANALYZE %s", SQL.identifier(table)))
    env.invalidate_all()
    env["creditbox.console.line"]._refresh(companies)


def _user(env, companies):
    groups = ("creditbox_base.group_manager", "creditbox_base.group_controller")
    return env["res.users"].create(
        {
            "name": "Bench",
            "login": "bench",
            "group_ids": [Command.link(env.ref(group).id) for group in groups],
            "company_id": companies[0].id,
            "company_ids": [Command.set(companies.ids)],
        }
    )


def _measure(env, name, work, size, user_id, company_ids):
    env = env["res.users"].browse(user_id).with_user(user_id).env
    env = env(context={"allowed_company_ids": company_ids, "lang": "it_IT"})
    env["creditbox.position"].search([], limit=1)  # as on a running server
    env["creditbox.console"].feeds()
    env.invalidate_all()
    return _timed(env, f"console: {name}", size, lambda: work(env))


def _timed(env, name, size, work):
    queries, started = env.cr.sql_log_count, time.perf_counter()
    work()
    env.flush_all()
    seconds = time.perf_counter() - started
    return {
        "bench": name,
        "n": size,
        "unit": "bill",
        "seconds": round(seconds, 4),
        "per_unit_ms": round(seconds * 1000 / size, 6),
        "queries_per_unit": round((env.cr.sql_log_count - queries) / size, 6),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def _write(env, company_ids, size):
    """What keeps the figures right, and the snapshot of a day."""
    companies = env["res.company"].browse(company_ids)
    lines = env["creditbox.console.line"]
    customer = lines.search([("company_id", "=", company_ids[0])], limit=1).partner_id
    positions = env["creditbox.position"]
    yield _timed(
        env,
        "console: a customer's payment",
        size,
        lambda: positions._refresh(customer.ids, companies[0]),
    )
    yield _timed(env, "console: every night", size, lambda: lines._refresh(companies))
    snapshots = env["creditbox.snapshot"]
    yield _timed(
        env,
        "console: snapshot of a month, one company",
        size // 2,
        lambda: snapshots.create(
            {"company_id": company_ids[0], "date": bulk.due(bulk.TODAY.day)}
        ),
    )


def _filtered(env):
    [bucket] = env["creditbox.age.bucket"].search(
        [("day_from", "=", 31), ("overdue", "=", True)]
    )
    service = env["creditbox.service.type"].search([], limit=1)
    return {"filters": {"bucket_id": bucket.ids, "service_type_id": service.ids}}


def _open(env, action, limit=80):
    """What the list of an action asks for when it is opened."""
    model = env[action["res_model"]]
    order = {"account.move.line": "date desc, move_name desc, id desc"}
    return model.web_search_read(
        action["domain"],
        {"display_name": {}},
        limit=limit,
        count_limit=10_001,
        order=order.get(action["res_model"]),
    )


def _console(env):
    return env["creditbox.console"]


WORK = {
    "figures": lambda e: _console(e).load({}),
    "figures, filtered": lambda e: _console(e).load(_filtered(e)),
    "customers": lambda e: _console(e).customers({}),
    "customers, filtered": lambda e: _console(e).customers(_filtered(e)),
    "customers by name": lambda e: _console(e).customers({}, "name asc"),
    "due dates": lambda e: _open(e, _console(e).open_due_dates({})),
    "due dates, filtered": lambda e: _open(e, _console(e).open_due_dates(_filtered(e))),
    "entries, filtered": lambda e: _open(e, _console(e).open_entries(_filtered(e))),
    "group debtors": lambda e: e["creditbox.group.debtor"].web_search_read(
        [("amount_overdue", ">", 0)],
        {"name": {}, "owed": {}, "amount_overdue": {}},
        limit=80,
        count_limit=10_001,
    ),
    "a day in the past, the first time": lambda e: _console(e).load(
        {"as_of": str(bulk.due(60))}
    ),
    "a day in the past, again": lambda e: _console(e).load(
        {"as_of": str(bulk.due(60))}
    ),
    "workload": lambda e: e["creditbox.kpi"].load(),
}
