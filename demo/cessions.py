"""Assignments of credit for the demo: one made, one being prepared."""

from datetime import timedelta

import untouched

SIZE = 4


def make(env, company):
    """
    :return: number of bills in them
    """
    env = env(context={**env.context, "lang": "it_IT"})
    positions = untouched.positions(
        env,
        company,
        ("amount_credit", "=", 0),
        order="amount_overdue desc, id",
        limit=2 * SIZE,
    )
    assignee = env["res.partner"].create(
        {
            "name": "Factor Demo S.p.A.",
            "is_company": True,
            "street": "Via Larga 3",
            "zip": "20122",
            "city": "Milano",
            "company_id": company.id,
        }
    )
    cessions = env["creditbox.cession"]
    for group, kind in ((positions[:SIZE], "with"), (positions[SIZE:], "without")):
        if not group:
            continue
        cession = cessions._prepare_of(group)
        cession.write(
            {
                "partner_id": assignee.id,
                "kind": kind,
                "price": company.currency_id.round(cession.amount * 0.7),
                "date_deed": company._creditbox_today() - timedelta(days=1),
                "instructions": "IBAN IT60 X054 2811 1010 0000 0123 456",
            }
        )
        cessions |= cession
    if cessions:
        cessions[0].action_assign()
    return sum(cessions.mapped("line_count"))
