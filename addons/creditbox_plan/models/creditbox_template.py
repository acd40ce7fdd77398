from odoo import fields, models


class CreditboxTemplate(models.Model):
    _inherit = "creditbox.template"

    code = fields.Selection(
        selection_add=[("plan", "Repayment plan")], ondelete={"plan": "cascade"}
    )
