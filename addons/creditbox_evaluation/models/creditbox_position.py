from odoo import fields, models


class CreditboxPosition(models.Model):
    _inherit = "creditbox.position"

    creditbox_rating_label = fields.Char(
        string="Evaluation", compute="_compute_creditbox_rating"
    )
    creditbox_alert_count = fields.Integer(
        string="Open Alerts", compute="_compute_creditbox_rating"
    )

    def _compute_creditbox_rating(self):
        labels = self.partner_id._creditbox_rating_labels()
        counts = self.partner_id._creditbox_alert_counts()
        for position in self:
            key = (position.partner_id.id, position.company_id.id)
            position.creditbox_rating_label = labels.get(key, "")
            position.creditbox_alert_count = counts.get(key, 0)

    def action_open_creditbox_rating(self):
        self.ensure_one()
        return self.partner_id._creditbox_open_ratings(self.company_id)

    def action_open_creditbox_alerts(self):
        self.ensure_one()
        return self.partner_id._creditbox_open_alerts(self.company_id)
