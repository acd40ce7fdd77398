from odoo import models


class SmsTracker(models.Model):
    """Odoo's own service reports to the tracker of an SMS (/sms/status)."""

    _inherit = "sms.tracker"

    def _action_update_from_provider_error(self, provider_error):
        self._creditbox_take_over("failed", provider_error)
        return super()._action_update_from_provider_error(provider_error)

    def _action_update_from_sms_state(
        self, sms_state, failure_type=False, failure_reason=False
    ):
        if sms_state == "sent":  # Odoo's word for delivered
            self._creditbox_take_over("delivered", sms_state)
        return super()._action_update_from_sms_state(
            sms_state, failure_type, failure_reason
        )

    def _creditbox_take_over(self, outcome, word):
        """Let the actions know whose SMS left by Odoo's own service."""
        messages = self.env["sms.sms"].search(
            [
                ("uuid", "in", self.mapped("sms_uuid")),
                ("creditbox_action_id", "!=", False),
                ("creditbox_action_id.provider_id", "=", False),
            ]
        )
        for company, batch in messages.grouped(
            lambda sms: sms.creditbox_action_id.company_id
        ).items():
            lang = company.partner_id.lang
            receipts = self.env["creditbox.sms.receipt"].with_context(lang=lang)
            receipts._take_over(
                self.env["creditbox.provider"],
                [
                    {"reference": sms.uuid, "word": word, "outcome": outcome}
                    for sms in batch
                ],
            )
