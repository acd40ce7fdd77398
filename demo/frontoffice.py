"""Requests at counter, on the phone and in writing, for the demo."""

from datetime import datetime, time, timedelta, timezone

from odoo.fields import Command

# procedure, days since it came in, channel, what has been done: (step, days after it
# came in), what it ends or stands still with
REQUESTS = (
    ("complaint", 62, "mail", (("admitted", 2), ("answer", 58)), None),
    ("complaint", 33, "pec", (("admitted", 1), ("answer", 20)), None),
    ("complaint", 40, "mail", (("admitted", 3),), None),
    ("complaint", 4, "portal", (), None),
    ("information", 12, "phone", (("answer", 3),), None),
    ("billing_correction", 25, "mail", (("admitted", 1), ("answer", 18)), None),
    ("quote_new", 30, "counter", (("admitted", 1),), ("wait", 5, "customer")),
    ("quote_new", 9, "counter", (("admitted", 1), ("survey", 3)), None),
    ("quote_change", 16, "counter", (("admitted", 2), ("quote", 6)), None),
    ("quote_change", 24, "mail", (("admitted", 1), ("acceptance", 9)), None),
    ("meter_check", 15, "phone", (("admitted", 1), ("visit", 8)), None),
    ("meter_check", 6, "counter", (("admitted", 1),), None),
    (
        "pressure_check",
        20,
        "phone",
        (("admitted", 1), ("visit", 7), ("result", 12)),
        None,
    ),
    ("deactivation", 3, "counter", (("admitted", 0),), None),
    ("deactivation", 21, "mail", (), ("withdraw", 2, None)),
    ("master_data", 2, "counter", (), None),
    ("statement", 1, "counter", (("execution", 0),), None),
    ("direct_debit", 5, "counter", (), None),
    ("instalments", 2, "counter", (), None),
)
PARTS = {
    "part_complaint": "Reclamo sulla bolletta: consumi ritenuti troppo alti.",
    "part_checks": "Abbiamo controllato il contatore e le letture di due anni.",
    "part_conclusions": "La bolletta è fatta su una lettura rilevata: resta dovuta.",
}
CHANNELS = {
    "mail": "helpdesk_mgmt.helpdesk_ticket_channel_email",
    "phone": "helpdesk_mgmt.helpdesk_ticket_channel_phone",
    "counter": "creditbox_frontoffice.channel_counter",
    "pec": "creditbox_frontoffice.channel_pec",
    "portal": "creditbox_frontoffice.channel_portal",
}
QUEUE = (
    # minutes ago taken, called after, served after; None: still waiting
    (95, 6, 14),
    (80, 11, 22),
    (62, 4, 9),
    (41, 17, None),
    (25, None, None),
    (12, None, None),
)


def make(env, company, clerk, officer):
    """Requests of a company's customers, and the queue of today.

    :param clerk: res.users at the counter; officer: of the back office
    :return: int, requests
    """
    context = {**env.context, "lang": "it_IT", "creditbox_request": True}
    context["allowed_company_ids"] = company.ids
    counter, office = (env(user=user, context=context) for user in (clerk, officer))
    supplies = counter["creditbox.supply"].search(
        [
            ("company_id", "=", company.id),
            ("partner_id", "!=", False),
            ("date_end", "=", False),
        ],
        order="code desc",
        limit=len(REQUESTS),
    )
    for supply, request in zip(supplies, REQUESTS, strict=False):
        _make_request(counter, office, supply, *request)
    _make_queue(counter, company)
    return min(len(supplies), len(REQUESTS))


