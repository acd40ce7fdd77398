from odoo import api, models
from odoo.tools.mail import email_normalize_all, email_split_tuples, formataddr

from ..tools import smtp
from ..tools.mail_carrier import MailCarrier
from ..tools.transport import NotSent


class MailMail(models.Model):
    """E-mails of actions: own queue, so that they hold up nobody's notifications."""

    _name = "mail.mail"
    _inherit = ["mail.mail", "creditbox.transport"]

    # millions that were sent lie beside the few that wait
    _creditbox_queue_idx = models.Index(
        "(id) WHERE creditbox_action_id IS NOT NULL AND state = 'outgoing'"
    )

    def _creditbox_channel(self):
        return self.env["creditbox.channel"]._channels()[self.creditbox_action_id.code]

    def _creditbox_failure(self, reason):
        return {"failure_reason": reason, "failure_type": "unknown"}

    @api.model
    def _creditbox_verdict(self, error):
        if isinstance(error, NotSent):
            return error.verdict
        if smtp.is_permanent(error):
            return "refused"
        return "doubt" if smtp.is_doubtful(error) else "later"

    def _creditbox_dead_addresses(self, error):
        if isinstance(error, NotSent) and error.bad_address:
            return email_normalize_all(self.email_to)
        return smtp.dead_addresses(error)

    @api.model
    def _creditbox_describe(self, error):
        return smtp.describe(error)

    @api.model
    def _creditbox_wake_queue(self, at=None):
        self.env.ref("creditbox_dunning.ir_cron_send_mails").sudo()._trigger(at)
        if not at:
            self._creditbox_enqueue_senders()

    @api.model
    def process_email_queue(self, email_ids=(), batch_size=1000):
        filters = [*self.env.context.get("filters", [])]
        if not email_ids:
            filters.append(("creditbox_action_id", "=", False))
        queue = self.with_context(filters=filters)
        return super(MailMail, queue).process_email_queue(email_ids, batch_size)

    def send(self, auto_commit=False, raise_exception=False, post_send_callback=None):
        """Whoever sends an e-mail of an action passes the gate."""
        ours = self.filtered("creditbox_action_id")
        ours._creditbox_send()
        others = self - ours
        if not others:
            return True
        return super(MailMail, others).send(
            auto_commit=auto_commit,
            raise_exception=raise_exception,
            post_send_callback=post_send_callback,
        )

    def _creditbox_send(self):
        for (
            server_id,
            alias_domain_id,
            smtp_from,
            ids,
        ) in self._split_by_mail_configuration():
            carrier = MailCarrier(
                self.env["ir.mail_server"].browse(server_id or ()),
                self.env["mail.alias.domain"].sudo().browse(alias_domain_id or ()),
                smtp_from,
            )
            try:
                self.browse(ids)._creditbox_send_all(carrier)
            finally:
                carrier.close()

    def _creditbox_sent(self):
        return {
            "state": "sent",
            "failure_type": False,
            "failure_reason": False,
            "creditbox_retry_at": False,
        }

    def _creditbox_note_answers(self, carrier):
        """Remember addresses refused while another one of the same was not."""
        for mail in self:
            if refused := carrier.refused.get(mail.id):
                mail._creditbox_note_partly(refused)

    def _creditbox_note_partly(self, refused):
        actions = self._creditbox_actions()
        reason = smtp.describe_refused(refused)
        self.env["creditbox.failed.address"]._note(
            actions.partner_id, actions[:1].code, smtp.dead_among(refused), reason
        )
        reached = [
            formataddr((name, address))
            for name, address in email_split_tuples(self.email_to)
            if address.lower() not in {found.lower() for found in refused}
        ]
        # as the system: nobody may write actions
        actions.sudo().recipient = ", ".join(reached)
        note = self.env._("Refused by the server: %s", reason)
        actions.sudo()._message_log_batch(bodies=dict.fromkeys(actions.ids, note))
