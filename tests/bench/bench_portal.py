"""The customer's area over HTTP: N bills of one customer, beside Odoo's own list.

A real server of this process, one request after the other as a browser sends them; each
page and Odoo's /my/invoices in turn, so that both meet the same machine.
"""

import resource
import statistics
import time

import bulk
import web

from odoo import Command

SIZE = 50
FULL = 50
AROUND = 20_000  # bills of others in the same database
ROUNDS = 30
BASELINE = "/my/invoices"
PAGES = ("/my/bills", "/my/supplies", "/my/payments", "/my/overdue", "/my/statement")


def run(env_factory, size):
    with env_factory() as env:
        company = bulk.company(env, "Bench")
        bulk.bills(env, company, AROUND)
        path = _give_bills(env, company, size)
        database = env.cr.dbname
    with web.serving() as base:
        browser = web.log_in(base, database, "bench-portal")
        for page in (*PAGES, path):
            yield _measure(browser, page, size)


def _give_bills(env, company, size):
    """Make ``size`` bills those of one customer with a user; path of one of them."""
    customer = env["res.partner"].search([("company_id", "=", company.id)], limit=1)
    supply = env["creditbox.supply"].search([("partner_id", "=", customer.id)], limit=1)
    moves = env["account.move"].search(
        [("company_id", "=", company.id), ("move_type", "=", "out_invoice")],
        limit=size,
        order="id desc",
    )
    env.cr.execute(
        """UPDATE account_move SET partner_id = %(partner)s,
                  commercial_partner_id = %(partner)s, creditbox_supply_id = %(supply)s
            WHERE id = ANY(%(moves)s) OR partner_id = %(partner)s;
           UPDATE account_move_line SET partner_id = %(partner)s
            WHERE move_id = ANY(%(moves)s)""",
        {"partner": customer.id, "supply": supply.id, "moves": moves.ids},
    )
    env.invalidate_all()
    env["creditbox.position"]._refresh(companies=company)
    env["res.users"].with_context(no_reset_password=True).create(
        {
            "name": "Cliente",
            "login": "bench-portal",
            "password": "bench-portal",
            "partner_id": customer.id,
            "company_id": company.id,
            "company_ids": [Command.set(company.ids)],
            "group_ids": [Command.set(env.ref("base.group_portal").ids)],
        }
    )
    return f"/my/bills/{moves[:1].id}"


def _open(browser, page):
    started = time.perf_counter()
    answer = browser.get(browser.base + page, timeout=60)
    seconds = time.perf_counter() - started
    assert answer.status_code == 200, (page, answer.status_code)
    return seconds


def _measure(browser, page, size):
    """Medians of the page and of Odoo's list, taken in turn."""
    for path in (page, BASELINE):
        _open(browser, path)
        _open(browser, path)
    times = [(_open(browser, page), _open(browser, BASELINE)) for _n in range(ROUNDS)]
    ours, theirs = (statistics.median(column) for column in zip(*times, strict=True))
    return {
        "bench": f"portal: {page.rstrip('0123456789')}",
        "n": size,
        "unit": "page",
        "seconds": round(ours, 4),
        "per_unit_ms": round(ours * 1000, 1),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "baseline": BASELINE,
        "baseline_per_unit_ms": round(theirs * 1000, 1),
        "ratio": round(ours / theirs, 2),
    }