def _make_request(counter, office, supply, code, days, channel, steps, end):
    received = _at(supply.company_id, days)
    procedure = counter.ref(f"creditbox_frontoffice.procedure_{code}")
    asks = procedure.data_ids.mapped("field_name")
    values = {
        "creditbox_supply_id": supply.id,
        "partner_id": supply.partner_id.id,
        "description": "<p>Come da richiesta del cliente.</p>",
        "creditbox_place": f"{supply.street}, {supply.city}",
        "creditbox_quantity": 1,
        "creditbox_service_type_id": supply.service_type_id.id,
        "creditbox_move_id": _last_bill(counter, supply).id,
        "creditbox_instalments": 12,
        "creditbox_iban": "IT60X0542811101000000123456",
        "creditbox_holder": supply.partner_id.name,
    }
    if procedure.audience == "new":
        asks = [name for name in asks if name != "creditbox_supply_id"]
    ticket = counter["helpdesk.ticket"].create(
        {
            "creditbox_procedure_id": procedure.id,
            "company_id": supply.company_id.id,
            "date_received": received,
            "channel_id": counter.ref(CHANNELS[channel]).id,
            **{name: value for name, value in values.items() if name in asks},
        }
    )
    ticket.creditbox_document_ids.seen = True
    if steps:
        ticket.with_env(office).user_id = office.user
    if any(step == "survey" for step, _after in steps):
        ticket.with_env(office).creditbox_survey = True
    for step, after in steps:
        _step(office, ticket, step, received + timedelta(days=after, hours=2))
    if end:
        kind, after, cause = end
        moment = received + timedelta(days=after, hours=3)
        ticket = ticket.with_env(office)
        if kind == "wait":
            ticket._wait(cause, moment, "Manca la planimetria dell'immobile")
        else:
            ticket._withdraw(moment, "Il cliente resta nell'immobile")


def _last_bill(env, supply):
    return env["account.move"].search(
        [
            ("creditbox_supply_id", "=", supply.id),
            ("move_type", "=", "out_invoice"),
            ("state", "=", "posted"),
        ],
        order="invoice_date desc, id desc",
        limit=1,
    )


def _step(office, ticket, step, moment):
    """As the wizard does it: with the answer, where one is written.

    Where a distributor carries out, the request is handed over to it first.
    """
    reached = None
    while reached != step:
        following = ticket.with_env(office).creditbox_next_id.code
        quote = following in ("quote", "acceptance") and _quote(office, ticket)
        wizard = office["creditbox.request.step"].create(
            {"ticket_id": ticket.id, "moment": moment, "quote_id": quote and quote.id}
        )
        if wizard.complaint:
            wizard.write(PARTS)
        if wizard.answers and not wizard.body:
            wizard.body = "<p>Le diamo le informazioni richieste.</p>"
        reached = wizard.code
        wizard.action_confirm()


def _quote(office, ticket):
    """:return: creditbox.quote of the request, made when there is none"""
    quote = ticket.with_env(office).creditbox_quote_ids
    return quote or office["creditbox.quote"].create(
        {
            "ticket_id": ticket.id,
            "complexity": "simple",
            "works": "Spostamento del contatore di due metri, nella stessa nicchia.",
            "line_ids": [
                Command.create({"name": name, "quantity": 1, "price_unit": price})
                for name, price in (("Spostamento del contatore", 180), ("Scavo", 95))
            ],
        }
    )


def _at(company, days):
    """:return: naive UTC, half past ten of a day in the company's zone"""
    day = company._creditbox_today() - timedelta(days=days)
    local = datetime.combine(day, time(10 if days else 6, 30))
    local = local.replace(tzinfo=company._creditbox_zone())
    return local.astimezone(timezone.utc).replace(tzinfo=None)


def _make_queue(env, company):
    tickets = env["creditbox.counter.ticket"]
    now = datetime.now(timezone.utc).replace(tzinfo=None, microsecond=0)
    for taken, called, served in QUEUE:
        start = now - timedelta(minutes=taken)
        ticket = tickets.create({"company_id": company.id, "date_taken": start})
        if called is not None:
            ticket.action_call()
            ticket.sudo().date_called = start + timedelta(minutes=called)
        if served is not None:
            ticket.action_serve()
            ticket.sudo().date_served = start + timedelta(minutes=served)
