from stdnum.iso7064 import mod_97_10

from odoo import api, fields, models

STATES = [
    ("open", "To Pay"),
    ("late", "Late"),
    ("paid", "Paid"),
    ("ended", "Ended"),
]


class CreditboxPlanLine(models.Model):
    """An instalment: once the plan runs, an entry with a receivable line of its own."""

    _name = "creditbox.plan.line"
    _inherit = ["creditbox.plan.part"]
    _description = "Instalment"
    _order = "plan_id, date_due, id"
    _rec_name = "payment_code"

    plan_id = fields.Many2one(
        "creditbox.plan", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="plan_id.company_id", store=True, index=True, precompute=True
    )
    partner_id = fields.Many2one(related="plan_id.partner_id")
    supply_id = fields.Many2one(related="plan_id.supply_id")
    plan_state = fields.Selection(related="plan_id.state", string="State of the Plan")
    currency_id = fields.Many2one(related="company_id.currency_id")
    number = fields.Integer(string="No.", required=True)
    date_due = fields.Date(string="Due on", required=True)
    capital = fields.Monetary(required=True)
    interest = fields.Monetary()
    amount = fields.Monetary(
        string="To Pay", compute="_compute_amount", store=True, precompute=True
    )
    amount_before = fields.Monetary(
        string="Paid before", readonly=True, help="On the bills, before the plan ran."
    )
    amount_paid = fields.Monetary(string="Paid", readonly=True, copy=False)
    payment_code = fields.Char(
        copy=False,
        help="Empty: a creditor reference (ISO 11649) once the plan is approved.",
    )
    state = fields.Selection(
        STATES, required=True, readonly=True, default="open", copy=False
    )
    move_id = fields.Many2one(
        "account.move",
        string="Entry",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    reminded_before = fields.Date(string="Announced on", readonly=True, copy=False)
    reminded_after = fields.Date(string="Reminded on", readonly=True, copy=False)

    _amounts_positive = models.Constraint(
        "CHECK(capital > 0 AND interest >= 0)", "An instalment is above zero."
    )
    _due_idx = models.Index("(company_id, date_due) WHERE state IN ('open', 'late')")

    @api.depends("capital", "interest")
    def _compute_amount(self):
        for line in self:
            line.amount = line.capital + line.interest

    @api.depends("number", "plan_id.name")
    def _compute_display_name(self):
        for line in self:
            line.display_name = f"{line.plan_id.name}/{line.number}"

    def _give_codes(self):
        """A creditor reference for each instalment that has no code yet."""
        for line in self.filtered(lambda line: not line.payment_code):
            # two companies may have plans of one number
            body = f"{line.company_id.id}{line.plan_id.id:07d}{line.number:03d}"
            check = mod_97_10.calc_check_digits(f"{body}RF")
            line.payment_code = f"RF{check}{body}"

    def _receivable(self):
        """:return: the receivable lines of the instalments' entries"""
        return self.move_id.line_ids.filtered(
            lambda line: (
                line.account_id.account_type == "asset_receivable" and line.balance > 0
            )
        )

    def action_open_move(self):
        """:return: window action of the instalment's entry"""
        self.ensure_one()
        return self.move_id.get_formview_action()
