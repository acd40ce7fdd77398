"""What can be done on the customer's page: each method is a button of it."""

from datetime import timedelta

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools.mail import plaintext2html

PROMISE_DAYS = 7


class CreditboxCustomerPage(models.AbstractModel):
    _inherit = "creditbox.customer.page"

    def _working(self, partner_id, company_id):
        """:return: (res.partner, res.company), for somebody who may act"""
        self.env["creditbox.promise"]._require("creditbox_base.group_operator")
        return self._customer(partner_id, company_id)

    @api.model
    def _statement_file(self, partner_id, company_id, kind):
        """Return the statement of a customer's account, in the user's language.

        :param kind: «pdf» or «xlsx»
        :return: (name of the file, bytes)
        :raises AccessError: see get_page
        """
        partner, company = self._customer(partner_id, company_id)
        self.env["account.move.line"].check_access("read")
        return self.env["creditbox.account.statement"]._file(partner, company, kind)

    def _all_positions(self, partner, company):
        return self.env["creditbox.position"].search(
            [("partner_id", "=", partner.id), ("company_id", "=", company.id)],
            order="amount_overdue desc, id",
        )

    @api.model
    def open_hold(self, partner_id, company_id):
        """:return: window that puts what is overdue on hold"""
        partner, company = self._working(partner_id, company_id)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "creditbox_base.creditbox_position_hold_action"
        )
        positions = self._all_positions(partner, company)
        if not positions:
            raise UserError(self.env._("There is nothing to put on hold here."))
        context = {
            "active_ids": positions.ids,
            "active_model": positions._name,
            "default_level": "customer",
            "creditbox_stay": True,
        }
        return {**action, "context": context}

    @api.model
    def open_promise(self, partner_id, company_id, position_id=False):
        """:return: window that takes down a promise, filled with what is overdue"""
        partner, company = self._working(partner_id, company_id)
        positions = self._all_positions(partner, company)
        if position_id:
            positions = positions.filtered(lambda p: p.id == position_id)
        overdue = company.currency_id.round(sum(positions.mapped("amount_overdue")))
        day = company._creditbox_today() + timedelta(days=PROMISE_DAYS)
        line = {"date": day.isoformat(), "amount": overdue}
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Promise to pay"),
            "res_model": "creditbox.promise",
            "views": [
                (
                    self.env.ref("creditbox_desk.creditbox_promise_view_form_new").id,
                    "form",
                )
            ],
            "target": "new",
            "context": {
                "default_partner_id": partner.id,
                "default_company_id": company.id,
                "default_position_id": position_id,
                "default_line_ids": [[0, 0, line]] if overdue > 0 else [],
            },
        }

    @api.model
    def open_call(self, partner_id, company_id, number=False):
        """:return: window that notes a call"""
        partner, company = self._working(partner_id, company_id)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Call"),
            "res_model": "creditbox.call",
            "views": [
                (self.env.ref("creditbox_desk.creditbox_call_view_form_new").id, "form")
            ],
            "target": "new",
            "context": {
                "default_partner_id": partner.id,
                "default_company_id": company.id,
                "default_number": number
                or partner.creditbox_mobile
                or partner.phone
                or False,
            },
        }

    @api.model
    def open_mail(self, partner_id, company_id):
        """:return: Odoo's own window for an e-mail to the customer"""
        partner, company = self._working(partner_id, company_id)
        if not partner.email:
            raise UserError(self.env._("The customer has no e-mail."))
        record = partner._creditbox_notebook(company)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Write an e-mail"),
            "res_model": "mail.compose.message",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_model": record._name,
                "default_res_ids": record.ids,
                "default_partner_ids": partner.ids,
                "default_composition_mode": "comment",
                "default_subject": company.name,
                "mail_post_autofollow": False,
            },
        }

    @api.model
    def open_assign(self, partner_id, company_id):
        """:return: window that gives the customer's positions to an operator"""
        partner, company = self._working(partner_id, company_id)
        positions = self._all_positions(partner, company)
        return self.env["creditbox.position.assign"]._open(positions)

    @api.model
    def add_note(self, partner_id, company_id, text):
        """Write a note on the customer.

        :param text: plain text
        """
        partner, company = self._working(partner_id, company_id)
        if not (text or "").strip():
            raise UserError(self.env._("The note is empty."))
        partner._creditbox_notebook(company).message_post(
            body=plaintext2html(text.strip()), subtype_xmlid="mail.mt_note"
        )

    @api.model
    def activity_done(self, partner_id, company_id, activity_id):
        """Close an activity of the page."""
        self._working(partner_id, company_id)
        self.env["mail.activity"].browse(activity_id).action_feedback()

    @api.model
    def open_why(self, position_id):
        """:return: window that explains the next action of a position"""
        return self.env["creditbox.position"].browse(position_id).action_why()
