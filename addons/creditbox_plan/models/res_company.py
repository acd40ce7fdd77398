from datetime import timedelta

from odoo import fields, models


class ResCompany(models.Model):
    """How a company grants plans, and when it gives them up."""

    _inherit = "res.company"

    creditbox_plan_count = fields.Integer(
        string="Instalments offered",
        default=6,
        help="Where no regulation grants more.",
    )
    creditbox_plan_min_amount = fields.Monetary(string="Smallest debt", default=0)
    creditbox_plan_small_amount = fields.Monetary(
        string="Granted by operators up to",
        default=0,
        help="What the customer has a right to, and no plan broken before. 0: none.",
    )
    creditbox_plan_first_days = fields.Integer(
        string="First instalment after (days)", default=15
    )
    creditbox_plan_offer_days = fields.Integer(
        string="Time to accept (days)", default=20
    )
    creditbox_plan_interest = fields.Selection(
        [("none", "Without interest"), ("reference", "Reference rate of the ECB")],
        string="Interest of plans",
        default="none",
        required=True,
    )
    creditbox_plan_tolerance_days = fields.Integer(
        string="Tolerance (days)", default=10, help="Before an instalment is late."
    )
    creditbox_plan_tolerance_amount = fields.Monetary(
        string="Tolerance (amount)", default=1.0
    )
    creditbox_plan_late_max = fields.Integer(
        string="Broken with late instalments", default=2
    )
    creditbox_plan_broken_max = fields.Integer(
        string="Broken plans tolerated",
        default=0,
        help="With more, the credit manager decides on another one.",
    )
    creditbox_plan_broken_months = fields.Integer(
        string="Looking back (months)", default=24
    )
    creditbox_plan_remind_before = fields.Integer(
        string="Announce instalments (days before)", default=7, help="0: not at all."
    )
    creditbox_plan_remind_after = fields.Integer(
        string="Remind of instalments (days after)", default=3, help="0: not at all."
    )
    creditbox_plan_journal_id = fields.Many2one(
        "account.journal",
        string="Journal of plans",
        check_company=True,
        domain="[('type', '=', 'general')]",
    )

    _creditbox_plan_positive = models.Constraint(
        "CHECK(creditbox_plan_count > 0 AND creditbox_plan_first_days >= 0"
        " AND creditbox_plan_offer_days > 0 AND creditbox_plan_tolerance_days >= 0"
        " AND creditbox_plan_tolerance_amount >= 0 AND creditbox_plan_late_max > 0"
        " AND creditbox_plan_broken_max >= 0 AND creditbox_plan_broken_months > 0"
        " AND creditbox_plan_remind_before >= 0 AND creditbox_plan_remind_after >= 0)",
        "Days, months and numbers of plans cannot be negative.",
    )

    def _creditbox_plan_first(self, day):
        """:return: datetime.date, when the first instalment is due"""
        return day + timedelta(days=self.sudo().creditbox_plan_first_days)

    def _creditbox_plan_deadline(self, day):
        """:return: datetime.date until which an offer of ``day`` may be accepted"""
        return day + timedelta(days=self.sudo().creditbox_plan_offer_days)

    def _creditbox_plan_rate(self, day):
        """:return: float, interest of a plan asked for on ``day``, per cent a year"""
        if self.sudo().creditbox_plan_interest == "none":
            return 0.0
        return self._creditbox_reference_rate(day)

    def _creditbox_reference_rate(self, day):
        """:return: float, rate of the ECB in force on ``day``"""
        index = self.env.ref("creditbox_dunning.interest_index_ecb")
        # what everybody may look up is asked for whoever simulates
        rates = index.sudo().rate_ids.filtered(lambda rate: rate.date_from <= day)
        return max(rates.sorted("date_from")[-1:].rate, 0.0)

    def _creditbox_prepare_plans(self):
        """Fill in the journal, if it was left empty, and the accounts of interest."""
        self.ensure_one()
        self._creditbox_prepare_charges()
        company = self.sudo().with_company(self)  # settings of the system
        if not company.creditbox_plan_journal_id:
            company.creditbox_plan_journal_id = company._creditbox_plan_journal()

    def _creditbox_plan_journal(self):
        speaking = self.with_context(lang=self.partner_id.lang)
        name = speaking.env._("Repayment plans")
        return self._creditbox_journal("RATE", "general", name)
