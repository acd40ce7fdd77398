from odoo import fields, models


class CreditboxCaseParty(models.Model):
    _name = "creditbox.case.party"
    _description = "Party of a Case"
    _order = "case_id, role, id"

    case_id = fields.Many2one(
        "creditbox.case", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="case_id.company_id", store=True)
    role = fields.Selection(
        [
            ("creditor", "Creditor"),
            ("debtor", "Debtor"),
            ("codebtor", "Co-debtor or guarantor"),
            ("lawyer", "Our lawyer"),
            ("opponent", "Debtor's lawyer"),
            ("third", "Third party (bank, employer)"),
            ("bailiff", "Bailiff"),
            ("trustee", "Insolvency administrator"),
            ("mediator", "Mediator"),
        ],
        required=True,
        default="debtor",
    )
    name = fields.Char(required=True)
    tax_code = fields.Char(string="Tax code")
    contact = fields.Char(string="PEC, phone or address")
