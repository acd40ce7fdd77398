"""Write-offs in several states, for the demo."""

from datetime import timedelta

import untouched

# how each request ends, its kind
COURSE = [
    ("requested", "loss"),
    ("posted", "loss"),
    ("offered", "settlement"),
    ("requested", "loss"),
    ("refused", "loss"),
]


def make(env, company):
    """A few requests of a company: its oldest small debts."""
    env = env(context={**env.context, "lang": "it_IT"})
    positions = untouched.positions(
        env,
        company,
        ("amount_credit", "=", 0),
        order="oldest_due_date desc, id",
        limit=len(COURSE),
    )
    reason = env.ref("creditbox_writeoff.reason_recovery_failed")
    for position, (end, kind) in zip(positions, COURSE, strict=False):
        values = {"kind": kind}
        if kind == "settlement":
            values |= {
                "amount_agreed": company.currency_id.round(position.amount_overdue / 2),
                "date_expiry": company._creditbox_today() + timedelta(days=30),
            }
        request = env["creditbox.writeoff"]._ask(
            position._overdue_lines(), reason, **values
        )
        if end in ("posted", "offered"):
            request.action_approve()
        elif end == "refused":
            request._end("refused", "Il cliente ha ripreso a lavorare")
    return len(positions)
