from odoo import fields, models


class CreditboxAlertClose(models.TransientModel):
    """Close alerts and say why."""

    _name = "creditbox.alert.close"
    _description = "Close Alerts"

    alert_ids = fields.Many2many(
        "creditbox.alert",
        string="Alerts",
        required=True,
        default=lambda self: self._default_alert_ids(),
    )
    reason = fields.Selection(
        [
            ("handled", "Handled"),
            ("accepted", "Risk accepted"),
            ("mistake", "A mistake: its hold, if any, ends"),
        ],
        required=True,
        default="handled",
    )
    note = fields.Text(string="Notes")

    def _default_alert_ids(self):
        return self.env["creditbox.alert"].browse(self.env.context.get("active_ids"))

    def action_close(self):
        self.ensure_one()
        self.alert_ids._close(self.reason, self.note)
        return {"type": "ir.actions.act_window_close"}
