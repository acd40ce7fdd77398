from odoo import fields, models


class CreditboxPosition(models.Model):
    _inherit = "creditbox.position"

    workflow_place_ids = fields.One2many(
        "creditbox.workflow.position", "position_id", string="In the workflow"
    )
