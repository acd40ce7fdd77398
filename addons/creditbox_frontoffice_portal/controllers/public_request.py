from odoo.exceptions import UserError
from odoo.http import Controller, request, route
from odoo.tools import email_normalize

from odoo.addons.creditbox_base.tools import upload

NAMES = ("name", "email", "customer_code", "supply_code", "place")


class PublicRequest(Controller):
    """A form for customers without a login: nothing is told of anybody's data."""

    @route(["/requests"], type="http", auth="public", website=True, sitemap=True)
    def public_form(self, **options):
        return self._form({})

    @route(
        ["/requests/send"], type="http", auth="public", website=True, methods=["POST"]
    )
    def public_send(self, **form):
        if form.get("website"):  # a field that people do not see: a robot
            return request.redirect("/requests")
        try:
            ticket = self._take(form)
        except UserError as error:
            return self._form(form, str(error))
        except upload.Refused:
            message = request.env._("Only PDF, JPG and PNG files of at most 5 MB.")
            return self._form(form, message)
        return self._render(sent=ticket.creditbox_code, values={})

    def _take(self, form):
        values = {name: (form.get(name) or "").strip()[:200] for name in NAMES}
        if not values["name"]:
            raise UserError(request.env._("Write your name."))
        if not email_normalize(values["email"]):
            raise UserError(request.env._("Write an e-mail address we can answer to."))
        files = [
            upload.take(file.stream, file.filename)
            for file in request.httprequest.files.getlist("files")
            if file.filename
        ]
        with request.env.cr.savepoint():
            return request.env["helpdesk.ticket"]._ask_on_the_web(
                "helpdesk_mgmt.helpdesk_ticket_channel_web",
                {
                    "procedure": form.get("procedure"),
                    "text": self._text(form, values),
                    "company": self._company(form.get("company")),
                    "partner_name": values["name"],
                    "partner_email": values["email"],
                },
                files,
            )

    def _text(self, form, values):
        """The text, and below it what the sender says of himself."""
        text = (form.get("text") or "").strip()
        labels = {
            "name": request.env._("Name"),
            "email": request.env._("E-mail"),
            "customer_code": request.env._("Customer code"),
            "supply_code": request.env._("Supply"),
            "place": request.env._("Address"),
        }
        told = [f"{labels[name]}: {values[name]}" for name in NAMES if values[name]]
        return "\n".join([text, "", *told]) if text else ""

    def _companies(self):
        # the names of the companies are no secret
        return request.env["res.company"].sudo().search([])

    def _company(self, chosen):
        found = self._companies().filtered(lambda c: str(c.id) == chosen)
        return found or request.env.company.sudo()

    def _form(self, values, error=None):
        return self._render(values=values, error=error)

    def _render(self, **values):
        procedures = request.env["helpdesk.ticket"]._web_procedures()
        return request.render(
            "creditbox_frontoffice_portal.public_request",
            {
                "procedures": procedures,
                "companies": self._companies(),
                "sent": None,
                "error": None,
                **values,
            },
            headers={"X-Frame-Options": "SAMEORIGIN", "Cache-Control": "no-store"},
        )
