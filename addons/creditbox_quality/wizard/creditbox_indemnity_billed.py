from odoo import fields, models


class CreditboxIndemnityBilled(models.TransientModel):
    """The billing system has put indemnities into a bill."""

    _name = "creditbox.indemnity.billed"
    _description = "Indemnities in a Bill"

    indemnity_ids = fields.Many2many("creditbox.indemnity", required=True)
    number = fields.Char(string="Bill", required=True)
    date = fields.Date(required=True, default=fields.Date.context_today)

    def action_confirm(self):
        self.ensure_one()
        self.indemnity_ids._require("creditbox_base.group_operator")
        self.indemnity_ids._billed(self.number, self.date)
