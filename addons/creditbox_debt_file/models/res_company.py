from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    creditbox_debt_file_days = fields.Integer(
        string="Debt files are kept for (days)",
        default=30,
        help="They can be made anew at any time.",
    )

    _creditbox_debt_file_days_check = models.Constraint(
        "CHECK(creditbox_debt_file_days > 0)",
        "Debt files are kept for one day at least.",
    )
