"""Open bills by the million, written in SQL: what the benchmarks measure against."""

from contextlib import contextmanager
from datetime import date, timedelta

import psycopg2

from odoo.tools import SQL, mute_logger

BILLS_A_POSITION = 2.5  # 1,000,000 bills on 400,000 positions
TODAY = date.today()
MANY = 200_000  # rows, from which on indexes are made afterwards


def company(env, name):
    """Return a company with its chart and the journals that the bills need."""
    company = env["res.company"].create(
        {"name": name, "country_id": env.ref("base.it").id}
    )
    env.user.company_ids += company
    env["account.chart.template"].try_loading("it", company=company)
    return company


def bills(env, company, count, days_overdue=(1, 400), per_position=None, refresh=True):
    """Write ``count`` posted bills of 20 to 219 euro and refresh the positions.

    :param days_overdue: youngest and oldest due date, in days before today
    :param per_position: bills of each, BILLS_A_POSITION by default
    """
    journal = env["account.journal"].search(
        [("company_id", "=", company.id), ("type", "=", "sale")], limit=1
    )
    accounts = env["account.account"].with_company(company)
    receivable = accounts.search(
        [("company_ids", "in", company.id), ("account_type", "=", "asset_receivable")],
        limit=1,
    )
    income = accounts.search(
        [("company_ids", "in", company.id), ("account_type", "=", "income")], limit=1
    )
    values = {
        "company": company.id,
        "journal": journal.id,
        "currency": company.currency_id.id,
        "receivable": receivable.id,
        "income": income.id,
        "positions": max(int(count / (per_position or BILLS_A_POSITION)), 1),
        "count": count,
        "today": TODAY,
        "youngest": days_overdue[0],
        "span": days_overdue[1] - days_overdue[0] + 1,
        "tag": f"bench-{company.id}",
    }
    with filling(env, STATEMENTS, count):
        for table, statement in STATEMENTS.items():
            env.cr.execute(SQL(statement, **values))
            # the next statement joins what this one has filled
            env.cr.execute(SQL("ANALYZE %s", SQL.identifier(table)))
    env.invalidate_all()
    if refresh:
        env["creditbox.position"]._refresh(companies=company)


@contextmanager
def filling(env, tables, count):
    """Fill tables as a restored dump is: indexes afterwards, references not checked.

    Only for many rows; may be nested.
    """
    indexes = []
    if count >= MANY:
        try:
            with env.cr.savepoint(), mute_logger("odoo.sql_db"):
                env.cr.execute("SET LOCAL session_replication_role = replica")
        except psycopg2.errors.InsufficientPrivilege:
            print("not a superuser of the database: references are checked")
        env.cr.execute(
            """
            SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid)
              FROM pg_index AS i
             WHERE i.indrelid = ANY(%s::regclass[]) AND NOT i.indisunique
            """,
            [list(tables)],
        )
        indexes = env.cr.fetchall()
    for name, _definition in indexes:
        env.cr.execute(SQL("DROP INDEX %s", SQL.identifier(name.strip('"'))))
    yield
    for _name, definition in indexes:
        env.cr.execute(definition)  # pylint: disable=sql-injection


def holds(env, company, every, refresh=True):
    """Hold one bill in ``every`` for the coming days."""
    env.cr.execute(
        SQL(
            """
            INSERT INTO creditbox_hold (
                level, move_id, customer_id, company_id, reason_id, user_id, date_from,
                date_to, state, create_date)
            SELECT 'bill', id, partner_id, company_id,
                   (SELECT id FROM creditbox_hold_reason ORDER BY id LIMIT 1), %(user)s,
                   %(today)s::date - 5, %(today)s::date + 25, 'active', now()
              FROM (
                SELECT *, row_number() OVER (ORDER BY id) AS place
                  FROM account_move
                 WHERE company_id = %(company)s AND move_type = 'out_invoice') m
             WHERE place %% %(every)s = 0
            """,
            user=env.uid,
            today=TODAY,
            company=company.id,
            every=every,
        )
    )
    env.cr.execute("ANALYZE creditbox_hold")
    if refresh:
        env["creditbox.position"]._refresh(companies=company)


def due(days):
    return TODAY - timedelta(days=days)


