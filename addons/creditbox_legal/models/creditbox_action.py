from odoo import fields, models


class CreditboxAction(models.Model):
    _inherit = "creditbox.action"

    case_id = fields.Many2one(
        "creditbox.case", string="Case", readonly=True, index="btree_not_null"
    )

    def action_open_case(self):
        """:return: window action of the case that the action has opened"""
        self.ensure_one()
        return self.case_id._window()
