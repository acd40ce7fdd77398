from datetime import timedelta

from odoo.fields import Date

from odoo.addons.creditbox_base.tests.common import CreditboxCommon

AMOUNTS = ("amount_overdue", "amount_not_due", "amount_credit", "amount_held")


class ConsoleCommon(CreditboxCommon):
    """Two companies and their console, and a ledger whose dates are chosen."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.console = cls.env["creditbox.console"]
        cls.cells = cls.env["creditbox.console.cell"]
        cls.lines = cls.env["creditbox.console.line"]
        cls.snapshots = cls.env["creditbox.snapshot"]
        cls.gas = cls.env.ref("creditbox_base.service_type_gas")
        cls.domestic = cls.env.ref("creditbox_base.customer_type_domestic")
        cls.pisa = cls.env.ref("base.state_it_pi")
        cls.lucca = cls.env.ref("base.state_it_lu")

    @classmethod
    def day(cls, text):
        return Date.to_date(text)

    @classmethod
    def bill_on(cls, customer, amount, date, due, **vals):
        """A posted bill of the date (text) that falls due on the other."""
        return cls.make_bill(
            customer,
            amount,
            days=(cls.today - cls.day(due)).days,
            invoice_date=cls.day(date),
            date=cls.day(date),
            **vals,
        )

    @classmethod
    def pay_on(cls, bills, date, amount=None):
        """Pay the bills on the day (text) and reconcile."""
        payment = cls.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": bills.partner_id.id,
                "amount": amount or sum(bills.mapped("amount_residual")),
                "date": cls.day(date),
                "company_id": bills.company_id.id,
                "journal_id": cls.env["account.journal"]
                .search(
                    [("type", "=", "bank"), ("company_id", "=", bills.company_id.id)],
                    limit=1,
                )
                .id,
            }
        )
        payment.action_post()
        cls.receivable_lines(bills + payment.move_id).reconcile()
        return payment

    def load(self, user=None, **params):
        console = self.as_user(user, self.console) if user else self.console
        return console.load(params)

    def bucket(self, overdue, day_from):
        return self.env["creditbox.age.bucket"].search(
            [
                ("overdue", "=", overdue),
                ("day_from", "=", day_from),
                ("company_id", "=", False),
            ]
        )

    def assert_console_right(self, companies=None):
        """Sums, due dates and positions say what the accounts say."""
        for company in companies or self.companies:
            expected = self._expected(company)
            for model in (self.cells, self.lines, self.position_model):
                [found] = model._read_group(
                    [("company_id", "=", company.id)],
                    [],
                    [f"{name}:sum" for name in AMOUNTS],
                )
                self.assertEqual(
                    [round(amount or 0, 2) for amount in found],
                    [expected[name] for name in AMOUNTS],
                    model._name,
                )

    def _expected(self, company):
        lines = self.env["account.move.line"].search(
            [
                ("company_id", "=", company.id),
                ("account_id.account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("amount_residual", "!=", 0),
            ]
        )
        held = self.env["creditbox.hold"].search([("company_id", "=", company.id)])
        held = held.filtered(
            lambda h: h.state != "released" and h.date_from <= self.today <= h.date_to
        )

        def is_held(line):
            return (
                line.move_id in held.move_id
                or (line.partner_id in held.partner_id)
                or line.move_id.creditbox_supply_id in held.supply_id
            )

        debts = lines.filtered(lambda line: line.amount_residual > 0)
        overdue = debts.filtered(lambda line: line.date_maturity < self.today)

        def total(records):
            return round(sum(records.mapped("amount_residual")), 2)

        return {
            "amount_overdue": total(overdue),
            "amount_not_due": total(debts - overdue),
            "amount_credit": -total(lines - debts) or 0,
            "amount_held": total(overdue.filtered(is_held)),
        }

    @classmethod
    def days_ago(cls, days):
        return str(cls.today - timedelta(days=days))
