"""The terms of a policy for the covers of the demo, and what the insurer was told."""

from datetime import timedelta


def make(env, company):
    """A policy; the bills most overdue are declared, the others wait.

    :return: number of bills that were declared
    """
    env = env(context={**env.context, "lang": "it_IT"})
    covers = env["creditbox.cover"].search([("company_id", "=", company.id)])
    today = company._creditbox_today()
    env["creditbox.policy"].create(
        [
            {
                "name": number,
                "company_id": company.id,
                "provider_id": own.provider_id.id,
                "partner_id": env["res.partner"]
                .create({"name": own.provider_id.name, "is_company": True})
                .id,
                "date_from": today - timedelta(days=300),
                "max_payment_days": 90,
                "declare_days": 60,
                "waiting_days": 120,
                "insured_percent": 85,
                "deductible": 100,
            }
            for number, own in covers.grouped("policy").items()
        ]
    )
    env.flush_all()
    bills = env["creditbox.insured.bill"].search([("company_id", "=", company.id)])
    told = bills.filtered(lambda bill: bill.days_left < -30)
    if told:
        told.action_declare()
    env["creditbox.policy"]._cron_remind()
    return len(told)
