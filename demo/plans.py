"""Repayment plans in every state, for the demo."""

from datetime import date, timedelta

import untouched

from odoo import Command

# how far each plan has come; days from today to its first instalment, instalments paid
COURSE = [
    ("live", -20, 1),
    ("live", -50, 2),
    ("late", -15, 0),
    ("late", -45, 1),
    ("proposed", 20, 0),
    ("proposed", 12, 0),
    ("to_approve", 20, 0),
    ("to_approve", 25, 0),
    ("draft", 20, 0),
    ("kept", -70, 3),
    ("broken", -60, 0),
    ("refused", 20, 0),
    ("live", -5, 1),
]
RESERVE = 8  # positions that another of the customer's plans keeps from having one


def make(env, company):
    """A few plans of a company, as its people make them.

    :return: number of plans
    """
    env = env(context={**env.context, "lang": "it_IT"})
    company = company.with_env(env)
    positions = untouched.positions(
        env,
        company,
        ("amount_overdue", ">=", 150),
        ("supply_id", "!=", False),
        order="days_overdue, id",
        limit=len(COURSE) + RESERVE,
    )
    made = 0
    for position in positions:
        if made == len(COURSE):
            break
        if position._plan_lines() and _make(env, position, *COURSE[made]):
            made += 1
    return made + _give_back(env, company)


def _give_back(env, company):
    """The first instalment of a customer whose supply is suspended: it comes back.

    :return: number of plans
    """
    cuts = env["fsm.order"].search(
        [("company_id", "=", company.id), ("creditbox_cuts", "=", True)], order="id"
    )
    for position in cuts.creditbox_position_id:
        under_way = position.supply_id.order_ids._open_ones()
        if (
            not under_way
            and not position.activity_ids
            and not position.plan_ids
            and position._plan_lines()
        ):
            _make(env, position, "live", -5, 1)
            return 1
    return 0


def _make(env, position, end, first, paid):
    plans = env["creditbox.plan"]
    today = date.today()
    values = plans._prepare(
        position,
        origin="counter",
        date_request=today + timedelta(min(first, 20) - 20),
        date_first=today + timedelta(first),
    )
    if end == "kept":
        values |= {"instalment_count": 3, "shorter_agreed": True}
    plan = plans.create(values)
    if end == "draft":
        return plan
    boss = env(user=env["res.users"].search([("login", "=", "responsabile")]))
    plan.action_request()
    if end == "to_approve":
        return plan
    plan = plan.with_env(boss)
    if end == "refused":
        plan.action_refuse()
        return plan
    if plan.review_ids:
        plan.validate_tier()
    plan.action_approve()
    if end == "proposed":
        return plan
    plan.action_accept()
    for line in plan.line_ids[:paid]:
        _pay(plan, line.amount)
    if end == "broken":
        plan.sudo()._value_sets(plan.company_id)._break_late()
    return plan


def _pay(plan, amount):
    """Money that has come in at the bank, without the number of a bill."""
    company = plan.company_id
    env = plan.sudo().with_context(lang=company.partner_id.lang).env
    journal = env["account.journal"].search(
        [("company_id", "=", company.id), ("type", "=", "bank")], limit=1
    )
    account = plan.line_ids.sudo()._receivable()[:1].account_id
    move = env["account.move"].create(
        {
            "journal_id": journal.id,
            "company_id": company.id,
            "creditbox_supply_id": plan.supply_id.id,
            "line_ids": [
                Command.create(
                    {"account_id": journal.default_account_id.id, "debit": amount}
                ),
                Command.create(
                    {
                        "account_id": account.id,
                        "partner_id": plan.partner_id.id,
                        "credit": amount,
                    }
                ),
            ],
        }
    )
    move.action_post()
