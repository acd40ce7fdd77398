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
        :return: the last creditbox.action of the message, else of the customer
        """
        actions = self.env["creditbox.action"].sudo()  # the gateway is nobody
        named = actions.search([("message_id", "in", message.ids)], limit=1)
        if named or not partner:
            return named
        domain = [
            ("partner_id", "in", partner.commercial_partner_id.ids),
            ("date_done", "!=", False),
        ]
        if company:
            domain.append(("company_id", "=", company.id))
        return actions.search(domain, order="date_done desc, id desc", limit=1)

    def _reply_received(self, action, subject, text):
        """Give whoever follows the position an activity, once a thread until done.

        :param action: creditbox.action that was answered
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
            user_id=self._who_answers(action).id,
        )

    def _who_answers(self, action):
        """:return: operator of the position, who made the run, or a supervisor"""
        group = self.env.ref("creditbox_base.group_supervisor")
        supervisors = [*group.user_ids.sorted("id"), *group.all_user_ids.sorted("id")]
        users = [self.user_id, action.run_id.create_uid, *supervisors]
        usable = (user for user in users if self._may_answer(user))
        return next(usable, self.env["res.users"])

    def _may_answer(self, user):
        return (
            user.active
            and self.company_id in user.company_ids
            and user.has_group("creditbox_base.group_operator")
        )
