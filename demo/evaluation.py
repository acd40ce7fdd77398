"""Scores, limits, covers, reports and alerts of the demo's customers."""

import json
from datetime import date, timedelta


def make_providers(env):
    """Whoever answers for customers, and whoever knows them: of the whole group."""
    return env["creditbox.provider"].create(
        [
            {"name": "Assicrediti Demo", "kind": "insurer"},
            {
                "name": "Infocommerciale Demo",
                "kind": "information",
                "info_price": 3.5,
            },
        ]
    )


def make(env, record, insurer, information):
    """Limits, covers, reports and an insolvency; then the score of everybody."""
    ratings = env["creditbox.rating"]
    ratings._refresh(companies=record)
    _invent_course(env, record)
    debtors = env["creditbox.position"].search(
        [("company_id", "=", record.id), ("amount_overdue", ">", 0)],
        order="amount_overdue desc, id",
    )
    customers = debtors.partner_id[:12]
    owner = [{"partner_id": c.id, "company_id": record.id} for c in customers]
    manager = env["res.users"].search([("login", "=", "responsabile")])
    limits = env["creditbox.limit"].with_user(manager)
    limits.with_context(allowed_company_ids=record.ids).create(
        [{**vals, "amount": 500 * (1 + n % 4)} for n, vals in enumerate(owner[:8])]
    )
    today = date.today()
    env["creditbox.cover"].create(
        [
            {
                **vals,
                "provider_id": insurer.id,
                "policy": f"POL-{record.id}-001",
                "amount": 400 * (1 + n),
                "date_from": today - timedelta(300),
                "date_to": today + timedelta(20 + 60 * n),
            }
            for n, vals in enumerate(owner[2:6])
        ]
    )
    _report_on(env, customers[1:4], record, information)
    env["creditbox.alert"].create(
        {
            **owner[-1],
            "kind": "insolvency",
            "date_fact": today - timedelta(4),
            "note": "Liquidazione giudiziale: comunicazione del curatore.",
        }
    )
    ratings._refresh(companies=record)
    env.cr.commit()
    alerts = env["creditbox.alert"].search_count(
        [("company_id", "=", record.id), ("state", "!=", "closed")]
    )
    return alerts


def _invent_course(env, record):
    """A past of the scores, which a new database does not have."""
    env.cr.execute(
        """
        INSERT INTO creditbox_rating_history (
            rating_id, partner_id, company_id, date, state, score, band_id,
            mean_days, amount_overdue)
        SELECT id, partner_id, company_id, day, state, former.score,
               (SELECT id FROM creditbox_rating_band
                 WHERE company_id IS NULL AND score_from <= former.score
                 ORDER BY score_from DESC LIMIT 1),
               mean_days, amount_overdue
          FROM creditbox_rating
         CROSS JOIN generate_series(1, 9) AS back
         CROSS JOIN LATERAL (
            SELECT (date_trunc('month', %s::date)
                    - make_interval(months => back))::date AS day,
                   GREATEST(0, LEAST(100, score
                       + (back * 3 - 4) * (id %% 5 - 1)
                       + (id * 7 + back * 11) %% 7 - 3)) AS score) AS former
         WHERE company_id = %s AND state = 'rated'
        """,
        [date.today(), record.id],
    )


def _report_on(env, customers, record, information):
    """Reports as an answer file would bring them."""
    reports = env["creditbox.information.report"]
    reports = reports._request(customers, record, information)
    found = ("A3 – regolare", "B2 – ritardi nei pagamenti", "C1 – protesti")
    way = env["creditbox.information.by.file"]
    for report, rating in zip(reports, found, strict=False):
        values = {"rating": rating, "amount_limit": "1500", "insolvency": "no"}
        way._receive(report, values, json.dumps(values, ensure_ascii=False))
