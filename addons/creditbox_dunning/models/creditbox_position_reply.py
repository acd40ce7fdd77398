from odoo import api, models
from odoo.tools.mail import plaintext2html

from ..tools.autoreply import bare_subject

EXCERPT = 500


class CreditboxPosition(models.Model):
    """A customer who answers waits for somebody who reads it."""

    _inherit = "creditbox.position"

    @api.model
    def _answered(self, partner, message, company=None):
        """Find what a customer's answer is about.

        :param partner: res.partner who has answered, or in whose notes it stands
        :param message: mail.message that is answered, may be empty
        :param company: res.company that was written to, empty: any
        :return: (creditbox.position, res.users who had it written): of the message,
            else of the last action of the customer
        """
        actions = self.env["creditbox.action"].sudo()  # the gateway is nobody
        of_message = [("message_id", "in", message.ids)]
        action = actions.search(of_message, limit=1)
        recipients = self.env["creditbox.mailing.recipient"].sudo()
        if recipient := not action and recipients.search(of_message, limit=1):
            return recipient.position_id, recipient.mailing_id.sent_by_id
        if not action and partner:
            action = actions.search(
                self._domain_last_contact(partner, company),
                order="date_done desc, id desc",
                limit=1,
            )
        return action.position_id, action.run_id.create_uid

    def _domain_last_contact(self, partner, company):
        domain = [
            ("partner_id", "in", partner.commercial_partner_id.ids),
            ("date_done", "!=", False),
        ]
        if company:
            domain.append(("company_id", "=", company.id))
        return domain

    def _reply_received(self, made_by, subject, text):
        """Give whoever follows the position an activity, once a thread until done.

        :param made_by: res.users who had written, if anybody
        :param subject: of the answer
        :param text: of the answer, plain; its beginning is shown
        """
        self.ensure_one()
        speaking = self.with_context(lang=self.company_id.partner_id.lang)
        summary = speaking.env._("Reply from customer: %s", bare_subject(subject))[:255]
        kind = self.env.ref("creditbox_dunning.mail_activity_type_reply")
        known = self.activity_ids.filtered(
            lambda activity: (
                activity.activity_type_id == kind and activity.summary == summary
            )
        )
        if known:
            return
        self.activity_schedule(
            "creditbox_dunning.mail_activity_type_reply",
            date_deadline=self.company_id._creditbox_today(),
            summary=summary,
            note=plaintext2html(" ".join((text or "").split())[:EXCERPT]),
            user_id=self._who_answers(made_by).id,
        )

    def _who_answers(self, made_by):
        """:return: operator of the position, who had written, or a supervisor"""
        group = self.env.ref("creditbox_base.group_supervisor")
        supervisors = [*group.user_ids.sorted("id"), *group.all_user_ids.sorted("id")]
        users = [self.user_id, made_by, *supervisors]
        usable = (user for user in users if self._may_answer(user))
        return next(usable, self.env["res.users"])

    def _may_answer(self, user):
        return (
            user.active
            and self.company_id in user.company_ids
            and user.has_group("creditbox_base.group_operator")
        )
