from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    creditbox_plan_gives_back = fields.Selection(
        [
            ("agreed", "When the plan is agreed"),
            ("first", "When the first instalment is paid"),
            ("all", "When all is paid"),
        ],
        string="Supply given back",
        default="first",
        required=True,
        help="When a customer whose supply was cut is in a repayment plan.",
    )
