from zoneinfo import ZoneInfo

from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    creditbox_allocation = fields.Selection(
        [
            ("oldest", "The oldest bill first"),
            ("charges", "Costs and interest first (c.c. art. 1194)"),
        ],
        string="Payments without a bill cover",
        default="oldest",
        required=True,
        help="Where the customer does not say what a payment is for.",
    )

    creditbox_keep_months = fields.Integer(
        string="Past kept (months)",
        default=24,
        help="So long can past days be looked at again, and are raw PEC messages, SMS "
        "receipts and files of the post kept; proofs of unpaid bills, and those of the "
        "last ten years, in any case. 0: for ever.",
    )

    _creditbox_keep_positive = models.Constraint(
        "CHECK(creditbox_keep_months >= 0)", "Months cannot be negative."
    )

    def _creditbox_zone(self):
        """:return: tzinfo where the company is (time zone of its partner)"""
        self.ensure_one()
        return ZoneInfo(self.sudo().partner_id.tz or "Europe/Rome")

    def _creditbox_local(self, moment):
        """Return a time as the clocks of the company show it.

        :param moment: datetime.datetime in UTC, without time zone
        :return: datetime.datetime with time zone
        """
        return moment.replace(tzinfo=ZoneInfo("UTC")).astimezone(self._creditbox_zone())

    def _creditbox_today(self):
        """Today's date where the company is."""
        return self._creditbox_local(fields.Datetime.now()).date()

    def _creditbox_feed_problems(self):
        """Return why the data of the company is not to be trusted now.

        Addons that bring data in add theirs: late payments, totals that do not square.

        :return: list of str, empty when all is well
        """
        self.ensure_one()
        return []
