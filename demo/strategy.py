"""Portfolios and operators, an assignment that was applied and one on paper."""

OPERATORS = ("operatore", "supervisore")
PORTFOLIOS = (
    {"name": "Grandi importi", "sequence": 1, "amount_from": 500, "balance": "amount"},
    {"name": "Oltre 90 giorni", "sequence": 2, "days_from": 91},
    {"name": "Ordinario", "sequence": 3, "balance": "count"},
)


def make(env, company):
    """
    :return: int, portfolios
    """
    env = env(context={**env.context, "lang": "it_IT"})
    users = env["res.users"].search([("login", "in", OPERATORS)])
    env["creditbox.operator"].create(
        [{"user_id": user.id, "company_id": company.id} for user in users]
    )
    portfolios = env["creditbox.portfolio"].create(
        [{**values, "company_id": company.id} for values in PORTFOLIOS]
    )
    # the youngest wait for whoever shares them out
    env["creditbox.position"].search(
        [("company_id", "=", company.id), ("amount_overdue", ">", 0)],
        order="oldest_due_date desc, id",
        limit=8,
    ).user_id = False
    assignments = env["creditbox.assignment"]
    first = assignments.create(
        {"company_id": company.id, "reason": "Nuove posizioni del mese"}
    )
    first.action_simulate()
    first.action_apply()
    second = assignments.create(
        {
            "company_id": company.id,
            "reason": "Riequilibrio tra operatori",
            "scope": "all",
        }
    )
    second.action_simulate()
    return len(portfolios)
