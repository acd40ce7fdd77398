"""Open the list of N positions as the web client does, group it, refresh it."""

import resource
import time

import bulk

from odoo import Command

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
        bulk.bills(env, company, int(size / 2 * bulk.BILLS_A_POSITION))
    env.cr.execute("UPDATE creditbox_position SET user_id = 2 WHERE id %% 50 = 0", [])
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


def _touch(positions):
    position = positions.search([], limit=1, offset=100)
    positions.sudo()._touch(position.partner_id.ids, position.company_id)


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
    "refresh one customer": _touch,
    "refresh all, nothing new": lambda p: p.sudo()._refresh(companies=p.env.companies),
}
