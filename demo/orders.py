"""Orders at the meter in every state, for the demo."""

from datetime import date, datetime, time, timedelta

from odoo.addons.creditbox_base.tools.terms import forbids_suspension

# how far each order has come; the operation
COURSE = [
    ("on_site", "suspension"),
    ("given_back", "suspension"),
    ("stopped", "suspension"),
    ("sent", "suspension"),
    ("not_executable", "suspension"),
    ("planned", "suspension"),
    ("requested", "suspension"),
    ("done", "suspension"),
    ("cancelled", "check"),
    ("accepted", "suspension"),
    ("sent", "notice"),
    ("planned", "check"),
    ("requested", "notice"),
]
PATH = ("accepted", "planned", "sent", "on_site")


def make(env, company):
    """A few orders of a company: its oldest debts at meters that may be touched.

    Made as people do, but on one day: what the law asks before is left out.
    """
    # nobody is written to about the activities that these orders raise
    quiet = {"lang": "it_IT", "mail_activity_quick_update": True}
    env = env(context={**env.context, **quiet})
    positions = env["creditbox.position"].search(
        [
            ("company_id", "=", company.id),
            ("state", "=", "overdue"),
            ("supply_id.meter_id.meter_type_id.suspendable", "=", True),
            ("supply_id.meter_id.meter_state_id.supplied", "=", True),
        ],
        order="oldest_due_date, id",
        limit=len(COURSE),
    )
    orders = env["fsm.order"]
    for position, (end, operation) in zip(positions, COURSE, strict=False):
        order = orders._request(
            orders._demands_by_hand(position, operation), "operator"
        )
        order.sudo().scheduled_date_start = _next_morning()
        order.sudo().scheduled_duration = 0.5
        for state in PATH[: _steps(end)]:
            order._enter(state)
        _end(order, end)
    _propose_removal(env, company, positions)
    return orders.search_count([("company_id", "=", company.id)])


def _propose_removal(env, company, taken):
    """A supply that was suspended without effect: somebody decides on the removal."""
    position = env["creditbox.position"].search(
        [
            ("company_id", "=", company.id),
            ("state", "=", "overdue"),
            ("id", "not in", taken.ids),
            ("supply_id.meter_id.meter_state_id.supplied", "=", True),
        ],
        order="oldest_due_date, id",
        limit=1,
    )
    if not position:
        return
    removable = env.ref("creditbox_base.meter_type_removable")
    position.supply_id.meter_id.sudo().meter_type_id = removable
    orders = env["fsm.order"]
    order = orders._request(orders._demands_by_hand(position, "suspension"), "operator")
    for state in PATH:
        order._enter(state)
    _end(order, "done")
    position._schedule_removal({position: position.amount_overdue})


def _steps(end):
    if end in PATH:
        return PATH.index(end) + 1
    return {"requested": 0, "cancelled": 1, "stopped": 3}.get(end, 4)


def _end(order, end):
    env = order.env
    if end in ("done", "given_back"):
        order._carry_out()
        if end == "given_back":
            _pay(order)
    elif end == "not_executable":
        reason = env.ref("creditbox_utility.order_reason_inaccessible")
        order.action_not_executable(reason)
    elif end == "cancelled":
        order.action_cancel()
    elif end == "stopped":
        env["creditbox.hold"].create(
            {
                "company_id": order.company_id.id,
                "level": "supply",
                "supply_id": order.creditbox_supply_id.id,
                "reason_id": env.ref("creditbox_base.hold_reason_check").id,
                "date_from": date.today(),
                "date_to": date.today() + timedelta(days=10),
            }
        )


def _pay(order):
    """At the bank: what was cut is given back by itself."""
    lines = order.sudo().creditbox_position_id.open_line_ids
    bills = lines.move_id.filtered(lambda move: move.move_type == "out_invoice")
    lines.env["account.payment.register"].with_context(
        active_model="account.move", active_ids=bills.ids
    ).create({"group_payment": True})._create_payments()


def _next_morning():
    """The next day on which a supply may be suspended, at eight or nine."""
    day = date.today() + timedelta(days=1)
    while forbids_suspension(day):
        day += timedelta(days=1)
    return datetime.combine(day, time(8))
