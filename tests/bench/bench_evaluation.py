"""Evaluate N customers of ten bills each, eight of them paid; again with nothing new;
one customer alone."""

import resource
import time

import bulk

from odoo.tools import SQL

SIZE = 100_000
FULL = 400_000
BILLS = 10
PAID = 0.8


def run(env_factory, size):
    with env_factory() as env:
        company = bulk.company(env, f"Bench evaluation {size}")
        bulk.bills(
            env, company, size * BILLS, days_overdue=(1, 700), per_position=BILLS
        )
        _pay(env, company)
        company_id = company.id
    for name, units in (
        ("everybody", size),
        ("everybody, again", size),
        ("one customer", 1),
    ):
        with env_factory() as env:
            company = env["res.company"].browse(company_id)
            yield _measure(env, name, company, size, units)


def _pay(env, company, share=PAID, refresh=True):
    """Most bills of each customer, some days late."""
    bank = env["account.journal"].search(
        [("company_id", "=", company.id), ("type", "=", "bank")], limit=1
    )
    values = {"company": company.id, "bank": bank.id, "paid": share * 100}
    for table, statement in PAYMENTS.items():
        env.cr.execute(SQL(statement, **values))
        env.cr.execute(SQL("ANALYZE %s", SQL.identifier(table)))
    env.cr.execute("ANALYZE account_move_line")
    env.invalidate_all()
    if refresh:
        env["creditbox.position"]._refresh(companies=company)


def _measure(env, name, company, size, units):
    ratings = env["creditbox.rating"]
    partner_ids = None
    if units == 1:
        one = ratings.search([("company_id", "=", company.id)], limit=1)
        partner_ids = one.partner_id.ids
    queries, started = env.cr.sql_log_count, time.perf_counter()
    ratings._refresh(partner_ids, company)
    seconds = time.perf_counter() - started
    return {
        "bench": f"evaluation: {name}",
        "n": size,
        "unit": "customer",
        "seconds": round(seconds, 3),
        "per_unit_ms": round(seconds * 1000 / units, 5),
        "queries_per_unit": round((env.cr.sql_log_count - queries) / units, 6),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


MOVES = """
    INSERT INTO account_move (
        name, state, move_type, date, journal_id, company_id, currency_id, partner_id,
        commercial_partner_id, auto_post, ref, posted_before, amount_total,
        payment_state, create_date)
    SELECT 'P/' || bill.name, 'posted', 'entry',
           bill.invoice_date_due - 5 + (bill.id::bigint * 7919 %% 40)::int, %(bank)s,
           bill.company_id, bill.currency_id, bill.partner_id, bill.partner_id, 'no',
           bill.id::text, TRUE, bill.amount_total, 'not_paid', now()
      FROM account_move AS bill
     WHERE bill.company_id = %(company)s AND bill.move_type = 'out_invoice'
       AND bill.id::bigint * 31 %% 100 < %(paid)s
"""
ACCOUNT_PAYMENTS = """
    INSERT INTO account_payment (
        move_id, company_id, journal_id, currency_id, partner_id, payment_type,
        partner_type, state, date, amount, create_date)
    SELECT id, company_id, journal_id, currency_id, partner_id, 'inbound', 'customer',
           'paid', date, amount_total, now()
      FROM account_move
     WHERE company_id = %(company)s AND move_type = 'entry';
    UPDATE account_move AS move SET origin_payment_id = payment.id
      FROM account_payment AS payment
     WHERE payment.move_id = move.id AND move.company_id = %(company)s
"""
LINES = """
    INSERT INTO account_move_line (
        move_id, move_name, parent_state, date, journal_id, company_id,
        company_currency_id, currency_id, account_id, partner_id, display_type, name,
        debit, credit, balance, amount_currency, amount_residual,
        amount_residual_currency, reconciled, create_date)
    SELECT move.id, move.name, 'posted', move.date, move.journal_id, move.company_id,
           move.currency_id, move.currency_id, line.account_id, move.partner_id,
           'product', move.name, 0, move.amount_total, -move.amount_total,
           -move.amount_total, 0, 0, TRUE, now()
      FROM account_move AS move
      JOIN account_move_line AS line
        ON line.move_id = move.ref::int AND line.display_type = 'payment_term'
     WHERE move.company_id = %(company)s AND move.move_type = 'entry'
"""
PARTIALS = """
    INSERT INTO account_partial_reconcile (
        debit_move_id, credit_move_id, amount, debit_amount_currency,
        credit_amount_currency, company_id, max_date, create_date)
    SELECT bill.id, paid.id, bill.balance, bill.balance, bill.balance,
           bill.company_id, paid.date, now()
      FROM account_move AS move
      JOIN account_move_line AS paid ON paid.move_id = move.id
      JOIN account_move_line AS bill
        ON bill.move_id = move.ref::int AND bill.display_type = 'payment_term'
     WHERE move.company_id = %(company)s AND move.move_type = 'entry';
    UPDATE account_move_line AS line
       SET amount_residual = 0, amount_residual_currency = 0, reconciled = TRUE
      FROM account_partial_reconcile AS part
     WHERE part.debit_move_id = line.id AND line.company_id = %(company)s
"""
PAYMENTS = {
    "account_move": MOVES,
    "account_payment": ACCOUNT_PAYMENTS,
    "account_move_line": LINES,
    "account_partial_reconcile": PARTIALS,
}
