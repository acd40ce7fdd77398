"""An agency and a lawyer on the portal: ``agenzia``, ``avvocato``."""

import io
from datetime import date, timedelta

import order_portal
import untouched
from PIL import Image, ImageDraw

from odoo.addons.creditbox_base.tools import sheet
from odoo.addons.creditbox_base.tools.upload import take

LOGINS = (
    # login, name, firm: see cases.py
    ("agenzia", "Marta Collefiorito", "Recupero Valdifonte S.r.l."),
    ("avvocato", "Guido Pratelli", "Studio legale Arno"),
)
MORE = 4  # cases of each company that go to the agency besides those of cases.py


def make(env, companies, password):
    """A user of each firm, and something on each of their pages."""
    quiet = {"lang": "it_IT", "mail_activity_quick_update": True}
    env = env(context={**env.context, **quiet})
    agent, lawyer = (
        order_portal._user(env, companies, password, *one) for one in LOGINS
    )
    for company in companies:
        _hand_over(env, agent, company)
        for user in (agent, lawyer):
            _work(env, user, company)
    _file(env, agent)
    env.cr.commit()


def _own(env, user, domain=()):
    return env["creditbox.case"].with_user(user)._case_own(user, domain, order="id")


def _hand_over(env, agent, company):
    provider = env["creditbox.case"]._case_provider(agent)
    positions = untouched.positions(
        env, company, order="amount_overdue desc, id", limit=MORE
    )
    env["creditbox.case"]._open(positions, "agency")._assign(provider)


def _work(env, user, company):
    """All but the last are accepted; of these one is called, on two money came in."""
    cases = _own(env, user, [("company_id", "=", company.id)])
    if not cases:  # a demo of a few customers
        return
    taken = cases[:-1] or cases
    taken._case_accept(user)
    for number, case in enumerate(taken):
        case.sudo().date_assigned = date.today() - timedelta(days=20)
        _activities(env, user, case)
        if number < 3:
            _declare(env, user, case, number)
    taken[0]._case_write(
        user,
        "Il debitore chiede una dilazione in tre rate: posso proporla?\n"
        "Attendo riscontro.",
    )
    taken[0].with_env(env).message_post(
        body="Sì, fino a quattro rate mensili. Ci mandi poi l'accordo firmato.",
        author_id=taken[0].user_id.partner_id.id,
        partner_ids=user.partner_id.ids,
        subtype_xmlid="mail.mt_comment",
    )


def _activities(env, user, case):
    call = env.ref("creditbox_legal.activity_type_call").id
    values = {"type_id": call, "cost": 0}
    day = date.today() - timedelta(days=6)
    note = "Parlato con il debitore: paga a fine mese"
    case._case_enter(user, {**values, "date": day, "note": note, "cost": 3.5})
    case._case_enter(
        user, {**values, "date": date.today() + timedelta(days=5), "note": ""}
    )


def _declare(env, user, case, number):
    """One waits for the office, one is booked, one is refused."""
    declarations = env["creditbox.case.declaration"].with_user(user).sudo()
    amount = max(round(case.amount_due / 4, 2), 1)
    declared = declarations._declare(
        user,
        {
            "case": case,
            "amount": amount,
            "date": date.today() - timedelta(days=3),
            "channel": ("transfer", "cash", "cheque")[number],
            "reference": ("CRO 80211", "Ricevuta 17", "Assegno 004512")[number],
        },
        _receipt(amount),
    )
    office = declared.with_env(env)
    if number == 1:
        journal = env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", case.company_id.id)], limit=1
        )
        office._book_new(journal, date.today())
    elif number == 2:
        office.refusal = "L'assegno è tornato impagato il giorno dopo."
        office.action_refuse()


def _receipt(amount):
    image = Image.new("RGB", (640, 420), "#f4f1e6")
    draw = ImageDraw.Draw(image)
    draw.text((40, 40), "RICEVUTA", fill="#39424a", font_size=44)
    draw.text((40, 160), f"Euro {amount:.2f}".replace(".", ","), fill="#39424a",
              font_size=40)  # fmt: skip
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=80)
    stream.seek(0)
    return take(stream, "ricevuta.jpg")


def _file(env, user):
    """A file of collections of which some rows are refused."""
    uploads = env["creditbox.case.upload"].with_user(user).sudo()
    cases = _own(env, user, [("state", "=", "accepted")])
    if not cases:
        return
    day = date.today().strftime("%d/%m/%Y")
    channels = uploads.env["creditbox.case.declaration"]._fields["channel"]
    cash = dict(channels._description_selection(env))["cash"]
    rows = [[case.name, "10,00", day, cash, "Ricevuta 20"] for case in cases[:2]]
    rows += [
        [cases[0].name, "10,00", day, cash, "Ricevuta 20"],
        [cases[0].name, "1.000.000,00", day, cash, ""],
        ["PRATICA-CHE-NON-C-E", "50", day, "", ""],
        [cases[1:2].name or cases[0].name, "dieci euro", day, cash, ""],
    ]
    headings = list(uploads._headings().values())
    uploads._take(user, "incassi.xlsx", sheet.write("Incassi", headings, rows))
