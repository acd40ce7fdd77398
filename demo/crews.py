"""A crew with its phone, for the demo: the login ``squadra``."""

from datetime import date, datetime, time

PLACES = ("on_site", "sent")
POINT = (43.66, 10.63)  # about Pontedera


def make(env, companies, password):
    """A crew of each company, one login for all, with the orders that are handed out."""
    user = (
        env["res.users"]
        .with_context(no_reset_password=True)
        .create(
            {
                "name": "Squadra Arno 1",
                "login": "squadra",
                "password": password,
                "email": "squadra@gruppovaldifonte.example.com",
                "lang": "it_IT",
                "tz": "Europe/Rome",
                "company_id": companies[0].id,
                "company_ids": [company.id for company in companies],
                "group_ids": [env.ref("base.group_portal").id],
            }
        )
    )
    crew = env["fsm.person"].create({"partner_id": user.partner_id.id})
    orders = env["fsm.order"].search([("creditbox_state", "in", PLACES)])
    for place, order in enumerate(orders, start=1):
        supply = order.creditbox_supply_id
        if not supply.latitude:
            supply.latitude = POINT[0] + place / 500
            supply.longitude = POINT[1] + place / 700
        order.write(
            {
                "person_id": crew.id,
                "creditbox_route_sequence": place,
                "scheduled_date_start": datetime.combine(
                    date.today(), time(7 + place // 2, 30 * (place % 2))
                ),
            }
        )
    stopped = env["fsm.order"].search([("creditbox_state", "=", "stopped")], limit=1)
    stopped.person_id = crew
    env.cr.commit()
