"""The register of regulated performances: its lists, the exposure, the sheet of a year;
and what counting one performance costs.

``size`` rows of the register over two years, one in twenty still open, one breach in
eight for somebody else's cause.
"""

import time
from datetime import datetime, timedelta

import bulk
import clock

from odoo import fields
from odoo.tools import SQL

SIZE = 100_000
FULL = 1_000_000
COUNTED = 1_000
PAGE = 80
CODES = (
    "transfer",
    "complaint_reply",
    "quote_water_nosurvey",
    "react_arrears",
    "deactivation",
    "works_complex",
    "conn_water_complex",
    "bill_correction_reply",
)
COLUMNS = {
    "reference": {},
    "standard_id": {"fields": {"display_name": {}}},
    "partner_id": {"fields": {"display_name": {}}},
    "start_at": {},
    "date_due": {},
    "stop_at": {},
    "explanation": {},
    "state": {},
    "outcome": {},
}


def run(env_factory, size):
    with env_factory() as env:
        company = bulk.company(env, f"Bench quality {size}")
        company.partner_id.tz = "Europe/Rome"
        bulk.bills(env, company, max(size // 20, 100), refresh=False)
        _register(env, company, size)
        env.cr.commit()
        company_id = company.id
    for name, work in (
        ("list", _list),
        ("list, open", _open_list),
        ("list, out of time", _breaches),
        ("exposure", _exposure),
        ("exposure by standard", _exposure_pivot),
        ("forecast", _forecast),
        ("sheet of a year", _sheet),
    ):
        with env_factory() as env:
            env = env(context={"allowed_company_ids": [company_id]})
            with clock.measured(env, f"quality: {name}", size, "row") as result:
                result["records"] = work(env, company_id)
        yield result
    with env_factory() as env:
        yield from _counting(env, env["res.company"].browse(company_id))


def _register(env, company, size):
    codes = env["creditbox.quality.standard"].search([("code", "in", CODES)])
    assert len(codes) == len(CODES)
    with bulk.filling(env, ["creditbox_quality_clock"], size):
        env.cr.execute(
            SQL(
                """
                WITH standards AS (
                    SELECT *, row_number() OVER (ORDER BY id) - 1 AS place
                      FROM creditbox_quality_standard WHERE id = ANY(%(standards)s)),
                customers AS (
                    SELECT id, creditbox_customer_type_id AS kind,
                           row_number() OVER (ORDER BY id) - 1 AS place,
                           count(*) OVER () AS many
                      FROM res_partner WHERE company_id = %(company)s),
                raw AS (
                    SELECT n, %(now)s - (n %% 730) * interval '1 day'
                              - (n %% 9) * interval '1 hour' AS start_at,
                           CASE WHEN n %% 20 <> 0 OR n %% 730 > 60
                                THEN 1 + (n %% 13) END AS days,
                           s.*
                      FROM generate_series(1, %(size)s) n
                      JOIN standards s ON s.place = n %% %(kinds)s),
                counted AS (
                    SELECT *, CASE WHEN days > LEAST(limit_value, 10) THEN 'out'
                                   ELSE 'in' END AS verdict
                      FROM raw)
                INSERT INTO creditbox_quality_clock (
                    reference, standard_id, code, kind, macro, company_id, partner_id,
                    customer_type_id, start_at, stop_at, date_stop, state, limit_value,
                    unit, date_due, late_at, counted, outcome, level, cause,
                    create_date)
                SELECT 'B/' || n, r.id, r.code, r.kind, r.macro, %(company)s, c.id,
                       c.kind, start_at, start_at + days * interval '1 day',
                       (start_at + days * interval '1 day')::date,
                       CASE WHEN days IS NULL THEN 'running' ELSE 'stopped' END,
                       limit_value, unit, (start_at + interval '20 days')::date,
                       start_at + interval '20 days', days,
                       CASE WHEN days IS NOT NULL THEN verdict END,
                       CASE WHEN days IS NOT NULL AND verdict = 'out' THEN 1 ELSE 0 END,
                       CASE WHEN days IS NOT NULL AND verdict = 'out' THEN
                            CASE WHEN n %% 8 = 0 THEN 'fm' ELSE 'operator' END END,
                       now()
                  FROM counted r
                  JOIN customers c ON c.place = r.n %% c.many
                """,
                standards=codes.ids,
                kinds=len(codes),
                company=company.id,
                size=size,
                now=SQL("%s::timestamp", fields.Datetime.now()),
            )
        )
    env.cr.execute("ANALYZE creditbox_quality_clock")


def _page(env, model, domain, columns):
    model = env[model]
    found = model.web_search_read(domain, columns, limit=PAGE, count_limit=10_001)
    return len(found["records"])


def _list(env, _company):
    return _page(env, "creditbox.quality.clock", [], COLUMNS)


def _open_list(env, _company):
    domain = [("state", "in", ("running", "suspended"))]
    return _page(env, "creditbox.quality.clock", domain, COLUMNS)


def _breaches(env, _company):
    return _page(env, "creditbox.quality.clock", [("outcome", "=", "out")], COLUMNS)


def _exposure(env, _company):
    columns = {"reference": {}, "standing": {}, "amount_risk": {}, "explanation": {}}
    return _page(env, "creditbox.quality.exposure", [], columns)


def _exposure_pivot(env, _company):
    groups = env["creditbox.quality.exposure"].formatted_read_group(
        [],
        ["standard_id", "standing"],
        ["__count", "amount_owed:sum", "amount_risk:sum"],
    )
    return len(groups)


def _forecast(env, _company):
    return len(env["creditbox.quality.forecast"].search_read([]))


def _sheet(env, company_id):
    year = fields.Date.today().year - 1
    sheet = env["creditbox.quality.sheet"].create(
        {"company_id": company_id, "year": year}
    )
    sheet.action_make()
    assert sheet.xlsx
    return len(sheet.line_ids)


def _counting(env, company):
    """Clocks of sixty working days: started, suspended, resumed, stopped."""
    start = datetime(2026, 1, 2, 9)
    performances = [
        {
            "code": "bill_correction",
            "company": company,
            "moment": start + timedelta(minutes=number),
        }
        for number in range(COUNTED)
    ]
    clocks = env["creditbox.quality.clock"]._start_all(performances)
    for name, work in (
        ("count", clocks._recount),
        ("suspend", lambda: clocks._suspend(datetime(2026, 3, 2, 9), "permit")),
        ("resume", lambda: clocks._resume(datetime(2026, 3, 9, 9))),
        ("stop", lambda: clocks._stop(datetime(2026, 5, 4, 9))),
    ):
        env.flush_all()
        started = time.perf_counter()
        work()
        env.flush_all()
        seconds = time.perf_counter() - started
        yield {
            "bench": f"quality: {name} a performance",
            "n": COUNTED,
            "unit": "performance",
            "seconds": round(seconds, 3),
            "per_unit_ms": round(seconds / COUNTED * 1000, 3),
        }
