from functools import partial

from odoo import api, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools.mail import email_normalize_all, email_split_tuples, formataddr

from ..tools import smtp
from ..tools.transport import NotSent, own_transaction

_BAD_ADDRESS = ("mail_email_invalid", "mail_email_missing")


class MailMail(models.Model):
    """E-mails of actions: own queue, so that they hold up nobody's notifications."""

    _name = "mail.mail"
    _inherit = ["mail.mail", "creditbox.transport"]

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
        server_model = self.env["ir.mail_server"]
        for (
            server_id,
            alias_domain_id,
            smtp_from,
            ids,
        ) in self._split_by_mail_configuration():
            session = smtp.Session(
                partial(
                    server_model._connect__,
                    mail_server_id=server_id,
                    smtp_from=smtp_from,
                )
            )
            partly = {}
            transmit = partial(
                self._creditbox_transmit, session, partly, alias_domain_id, server_id
            )
            try:
                self.browse(ids)._creditbox_send_each(
                    transmit, partial(self._creditbox_connect, session)
                )
            finally:
                session.close()
                self._creditbox_note_refused(partly)

    @api.model
    def _creditbox_connect(self, session):
        try:
            session.live()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception as error:  # a login refused, a server that was archived…
            raise ConnectionError(smtp.describe(error)) from error

    @api.model
    def _creditbox_transmit(self, session, partly, alias_domain_id, server_id, mail):
        """Send one mail; raise when it has not left.

        :param partly: {mail: {address that was refused: (code, text)}}, added to
        """
        session.refused = {}
        mail._send(
            auto_commit=False,
            raise_exception=True,
            smtp_session=session.live(),
            alias_domain_id=alias_domain_id,
            mail_server=self.env["ir.mail_server"].browse(server_id),
        )
        if mail.state != "sent":
            bad_address = mail.failure_type in _BAD_ADDRESS
            raise NotSent(
                mail.failure_reason or self.env._("Sending is switched off"),
                "refused" if bad_address else "later",
                bad_address,
            )
        if session.refused:
            partly[mail] = session.refused

    @api.model
    def _creditbox_note_refused(self, partly):
        """Remember addresses that were refused while another one of the same was not.

        :param partly: {mail: {address: (code, text)}}
        """
        if not partly:
            return
        with own_transaction(self.env.cr):
            for mail, refused in partly.items():
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