CUSTOMERS = """
    INSERT INTO res_partner (
        name, complete_name, company_id, active, is_company, type, lang,
        creditbox_code, creditbox_customer_type_id, street, zip, city,
        email, email_normalized, creditbox_pec, creditbox_mobile, autopost_bills,
        create_date, write_date)
    SELECT 'Cliente ' || n, 'Cliente ' || n, %(company)s, TRUE, FALSE, 'contact',
           'it_IT', %(tag)s || '-' || n,
           (SELECT id FROM creditbox_customer_type WHERE code = 1 + n %% 2),
           'Via Roma ' || n, '20100', 'Milano',
           'cliente' || n || '@example.com', 'cliente' || n || '@example.com',
           'cliente' || n || '@pec.example', '+39333' || (1000000 + n), 'ask',
           now(), now()
      FROM generate_series(1, %(positions)s) n;
    UPDATE res_partner SET commercial_partner_id = id
     WHERE commercial_partner_id IS NULL
"""
METERS = """
    INSERT INTO creditbox_meter (
        company_id, serial, service_type_id, meter_type_id, meter_state_id, active)
    SELECT %(company)s, %(tag)s || '-' || n,
           (SELECT id FROM creditbox_service_type WHERE code = 1 + n %% 3),
           (SELECT id FROM creditbox_meter_type WHERE code = 1 + n %% 2),
           (SELECT id FROM creditbox_meter_state WHERE code = 1), TRUE
      FROM generate_series(1, %(positions)s) n
"""
SUPPLIES = """
    INSERT INTO creditbox_supply (
        code, company_id, partner_id, service_type_id, meter_id, active)
    SELECT m.serial, %(company)s, p.id, m.service_type_id, m.id, TRUE
      FROM creditbox_meter m
      JOIN res_partner p ON p.creditbox_code = m.serial AND p.company_id = m.company_id
     WHERE m.company_id = %(company)s
"""
MOVES = """
    INSERT INTO account_move (
        name, state, move_type, date, invoice_date, invoice_date_due, journal_id,
        company_id, currency_id, partner_id,
        commercial_partner_id, creditbox_supply_id, creditbox_ref, auto_post,
        amount_untaxed, amount_total, amount_residual, amount_untaxed_signed,
        amount_total_signed, amount_residual_signed, payment_state, create_date)
    SELECT %(tag)s || '/' || n, 'posted', 'out_invoice', d.due - 20, d.due - 20, d.due,
           %(journal)s, %(company)s, %(currency)s, s.partner_id,
           s.partner_id, s.id, %(tag)s || '/' || n, 'no',
           a.amount, a.amount, a.amount, a.amount, a.amount, a.amount, 'not_paid',
           now()
      FROM generate_series(1, %(count)s) n
      JOIN (SELECT id, partner_id, row_number() OVER (ORDER BY id) AS place
              FROM creditbox_supply WHERE company_id = %(company)s) s
        ON s.place = 1 + n %% %(positions)s
     CROSS JOIN LATERAL (
        SELECT %(today)s::date - %(youngest)s - (n::bigint * 7919 %% %(span)s)::int
               AS due) d
     CROSS JOIN LATERAL (SELECT (20 + (n * 31) %% 200)::numeric AS amount) a
"""
LINES = """
    INSERT INTO account_move_line (
        move_id, move_name, parent_state, date, journal_id, company_id,
        company_currency_id, currency_id, account_id, partner_id, display_type,
        name, date_maturity, debit, credit, balance, amount_currency,
        amount_residual, amount_residual_currency, reconciled, create_date)
    SELECT m.id, m.name, 'posted', m.date, m.journal_id, m.company_id,
           m.currency_id, m.currency_id, l.account, m.partner_id, l.display_type,
           m.name, l.maturity, GREATEST(l.balance, 0), GREATEST(-l.balance, 0),
           l.balance, l.balance, l.residual, l.residual, FALSE, now()
      FROM account_move m
     CROSS JOIN LATERAL (VALUES
        (%(receivable)s, 'payment_term', m.invoice_date_due, m.amount_total,
         m.amount_total),
        (%(income)s, 'product', NULL, -m.amount_total, 0)
     ) AS l (account, display_type, maturity, balance, residual)
     WHERE m.company_id = %(company)s AND m.creditbox_ref LIKE %(tag)s || '/%%'
"""
STATEMENTS = {
    "res_partner": CUSTOMERS,
    "creditbox_meter": METERS,
    "creditbox_supply": SUPPLIES,
    "account_move": MOVES,
    "account_move_line": LINES,
}
