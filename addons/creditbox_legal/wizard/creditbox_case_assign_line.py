from odoo import fields, models


class CreditboxCaseAssignLine(models.TransientModel):
    _name = "creditbox.case.assign.line"
    _description = "Case to Assign"

    assign_id = fields.Many2one(
        "creditbox.case.assign", required=True, index=True, ondelete="cascade"
    )
    case_id = fields.Many2one("creditbox.case", required=True)
    kind = fields.Selection(related="case_id.kind")
    partner_id = fields.Many2one(related="case_id.partner_id")
    state_id = fields.Many2one(related="partner_id.state_id", string="Province")
    currency_id = fields.Many2one(related="case_id.currency_id")
    amount_due = fields.Monetary(related="case_id.amount_due")
    provider_id = fields.Many2one(
        "creditbox.provider",
        string="Lawyer or agency",
        domain="[('kind', 'in', ('agency', 'lawyer'))]",
    )
