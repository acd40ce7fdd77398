"""Open the list of N positions as the web client does, sort, filter and group it."""

import resource
import time

import bulk

from odoo import Command
from odoo.tools import SQL

SIZE = 20_000
FULL = 400_000

COLUMNS = """
    partner_id supply_id service_type_id oldest_due_date amount_overdue amount_1_30
    amount_31_60 amount_61_90 amount_91_180 amount_181_365 amount_over_365
    amount_credit amount_balance state user_id currency_id
""".split()
SUMS = [f"{name}:sum" for name in COLUMNS if name.startswith("amount_")]
OVERDUE = [("amount_overdue", ">", 0)]


def run(env_factory, size):
    with env_factory() as env:
        companies = _companies(env, size)
        user = _user(env, companies)
        ids = (user.id, companies.ids)
    for name, work in WORK.items():
        with env_factory() as env:
            yield _measure(env, name, work, size, *ids)


def _companies(env, size):
    """Two companies, so that the list is that of a group."""
    companies = bulk.company(env, "Bench A") + bulk.company(env, "Bench B")
    for company in companies:
        values = {
            "company": company.id,
            "currency": company.currency_id.id,
            "positions": size // 2,
            "tag": f"bench-{company.id}",
            "today": bulk.TODAY,
        }
        for statement in (bulk.CUSTOMERS, bulk.METERS, bulk.SUPPLIES, POSITIONS):
            env.cr.execute(SQL(statement, **values))
    for table in ("res_partner", "creditbox_supply", "creditbox_position"):
        env.cr.execute(SQL("ANALYZE %s", SQL.identifier(table)))
    return companies


def _user(env, companies):
    return env["res.users"].create(
        {
            "name": "Bench",
            "login": "bench",
            "group_ids": [Command.link(env.ref("creditbox_base.group_supervisor").id)],
            "company_id": companies[0].id,
            "company_ids": [Command.set(companies.ids)],
        }
    )


def _measure(env, name, work, size, user_id, company_ids):
    user = env["res.users"].browse(user_id)
    positions = env["creditbox.position"].with_user(user)
    positions = positions.with_context(allowed_company_ids=company_ids)
    positions.search([], limit=1)  # the registry's caches, as on a running server
    env.invalidate_all()
    queries, started = env.cr.sql_log_count, time.perf_counter()
    work(positions)
    env.flush_all()
    seconds = time.perf_counter() - started
    return {
        "bench": f"positions: {name}",
        "n": size,
        "unit": "position",
        "seconds": round(seconds, 4),
        "per_unit_ms": round(seconds * 1000 / size, 6),
        "queries_per_unit": round((env.cr.sql_log_count - queries) / size, 6),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def _open(positions, domain=(), **options):
    """What the list asks for when it is opened, columns and count of the pager."""
    specification = {
        name: {"fields": {"display_name": {}}} if name.endswith("_id") else {}
        for name in COLUMNS
    }
    return positions.web_search_read(
        list(domain), specification, limit=80, count_limit=10_001, **options
    )


def _group(positions, field, domain=OVERDUE):
    return positions.web_read_group(list(domain), [field], SUMS, limit=80)


WORK = {
    "open the list": lambda p: _open(p, OVERDUE),
    "open without a filter": lambda p: _open(p),
    "second page": lambda p: _open(p, OVERDUE, offset=80),
    "sort by balance": lambda p: _open(p, OVERDUE, order="amount_balance desc"),
    "sort by oldest date": lambda p: _open(p, OVERDUE, order="oldest_due_date"),
    "filter: mine": lambda p: _open(p, [("user_id", "=", p.env.uid)]),
    "filter: held": lambda p: _open(p, [("state", "=", "held")]),
    "filter: more than a year": lambda p: _open(p, [("days_overdue", ">", 365)]),
    "find a customer": lambda p: _open(p, [("partner_id.name", "ilike", "te 1234")]),
    "group by operator": lambda p: _group(p, "user_id"),
    "group by service": lambda p: _group(p, "service_type_id"),
    "group by age": lambda p: _group(p, "age_class"),
}
# Ages, amounts, holds and operators as a company has them, 30 % with nothing overdue.
POSITIONS = """
    INSERT INTO creditbox_position (
        company_id, partner_id, supply_id, currency_id, user_id, state, age_class,
        amount_overdue, amount_not_due, amount_credit, amount_balance, amount_held,
        amount_1_30, amount_31_60, amount_61_90, amount_91_180, amount_181_365,
        amount_over_365, overdue_count, days_overdue, oldest_due_date,
        create_date, write_date)
    SELECT %(company)s, s.partner_id, s.id, %(currency)s,
           CASE WHEN s.id %% 50 = 0 THEN 2 END,
           CASE WHEN a.days = 0 THEN 'regular'
                WHEN s.id %% 97 = 0 THEN 'held' ELSE 'overdue' END,
           CASE WHEN a.days = 0 THEN '000' WHEN a.days <= 30 THEN '001'
                WHEN a.days <= 60 THEN '031' WHEN a.days <= 90 THEN '061'
                WHEN a.days <= 180 THEN '091' WHEN a.days <= 365 THEN '181'
                ELSE '366' END,
           a.amount, 50, 0, a.amount + 50, 0,
           CASE WHEN a.days BETWEEN 1 AND 30 THEN a.amount ELSE 0 END,
           CASE WHEN a.days BETWEEN 31 AND 60 THEN a.amount ELSE 0 END,
           CASE WHEN a.days BETWEEN 61 AND 90 THEN a.amount ELSE 0 END,
           CASE WHEN a.days BETWEEN 91 AND 180 THEN a.amount ELSE 0 END,
           CASE WHEN a.days BETWEEN 181 AND 365 THEN a.amount ELSE 0 END,
           CASE WHEN a.days > 365 THEN a.amount ELSE 0 END,
           SIGN(a.days), a.days, %(today)s::date - NULLIF(a.days, 0), now(), now()
      FROM creditbox_supply s
     CROSS JOIN LATERAL (
        SELECT CASE WHEN s.id %% 10 < 7 THEN 1 + s.id * 13 %% 500 ELSE 0 END AS days,
               CASE WHEN s.id %% 10 < 7 THEN 20 + s.id * 31 %% 3000 ELSE 0 END AS amount
     ) a
     WHERE s.company_id = %(company)s
"""
