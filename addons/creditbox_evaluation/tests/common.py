from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo.addons.creditbox_base.tests.common import CreditboxCommon


class EvaluationCommon(CreditboxCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ratings = cls.env["creditbox.rating"]
        cls.alerts = cls.env["creditbox.alert"]
        cls.rule = cls.env.ref("creditbox_evaluation.rating_rule")
        cls.good = cls.env.ref("creditbox_evaluation.rating_band_good")
        cls.watch = cls.env.ref("creditbox_evaluation.rating_band_watch")
        cls.risk = cls.env.ref("creditbox_evaluation.rating_band_risk")

    @classmethod
    def pay_late(cls, bill, days, amount=None):
        """Pay a bill ``days`` after its due date (before zero: earlier)."""
        due = cls.receivable_lines(bill).date_maturity
        payment = cls.env["account.payment"].with_company(bill.company_id)
        payment = payment.create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": bill.partner_id.id,
                "amount": amount or bill.amount_residual,
                "date": due + timedelta(days=days),
                "journal_id": cls.bank_journal(bill.company_id).id,
            }
        )
        payment.action_post()
        cls.receivable_lines(bill + payment.move_id).reconcile()
        return payment

    @classmethod
    def bank_journal(cls, company):
        return cls.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", company.id)], limit=1
        )

    @classmethod
    def make_history(cls, customer, delays, amount=100, months=None):
        """One bill a month, the newest due a month ago; None: not paid.

        :return: the bills, oldest first
        """
        bills = cls.env["account.move"]
        for back, delay in enumerate(reversed(delays), 1):
            age = (cls.today - (cls.today - relativedelta(months=back))).days
            bill = cls.make_bill(customer, amount, days=age)
            if delay is not None:
                cls.pay_late(bill, delay)
            bills = bill + bills
        return bills

    def rate(self, customer, company=None):
        """:return: the evaluation, made anew"""
        company = company or customer.company_id or self.company
        self.ratings._refresh(customer.ids, company)
        return self.rating(customer, company)

    def rating(self, customer, company=None):
        return self.ratings.search(
            [
                ("partner_id", "=", customer.id),
                ("company_id", "=", (company or self.company).id),
            ]
        )

    def alerts_of(self, customer, *domain):
        return self.alerts.search([("partner_id", "=", customer.id), *domain])
