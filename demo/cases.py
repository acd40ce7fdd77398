"""Cases with an agency, a lawyer and the court, for the demo."""

from datetime import date, timedelta

import untouched

COURSE = ("agency", "injunction", "lawyer")
PROVIDERS = (("agency", "Recupero Valdifonte S.r.l."), ("lawyer", "Studio legale Arno"))


def make(env, company):
    """Hand a few old debts of a company over, as its supervisor does.

    :return: int, cases
    """
    env = env(context={**env.context, "lang": "it_IT"})
    providers = {kind: _provider(env, company, kind, name) for kind, name in PROVIDERS}
    positions = untouched.positions(
        env, company, order="amount_overdue desc, id", limit=len(COURSE)
    )
    count = 0
    for position, kind in zip(positions, COURSE, strict=False):
        case = env["creditbox.case"]._open(position, kind, env.user)
        case._assign(providers["agency" if kind == "agency" else "lawyer"])
        _plan(env, case, kind)
        count += len(case)
    return count


def _provider(env, company, kind, name):
    providers = env["creditbox.provider"].sudo()
    found = providers.search([("name", "=", name)], limit=1)
    if not found:
        partner = (
            env["res.partner"]
            .sudo()
            .create(
                {
                    "name": name,
                    "is_company": True,
                    "email": f"{kind}@example.com",
                    "lang": "it_IT",
                }
            )
        )
        found = providers.create(
            {"name": name, "kind": kind, "partner_id": partner.id, "company_id": False}
        )
    env["creditbox.mandate"].sudo().create(
        {
            "provider_id": found.id,
            "company_id": company.id,
            "recall_days": 180,
            "fee_ids": [(0, 0, {"age_from": 0, "percent": 12})],
        }
    )
    return found.sudo(False)


def _plan(env, case, kind):
    name = "appeal" if kind == "injunction" else "call"
    env["creditbox.case.plan"].create(
        {
            "case_ids": case.ids,
            "type_id": env.ref(f"creditbox_legal.activity_type_{name}").id,
            "date": date.today() + timedelta(days=3),
        }
    ).action_plan()
