"""Positions that nothing has happened to yet: what one part of the demo shows, another
must not take away."""

WITH_THE_CREW = ("sent", "on_site")


def positions(env, company, *more, order, limit):
    """
    :param more: further conditions of a domain
    :return: creditbox.position, overdue, with nobody else and no crew
    """
    return env["creditbox.position"].search(
        [
            ("company_id", "=", company.id),
            ("state", "=", "overdue"),
            ("item_ids", "not any", [("exclusion", "!=", False)]),
            ("order_ids", "not any", [("creditbox_state", "in", WITH_THE_CREW)]),
            *more,
        ],
        order=order,
        limit=limit,
    )
