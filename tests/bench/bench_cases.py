"""N cases with agencies: opened, listed as the screen does, filtered, shared out among
agencies by share, closed by payment. Each must be a matter of seconds."""

import resource
import time

import bulk

from odoo import Command

SIZE = 1_000
FULL = 10_000
AGENCIES = 5
PAGE = 80
COLUMNS = (
    *("name", "partner_id", "kind", "state", "provider_id", "user_id"),
    *("amount_handed", "amount_collected", "amount_due", "date_recall"),
)


def run(env_factory, size):
    with env_factory() as env:
        company = bulk.company(env, f"Bench cases {size}")
        bulk.bills(env, company, size, per_position=1, days_overdue=(1, 400))
        _agencies(env, company)
        company_id = company.id
    with env_factory() as env:
        yield from _course(env, env["res.company"].browse(company_id), size)


def _agencies(env, company):
    providers = env["creditbox.provider"].create(
        [
            {
                "name": f"Agency {number}",
                "kind": "agency",
                "partner_id": env["res.partner"]
                .create({"name": f"Agency {number}", "email": f"a{number}@example.com"})
                .id,
            }
            for number in range(AGENCIES)
        ]
    )
    env["creditbox.mandate"].create(
        [
            {
                "provider_id": provider.id,
                "company_id": company.id,
                "share": 20,
                "recall_days": 90,
                "fee_ids": [Command.create({"percent": 10})],
            }
            for provider in providers
        ]
    )


def _course(env, company, size):
    positions = env["creditbox.position"].search(
        [("company_id", "=", company.id), ("amount_overdue", ">", 0)]
    )
    cases = env["creditbox.case"]
    own = [("company_id", "=", company.id)]
    specification = {name: {"fields": {"display_name": {}}} for name in COLUMNS}
    for name in COLUMNS:
        if not cases._fields[name].relational:
            specification[name] = {}

    def page(*domain):
        found = cases.web_search_read([*own, *domain], specification, limit=PAGE)
        assert found["length"], domain

    def grouped():
        cases.web_read_group(own, ["provider_id"], ["__count", "amount_due:sum"])

    def share_out():
        opened = cases.search([*own, ("state", "=", "open")])
        action = opened.action_assign()
        wizard = env[action["res_model"]].browse(action["res_id"])
        wizard.action_assign()

    opened = cases.search(own).ids
    assert not opened
    for name, work in (
        ("open", lambda: cases._open(positions, "agency")),
        ("list", page),
        ("search", lambda: page(("partner_id", "ilike", "9"))),
        ("filter", lambda: page(("state", "=", "open"), ("amount_due", ">", 100))),
        ("assign", share_out),
        ("group", grouped),
        ("mine", lambda: page(("user_id", "=", env.uid), ("state", "!=", "closed"))),
        ("accept", lambda: cases.search(own).action_accept()),
        ("close", lambda: cases.search(own)._close("no_result", "Bench")),
    ):
        yield _measured(env, name, work, size)
    shares = [
        count for _p, count in cases._read_group(own, ["provider_id"], ["__count"])
    ]
    assert len(shares) == AGENCIES, shares


def _measured(env, name, work, size):
    env.flush_all()
    env.invalidate_all()
    queries, started = env.cr.sql_log_count, time.perf_counter()
    work()
    env.flush_all()
    env.cr.commit()
    seconds = time.perf_counter() - started
    queries = env.cr.sql_log_count - queries
    return {
        "bench": f"cases_{name}",
        "n": size,
        "unit": "case",
        "seconds": round(seconds, 2),
        "per_unit_ms": round(1000 * seconds / size, 4),
        "queries": queries,
        "queries_per_unit": round(queries / size, 4),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
