"""What the demo's clerks have done lately: promises, calls, activities."""

from datetime import date, timedelta

PROMISES = (
    # made so many days ago, first day after, days to the second
    (0, 7, 14),
    (20, 5, 7),
    (6, 6, 10),
    (2, 10, 15),
)
CALLS = (
    # outcome, note, call back in so many days
    ("promise", "Paga in due volte, la seconda a fine mese", None),
    ("no_answer", False, 1),
    ("paid", "Dice di aver pagato in posta: manda la ricevuta", 0),
    ("spoken", "Chiede una rateizzazione", None),
    ("dispute", "Contesta i consumi di marzo: ha fatto reclamo", None),
    ("callback", "Al lavoro: richiamare dopo le 18", 0),
    ("wrong_number", "Risponde un'altra persona", None),
    ("spoken", "Bolletta mai arrivata: rispedita", None),
)


def make(env, record):
    """What the clerks have done lately: promises, calls, activities."""
    positions = env["creditbox.position"].search(
        [
            ("company_id", "=", record.id),
            ("state", "=", "overdue"),
            ("user_id", "!=", False),
        ],
        order="amount_overdue desc, id",
    )
    for number, position in enumerate(positions[:16]):
        if number % 4 == 0:
            _promise(env, position, *PROMISES[number // 4])
        if number % 2 == 0:
            _call(env, position, *CALLS[number // 2])
        if number % 5 == 1:
            position.activity_schedule(
                "mail.mail_activity_data_call",
                date_deadline=date.today() - timedelta(number - 6),
                summary="Sentire il cliente sulla rateizzazione",
                user_id=position.user_id.id,
            )
    env["creditbox.promise"].search(
        [("company_id", "=", record.id), ("state", "=", "open")]
    )._value()
    env.cr.commit()


def _promise(env, position, made, first, days):
    made = date.today() - timedelta(made)
    half = round(position.amount_overdue / 2, 2)
    amounts = (half, round(position.amount_overdue - half, 2))
    env["creditbox.promise"].create(
        {
            "partner_id": position.partner_id.id,
            "company_id": position.company_id.id,
            "position_id": position.id,
            "user_id": position.user_id.id,
            "date": made,
            "note": "Aspetta lo stipendio di fine mese",
            "line_ids": [
                (0, 0, {"date": made + timedelta(first + days * n), "amount": x})
                for n, x in enumerate(amounts)
                if x > 0
            ],
        }
    )


def _call(env, position, outcome, note, back):
    partner = position.partner_id
    env["creditbox.call"].create(
        {
            "partner_id": partner.id,
            "company_id": position.company_id.id,
            "user_id": position.user_id.id,
            "number": partner.creditbox_mobile or partner.phone,
            "outcome": outcome,
            "note": note,
            "date_callback": back is not None and date.today() + timedelta(back),
        }
    )
