"""A client company and a contractor on the portal: ``committente``, ``appaltatore``."""

import io
from datetime import date, datetime, timedelta

from PIL import Image, ImageDraw

from odoo.fields import Command

from odoo.addons.creditbox_base.tools import sheet

CONTRACTOR = "Contatori Sud S.r.l."
LOGINS = (
    # login, name, firm
    ("committente", "Livia Pratomonte", "Valdifonte Vendita S.r.l."),
    ("appaltatore", "Sergio Castelvento", CONTRACTOR),
)
MOST = 6  # orders that the client asks for in each company
POINT = (43.66, 10.63)  # about Pontedera
PHOTOS = (
    ("before", "#c9d3da", "PRIMA"),
    ("after", "#b9cbb8", "DOPO"),
    ("seal", "#e4cf9f", "SIGILLO"),
    ("meter", "#d5c3c3", "CONTATORE"),
)


def make(env, companies, password):
    """The two firms with a user each, and something on each of their pages."""
    quiet = {"lang": "it_IT", "mail_activity_quick_update": True}
    env = env(context={**env.context, **quiet})
    client, contractor = (_user(env, companies, password, *one) for one in LOGINS)
    env["creditbox.order.client"].create(
        [
            {"partner_id": client.commercial_partner_id.id, "company_id": company.id}
            for company in companies
        ]
    )
    for company in companies:
        _client_orders(env, client, company)
        _contractor_orders(env, contractor, company)
    _file(env, client, companies[0])
    env.cr.commit()


def _user(env, companies, password, login, name, firm):
    partners = env["res.partner"]
    parent = partners.search([("name", "=", firm), ("is_company", "=", True)], limit=1)
    parent = parent or partners.create({"name": firm, "is_company": True})
    email = f"{login}@example.com"
    partner = partners.create({"name": name, "parent_id": parent.id, "email": email})
    return (
        env["res.users"]
        .with_context(no_reset_password=True)
        .create(
            {
                "login": login,
                "password": password,
                "partner_id": partner.id,
                "lang": "it_IT",
                "tz": "Europe/Rome",
                "company_id": companies[0].id,
                "company_ids": [Command.set([company.id for company in companies])],
                "group_ids": [Command.set(env.ref("base.group_portal").ids)],
            }
        )
    )


def _free_supplies(env, company):
    """Supplies that have been billed and at which nobody works."""
    return (
        env["creditbox.position"]
        .search(
            [
                ("company_id", "=", company.id),
                ("supply_id.meter_id.meter_state_id.supplied", "=", True),
                ("supply_id.code", "!=", False),
            ],
            order="id desc",
            limit=300,
        )
        .supply_id.filtered(lambda supply: not supply.order_ids)
    )


def _client_orders(env, user, company):
    """Checks that the client asks for, and the changes that wait for an answer."""
    own = env["fsm.order"].with_user(user).sudo()
    wanted = date.today() + timedelta(days=12)
    answers = own._ask_by_client(
        user,
        [
            {
                "row": row,
                "supply": supply.code,
                "operation": "check",
                "date": wanted,
                "note": "Suonare al custode" if row == 2 else None,
            }
            for row, supply in enumerate(_free_supplies(env, company)[:MOST], start=1)
        ],
    )
    orders = own.browse([answer["order_id"] for answer in answers if answer["ok"]])
    orders |= own._portal_orders(
        "client",
        user,
        [("company_id", "=", company.id), ("creditbox_state", "=", "planned")],
        limit=3,
    )
    changes = own.env["creditbox.order.change"]
    for order, ask in zip(
        orders,
        (
            {
                "kind": "date",
                "wanted_date": date.today() + timedelta(days=15),
                "note": "Il cliente è fuori sede fino al giorno prima.",
            },
            {"kind": "contact", "note": "Sul posto: signora Bellandi, 0587 0000123"},
            {"kind": "cancel", "note": "Il contatore è già stato sostituito."},
        ),
        strict=False,
    ):
        changes._ask_for(user, order, ask)


def _contractor_orders(env, user, company):
    """Orders of the contractor's crew in every state that its pages know."""
    crew = env["fsm.person"].search(
        [
            ("creditbox_contractor_id", "=", user.commercial_partner_id.id),
            ("company_id", "=", company.id),
        ],
        limit=1,
    )
    orders = env["fsm.order"]
    waiting = orders.search(
        [
            ("company_id", "=", company.id),
            ("creditbox_state", "in", ("requested", "accepted")),
            ("person_id", "=", False),
            ("creditbox_origin", "!=", "client"),
        ],
        limit=4,
    )
    waiting.person_id = crew
    planned = orders.search(
        [("person_id", "=", crew.id), ("creditbox_state", "=", "planned")], limit=3
    )
    for order in planned:
        order._enter("sent")
    # of these one is carried out, one is paid on the way
    for order in planned[1:2]:
        order._enter("on_site")
        order._add_photos([_photo(order, *one) for one in PHOTOS])
        order._write_at_the_meter(1234.5, "SIG-20417")
        order._carry_out()
        order._keep_reading()
    for order in planned[2:3]:
        order._stop()


def _photo(order, kind, color, words):
    image = Image.new("RGB", (640, 640), color)
    draw = ImageDraw.Draw(image)
    draw.ellipse((120, 120, 520, 520), outline="#39424a", width=18, fill="#f4f6f7")
    draw.rectangle((220, 270, 420, 340), fill="#23292e")
    draw.text((245, 285), "01234", fill="#f4f6f7", font_size=40)
    draw.text((250, 370), words, fill="#39424a", font_size=32)
    draw.text((40, 590), order.name, fill="#39424a", font_size=28)
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=80)
    return {
        "kind": kind,
        "image": stream.getvalue(),
        "taken_at": datetime.now() - timedelta(minutes=20),
        "latitude": POINT[0],
        "longitude": POINT[1],
        "accuracy": 8,
    }


def _file(env, user, company):
    """A file of orders of which some rows are refused."""
    uploads = env["creditbox.order.upload"].with_user(user).sudo()
    from_now = (date.today() + timedelta(days=20)).strftime("%d/%m/%Y")
    operation = env["fsm.order"]._fields["creditbox_operation"]
    check = dict(operation._description_selection(env))["check"]
    supplies = env["creditbox.supply"].search(
        [("company_id", "=", company.id), ("position_ids", "!=", False)]
    )
    # those at which nobody works yet are accepted
    codes = supplies.sorted(lambda supply: bool(supply.order_ids))[:4].mapped("code")
    rows = [[code, check, from_now, ""] for code in codes]
    rows += [
        [codes[0], check, from_now, "ripetuta"],
        ["UTENZA-CHE-NON-C-E", check, from_now, ""],
        [codes[1], "Pittura", "", ""],
        [codes[2], check, "31/02/2027", ""],
    ]
    headings = list(uploads._headings(("supply", "operation", "date", "note")).values())
    content = sheet.write("Ordini", headings, rows)
    uploads._take(user, "client", "ordini-novembre.xlsx", content)
