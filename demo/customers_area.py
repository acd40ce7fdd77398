"""Users of the customers' area, and what they have sent: called by demo/build.py."""

import io
from datetime import date, timedelta

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen import canvas

from odoo.addons.creditbox_base.tools.upload import take

PASSWORD = "demo"
CUSTOMER, DELEGATE = "cliente", "condominio"


def facsimile(lines):
    """:return: bytes of a PDF that says what it is"""
    stream = io.BytesIO()
    page = canvas.Canvas(stream, pagesize=A4)
    for place, line in enumerate(["FAC-SIMILE, demo di CreditBox", *lines]):
        page.drawString(60, 780 - 20 * place, line)
    page.save()
    return stream.getvalue()


def make(env):
    """A customer who owes, and whoever looks after him and another one."""
    customers = _customers(env)
    for customer in customers:
        _attach_bills(env, customer)
        _read_meters(env, customer)
    customer = customers[0]
    _make_user(env, CUSTOMER, customer)
    delegate = _make_delegate(env, customers)
    _send(env, customer, delegate)
    env.cr.commit()


def _customers(env):
    """Two customers of a company, with the most overdue bills."""
    groups = env["creditbox.position"]._read_group(
        [("supply_id", "!=", False), ("state", "=", "overdue")],
        ["partner_id"],
        ["overdue_count:sum"],
        order="overdue_count:sum desc, partner_id",
        limit=20,
    )
    found = [partner for partner, _count in groups if not partner.is_company]
    company = found[0].company_id
    return [partner for partner in found if partner.company_id == company][:2]


def _make_user(env, login, partner):
    return (
        env["res.users"]
        .with_context(no_reset_password=True)
        .create(
            {
                "name": partner.name,
                "login": login,
                "password": PASSWORD,
                "partner_id": partner.id,
                "lang": "it_IT",
                "tz": "Europe/Rome",
                "company_id": partner.company_id.id,
                "company_ids": [(6, 0, partner.company_id.ids)],
                "group_ids": [(6, 0, env.ref("base.group_portal").ids)],
            }
        )
    )


def _make_delegate(env, customers):
    company = customers[0].company_id
    partner = env["res.partner"].create(
        {
            "name": "Studio Ambrogini, amministrazioni",
            "company_id": company.id,
            "email": "studio.ambrogini@example.com",
        }
    )
    user = _make_user(env, DELEGATE, partner)
    env["creditbox.portal.delegate"].create(
        [
            {
                "user_id": user.id,
                "partner_id": customer.id,
                "company_id": company.id,
                "date_to": date.today() + timedelta(days=365),
                "reason": "Delega scritta, in archivio",
            }
            for customer in customers
        ]
    )
    return user


def _bills(env, customer):
    return env["account.move"].search(
        [
            ("commercial_partner_id", "=", customer.id),
            ("move_type", "=", "out_invoice"),
            ("state", "=", "posted"),
        ],
        order="invoice_date desc, id desc",
    )


def _attach_bills(env, customer):
    for bill in _bills(env, customer)[:3]:
        bill.message_main_attachment_id = env["ir.attachment"].create(
            {
                "name": f"{bill._creditbox_number().replace('/', '-')}.pdf",
                "raw": facsimile([f"Bolletta {bill._creditbox_number()}"]),
                "mimetype": "application/pdf",
                "res_model": "account.move",
                "res_id": bill.id,
            }
        )


def _read_meters(env, customer):
    env["creditbox.meter.reading"].create(
        [
            {
                "meter_id": supply.meter_id.id,
                "date": date.today() - timedelta(days=days),
                "value": value,
                "source": source,
            }
            for supply in customer.creditbox_supply_ids.filtered("meter_id")
            for days, value, source in (
                (190, 10_240, "operator"),
                (95, 10_655, "customer"),
                (30, 10_930, "estimate"),
            )
        ]
    )


def _send(env, customer, delegate):
    """A payment that was declared, and changed data, for the office to check."""
    open_bills = _bills(env, customer).filtered("amount_residual")
    receipt = take(io.BytesIO(facsimile(["Ricevuta di bonifico"])), "ricevuta.pdf")
    env["creditbox.payment.declaration"]._declare(
        customer.user_ids[:1] or delegate,
        open_bills[-1:],
        {
            "amount": open_bills[-1:].amount_residual,
            "date_paid": date.today() - timedelta(days=2),
            "method": "transfer",
            "reference": "CRO 0123456789",
        },
        receipt,
    )
    env["creditbox.contact.request"]._request(
        customer.user_ids[:1] or delegate,
        customer,
        {"creditbox_mobile": "347 000 0000", "creditbox_bill_delivery": "email"},
    )
