from odoo import fields, models
from odoo.tools import split_every

# between the look at the debt and the sending
AT_ONCE = 20


class MailMail(models.Model):
    """E-mails of mailings: Odoo's own queue, and a last look at the debt."""

    _inherit = "mail.mail"

    creditbox_recipient_id = fields.Many2one(
        "creditbox.mailing.recipient",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )

    def _send(self, *args, **kwargs):
        mailed = self.filtered("creditbox_recipient_id")
        others = self - mailed
        res = super(MailMail, others)._send(*args, **kwargs) if others else True
        # the queue runs as a user of its own
        mailings = mailed.creditbox_recipient_id.sudo().mailing_id
        held = mailings.filtered(lambda mailing: mailing._is_held())
        ready = mailed.filtered(
            lambda mail: mail.creditbox_recipient_id.sudo().mailing_id not in held
        )
        for ids in split_every(AT_ONCE, ready.ids):
            mails = self.browse(ids)
            mails.creditbox_recipient_id.sudo()._look_again()
            leaving = mails.filtered(lambda mail: mail.state == "outgoing")
            super(MailMail, leaving)._send(*args, **kwargs)
        return res

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        for mail in self.filtered("creditbox_recipient_id"):
            failure = failure_reason or failure_type
            mail.creditbox_recipient_id.sudo()._note_outcome(failure)
        return super()._postprocess_sent_message(
            success_pids, success_emails, failure_reason, failure_type
        )
