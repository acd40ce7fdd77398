from odoo.exceptions import UserError
from odoo.http import request, route

from ..models.creditbox_contact_request import CHECKS
from .common import CreditboxPortal


class CreditboxPortalContact(CreditboxPortal):
    @route(["/my/contact"], type="http", auth="user", website=True, readonly=True)
    def contact(self, customer=None, sent=None, **options):
        """Contact data and consents of a customer, with the form to change them."""
        return self._contact_page(self._creditbox_one_customer(customer), sent=sent)

    def _contact_page(self, customer, values=None, error=None, sent=None):
        partner = request.env["res.partner"]
        requests = request.env["creditbox.contact.request"].search(
            [("partner_id", "=", customer.id)], limit=3
        )
        return self._creditbox_page(
            "contact",
            "creditbox_contact",
            customer=customer,
            values=values or {name: customer[name] for name in CHECKS},
            choices={
                name: partner._fields[name]._description_selection(request.env)
                for name in ("creditbox_preferred_channel", "creditbox_bill_delivery")
            },
            requests=requests,
            error=error,
            sent=sent,
        )

    @route(
        ["/my/contact/send"], type="http", auth="user", website=True, methods=["POST"]
    )
    def send_contact(self, customer=None, **form):
        partner = self._creditbox_one_customer(customer)
        values = {name: form.get(name, "") for name in CHECKS}
        # the page asks for the consent, the record keeps the refusal
        values["creditbox_no_email"] = not form.get("email_reminders")
        try:
            # taken by the system: nobody writes requests, see creditbox.portal.request
            with request.env.cr.savepoint():
                request.env["creditbox.contact.request"].sudo()._request(
                    request.env.user, partner, values
                )
        except UserError as error:
            return self._contact_page(partner, values, str(error))
        return request.redirect(f"/my/contact?customer={partner.id}&sent=1")
