from odoo import fields, models


class CreditboxMeter(models.Model):
    _inherit = "creditbox.meter"

    limited_since = fields.Date(
        readonly=True,
        help="The flow is limited, or the power reduced, since this day.",
    )

    def _keep_in_history(self, note):
        """Note in the history what left the state as it is (a limitation)."""
        self.with_context(creditbox_state_note=note)._log_state()
