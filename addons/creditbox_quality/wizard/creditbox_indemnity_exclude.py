from odoo import fields, models

from ..models.creditbox_indemnity import EXCLUSIONS


class CreditboxIndemnityExclude(models.TransientModel):
    """Why an indemnity is not due."""

    _name = "creditbox.indemnity.exclude"
    _description = "Indemnity Not Due"

    indemnity_ids = fields.Many2many("creditbox.indemnity", required=True)
    exclusion = fields.Selection(
        EXCLUSIONS, string="Not due because", required=True, default="hand"
    )
    note = fields.Char(string="Why", required=True)

    def action_confirm(self):
        self.ensure_one()
        self.indemnity_ids._require("creditbox_base.group_supervisor")
        self.indemnity_ids._exclude(self.exclusion, self.note)
