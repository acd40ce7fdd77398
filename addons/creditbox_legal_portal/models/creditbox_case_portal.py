from datetime import timedelta

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import plaintext2html

LONGEST = 2000  # characters of a message
PLANNED = timedelta(days=730)  # how far an activity may be planned
LARGEST = 10**6


class CreditboxCase(models.Model):
    """What lawyers and agencies do with their cases on the portal.

    As the system: the caller has asked ``_case_own`` which cases are theirs.
    """

    _inherit = "creditbox.case"

    # -- acceptance --------------------------------------------------------------

    def _case_accept(self, user):
        """Take the cases on.

        :raises UserError: one of them cannot be accepted any more
        """
        self.sudo().action_accept()
        text = self.env._("Accepted on the portal by %s", user.sudo().name)
        self._message_log_batch(bodies=dict.fromkeys(self.ids, text))

    def _case_refuse(self, reason):
        """Give a case back; the office is asked to choose somebody else.

        :raises UserError: no reason; not waiting for an answer any more
        """
        reason = (reason or "").strip()[:500]
        if not reason:
            raise UserError(self.env._("Write why you refuse: the office reads it."))
        name = self.provider_id.name
        self._refuse(reason)
        self._case_ask_office(
            "creditbox_legal_portal.mail_activity_type_refused", f"{name}: {reason}"
        )

    def _case_require_accepted(self):
        self._lock()
        if any(case.state != "accepted" for case in self):
            raise UserError(self.env._("Accept the case first."))

    # -- activities --------------------------------------------------------------

    def _case_types(self):
        """:return: creditbox.activity.type that can be entered"""
        return self.env["creditbox.activity.type"].search(
            [("company_id", "in", (self.company_id.id, False))]
        )

    def _case_enter(self, user, values, file=None):
        """Enter an activity: planned, or done when its day has come.

        :param values: {type_id: int, date: datetime.date, note: str, cost: float}
        :param file: upload.Upload or None
        :return: creditbox.case.activity
        :raises UserError: it cannot be entered, in words for whoever enters it
        """
        self._case_require_accepted()
        kind = self._case_types().filtered(lambda t: t.id == values["type_id"])
        today = self.company_id._creditbox_today()
        if not kind:
            raise UserError(self.env._("Choose what was done."))
        if not self.date_assigned <= values["date"] <= today + PLANNED:
            raise UserError(
                self.env._("The day must be one on which you have the case.")
            )
        if not 0 <= values["cost"] < LARGEST:
            raise UserError(self.env._("The cost is no amount."))
        activity = self.env["creditbox.case.activity"].create(
            {
                "case_id": self.id,
                "type_id": kind.id,
                "name": kind.with_context(lang=user.sudo().lang).name,
                "provider_id": self.provider_id.id,
                # not the office's work
                "user_id": False,
                "hours": 0,
                "date": values["date"],
                "cost": values["cost"],
                "result": values["note"],
            }
        )
        activity._case_add_file(file)
        if activity.date <= today:
            activity.action_done()
        else:
            self._message_log(
                body=self.env._("Planned on the portal: %s", activity.name)
            )
        return activity

    def _case_done(self, activity_id, note, file=None):
        """What they had planned was done today.

        :raises UserError: it is none of theirs, or a document is missing
        """
        self._case_require_accepted()
        activity = self.activity_line_ids.filtered(
            lambda a: (
                a.id == activity_id
                and a.state == "planned"
                and a.provider_id == self.provider_id
            )
        )
        if not activity:
            raise UserError(self.env._("This has been done already."))
        activity.result = note or activity.result
        activity._case_add_file(file)
        activity.action_done()

    # -- messages ----------------------------------------------------------------

    def _case_write(self, user, text, file=None):
        """Write to the office.

        :raises UserError: nothing was written
        """
        text = (text or "").strip()[:LONGEST]
        if not text:
            raise UserError(self.env._("Write your message."))
        self.message_post(
            body=plaintext2html(text),
            author_id=user.sudo().partner_id.id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self._case_office().partner_id.ids,
            attachments=[(file.name, file.content)] if file else [],
        )

    def _case_messages(self):
        """:return: mail.message between the office and whoever has the case, only"""
        firm = self.provider_id.partner_id.commercial_partner_id
        return self.env["mail.message"].search(
            [
                ("model", "=", self._name),
                ("res_id", "=", self.id),
                ("is_internal", "=", False),
                ("subtype_id", "=", self.env.ref("mail.mt_comment").id),
                ("message_type", "in", ("comment", "notification", "email")),
                "|",
                ("author_id.commercial_partner_id", "=", firm.id),
                ("partner_ids.commercial_partner_id", "=", firm.id),
            ],
            limit=50,
        )

    # -- documents ---------------------------------------------------------------

    def _case_documents(self):
        """:return: ir.attachment of the activities, messages and receipts shown"""
        mine = self.declaration_ids.filtered(
            lambda d: d.provider_id == self.provider_id
        )
        return (
            self.activity_line_ids._case_shown().attachment_ids
            | self._case_messages().attachment_ids
            | mine.attachment_id
        )

    def _case_bill_file(self, line_id):
        """:return: ir.attachment, the PDF of a bill of the case; empty: none"""
        line = self.line_ids.filtered(lambda line: line.id == line_id)
        return self.env["creditbox.channel.email"]._bill_file(line.move_id)

    def _case_bills(self):
        """:return: list of (creditbox.case.line, has a PDF) still to be paid"""
        bill_file = self.env["creditbox.channel.email"]._bill_file
        return [
            (line, bool(bill_file(line.move_id)))
            for line in self.line_ids
            if line.live and line.amount_residual > 0
        ]
