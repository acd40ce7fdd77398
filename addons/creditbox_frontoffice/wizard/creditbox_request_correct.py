from odoo import fields, models


class CreditboxRequestCorrect(models.TransientModel):
    """Another date for a milestone, with the reason."""

    _name = "creditbox.request.correct"
    _description = "Correction of a Date"

    record_id = fields.Many2one(
        "creditbox.request.milestone", required=True, readonly=True
    )
    former = fields.Datetime(related="record_id.date", string="Until Now")
    moment = fields.Datetime(string="Right Date", required=True)
    reason = fields.Char(required=True)

    def action_confirm(self):
        self.record_id._correct(self.moment, self.reason)
        return {"type": "ir.actions.act_window_close"}
