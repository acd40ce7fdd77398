from odoo import fields, models

from .creditbox_case import PROVIDER_OF


class CreditboxMandate(models.Model):
    """What a lawyer or an agency takes from a company, and for what fee."""

    _name = "creditbox.mandate"
    _description = "Mandate of a Lawyer or Agency"
    _inherit = ["mail.thread"]
    _order = "provider_id, id"
    _rec_name = "provider_id"
    _check_company_auto = True

    provider_id = fields.Many2one(
        "creditbox.provider",
        required=True,
        index=True,
        check_company=True,
        domain="[('kind', 'in', ('agency', 'lawyer'))]",
        tracking=True,
    )
    kind = fields.Selection(related="provider_id.kind")
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self._default_company_id(),
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    share = fields.Float(
        string="Share (%)", default=100, help="Of what is assigned by share."
    )
    state_ids = fields.Many2many(
        "res.country.state", string="Provinces", help="Empty: everywhere."
    )
    amount_from = fields.Monetary(string="From")
    amount_to = fields.Monetary(string="Up to", help="0: no limit.")
    recall_days = fields.Integer(
        string="Recall after (days)", help="0: stays until it is closed.", tracking=True
    )
    fee_ids = fields.One2many("creditbox.mandate.fee", "mandate_id", copy=True)
    active = fields.Boolean(default=True)

    _one_each = models.UniqueIndex(
        "(provider_id, company_id) WHERE active",
        "This provider has a mandate of the company already.",
    )
    _share_positive = models.Constraint(
        "CHECK(share >= 0 AND recall_days >= 0)", "Shares and days cannot be negative."
    )

    def _default_company_id(self):
        return self.env.company

    def _fits(self, case):
        """:return: whether the mandate covers a case"""
        return (
            self.company_id == case.company_id
            and self.kind == PROVIDER_OF[case.kind]
            and (not self.state_ids or case.partner_id.state_id in self.state_ids)
            and self.amount_from <= case.amount_due
            and (not self.amount_to or case.amount_due < self.amount_to)
        )

    def _percent(self, age, amount):
        """The fee on what is collected of a bill.

        :param age: days overdue when it was handed over
        :param amount: float, handed over of that bill
        :return: float, per cent
        """
        fitting = self.fee_ids.filtered(
            lambda fee: fee.age_from <= age and fee.amount_from <= amount
        )
        best = fitting.sorted(lambda fee: (fee.age_from, fee.amount_from))[-1:]
        return best.percent
