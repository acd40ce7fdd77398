from odoo import api, fields, models


class CreditboxPosition(models.Model):
    _inherit = "creditbox.position"

    case_line_ids = fields.One2many("creditbox.case.line", "position_id")
    case_count = fields.Integer(compute="_compute_case_count")

    def _compute_case_count(self):
        counts = dict(
            self.env["creditbox.case.line"]._read_group(
                [("position_id", "in", self.ids)],
                ["position_id"],
                ["case_id:count_distinct"],
            )
        )
        for position in self:
            position.case_count = counts.get(position._origin, 0)

    @api.model
    def _on_debt_changed(self, partner_ids):
        """Cases know of a payment at once, and close when nothing is due any more."""
        res = super()._on_debt_changed(partner_ids)
        # whoever pays need not see cases
        self.env["creditbox.case"].sudo()._follow_debt(partner_ids)
        return res

    def action_open_cases(self):
        """:return: window action of the cases of these positions"""
        return self.case_line_ids.case_id._window()

    def action_open_case(self):
        """:return: window that opens cases on these positions"""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Open a case"),
            "res_model": "creditbox.case.open",
            "view_mode": "form",
            "target": "new",
            "context": {"default_position_ids": self.ids},
        }
