from werkzeug.exceptions import NotFound

from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.http import content_disposition, request, route

from odoo.addons.creditbox_base.tools import upload
from odoo.addons.creditbox_portal.controllers.common import CreditboxPortal


class FrontofficePortal(CreditboxPortal):
    """Requests of the user's customers; the access rules say which they are."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "creditbox_request_count" in counters:
            tickets = request.env["helpdesk.ticket"]
            values["creditbox_request_count"] = (
                tickets.search_count(self._requests_domain())
                if tickets.has_access("read")
                else 0
            )
        return values

    def _requests_domain(self, chosen=None):
        return Domain("creditbox_procedure_id", "!=", False) & Domain(
            "commercial_partner_id", "in", self._creditbox_customers(chosen).ids
        )

    @route(
        ["/my/requests", "/my/requests/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def requests(self, page=1, customer=None, **options):
        tickets, values = self._creditbox_list(
            "helpdesk.ticket",
            self._requests_domain(customer),
            "/my/requests",
            page,
            {"customer": customer, **options},
            {"sortby": self._request_orders()},
        )
        return self._request_page(
            "requests",
            "creditbox_requests",
            tickets=tickets.sudo(),  # found by the user's rights
            customer=self._creditbox_one_customer(customer) if customer else None,
            **values,
        )

    def _request_orders(self):
        return {
            "newest": {
                "label": request.env._("Newest first"),
                "order": "date_received desc, id desc",
            },
            "oldest": {
                "label": request.env._("Oldest first"),
                "order": "date_received, id",
            },
        }

    @route(
        ["/my/requests/<int:ticket_id>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def one_request(self, ticket_id, sent=None, **options):
        ticket = self._one(ticket_id)
        return self._request_page(
            "request", "creditbox_request", asked=ticket, sent=sent
        )

    @route(
        ["/my/requests/<int:ticket_id>/answers/<int:answer_id>"],
        type="http",
        auth="user",
        readonly=True,
    )
    def answer_paper(self, ticket_id, answer_id):
        answers = self._one(ticket_id).creditbox_answer_ids
        answer = answers.filtered(lambda a: a.id == answer_id)
        if not answer.attachment_id:
            raise NotFound()
        file = answer.attachment_id
        return request.make_response(
            file.raw,
            headers=[
                ("Content-Type", "application/pdf"),
                ("Content-Disposition", content_disposition(file.name)),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )

    @route(
        ["/my/requests/<int:ticket_id>/documents"],
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def hand_in(self, ticket_id, document=None, file=None, **form):
        """A document that was still missing."""
        ticket = self._one(ticket_id)
        missing = ticket._still_to_hand_in()
        wanted = missing.filtered(lambda d: str(d.id) == document)
        if not wanted:
            raise NotFound()
        try:
            wanted._hand_in(self._creditbox_upload(file))
        except upload.Refused as error:
            return self._request_page(
                "request",
                "creditbox_request",
                asked=ticket,
                error=self._creditbox_why_refused(error),
            )
        return request.redirect(f"/my/requests/{ticket.id}")

    def _one(self, ticket_id):
        """:return: helpdesk.ticket as the system; NotFound: not there, or not theirs"""
        ticket = self._creditbox_own("helpdesk.ticket", ticket_id).sudo()
        if not ticket.creditbox_procedure_id:
            raise NotFound()
        return ticket

    # ------------------------------------------------------------------
    # a new one
    # ------------------------------------------------------------------
    @route(["/my/requests/new"], type="http", auth="user", website=True, readonly=True)
    def new_request(self, customer=None, **options):
        return self._form(self._creditbox_one_customer(customer), {})

    def _form(self, customer, values, error=None):
        supplies = request.env["creditbox.supply"].search(
            [("partner_id.commercial_partner_id", "=", customer.id)]
        )
        return self._request_page(
            "new_request",
            "creditbox_new_request",
            customer=customer,
            supplies=supplies,
            procedures=request.env["helpdesk.ticket"]._web_procedures(),
            values=values,
            error=error,
        )

    @route(
        ["/my/requests/send"], type="http", auth="user", website=True, methods=["POST"]
    )
    def send_request(self, customer=None, **form):
        partner = self._creditbox_one_customer(customer)
        try:
            ticket = self._take(partner, form)
        except UserError as error:
            return self._form(partner, form, str(error))
        except upload.Refused as error:
            return self._form(partner, form, self._creditbox_why_refused(error))
        return request.redirect(f"/my/requests/{ticket.id}?sent=1")

    def _take(self, partner, form):
        supply = request.env["creditbox.supply"]
        if (form.get("supply") or "").isdigit():
            supply = self._creditbox_own("creditbox.supply", int(form["supply"]))
            if supply.partner_id.commercial_partner_id.id != partner.id:
                raise NotFound()
        files = [
            self._creditbox_upload(file)
            for file in request.httprequest.files.getlist("files")
            if file.filename
        ]
        company = supply.company_id or partner.company_id or request.env.company
        with request.env.cr.savepoint():
            return request.env["helpdesk.ticket"]._ask_on_the_web(
                "creditbox_frontoffice.channel_portal",
                {
                    "procedure": form.get("procedure"),
                    "text": form.get("text"),
                    "company": company,
                    "partner_id": partner.id,
                    "creditbox_supply_id": supply.id,
                },
                files,
            )

    def _request_page(self, template, page_name, **values):
        """:return: response, a page of this addon with the frame of the others"""
        response = self._creditbox_page("page", page_name, **values)
        response.template = f"creditbox_frontoffice_portal.{template}"
        return response
