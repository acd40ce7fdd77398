from datetime import timedelta

from odoo import Command, fields
from odoo.tests import TransactionCase, new_test_user

BUCKETS = (
    ("amount_1_30", 1, 30),
    ("amount_31_60", 31, 60),
    ("amount_61_90", 61, 90),
    ("amount_91_180", 91, 180),
    ("amount_181_365", 181, 365),
    ("amount_over_365", 366, 10**6),
)
ROLES = (
    "reader",
    "operator",
    "supervisor",
    "manager",
    "controller",
    "administrator",
)


class CreditboxCommon(TransactionCase):
    """Two companies with the least accounting that bills need, and what fills them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=True))
        cls.company = cls.make_company("Acqua Test")
        cls.company_b = cls.make_company("Gas Test")
        cls.companies = cls.company + cls.company_b
        cls.env.user.write({"company_ids": [Command.link(c.id) for c in cls.companies]})
        cls.env = cls.env(
            context=dict(cls.env.context, allowed_company_ids=cls.companies.ids)
        )
        cls.today = cls.company._creditbox_today()
        cls.water = cls.env.ref("creditbox_base.service_type_water")
        cls.reason = cls.env["creditbox.hold.reason"].create(
            {"code": "test", "name": "Test"}
        )
        cls.position_model = cls.env["creditbox.position"]

    # -- companies and users -------------------------------------------------------

    @classmethod
    def make_company(cls, name):
        company = cls.env["res.company"].create(
            {
                "name": name,
                "country_id": cls.env.ref("base.it").id,
                "currency_id": cls.env.ref("base.EUR").id,
            }
        )
        company.partner_id.tz = "Europe/Rome"
        accounts = {
            account_type: cls._make_account(company, code, account_type)
            for code, account_type in (
                ("150100", "asset_receivable"),
                ("180100", "asset_cash"),
                ("310100", "income"),
                ("490100", "expense"),
            )
        }
        cls.env["ir.default"].set(
            "res.partner",
            "property_account_receivable_id",
            accounts["asset_receivable"].id,
            company_id=company.id,
        )
        cls._make_journals(company, accounts)
        return company

    @classmethod
    def _make_account(cls, company, code, account_type):
        return (
            cls.env["account.account"]
            .with_company(company)
            .create(
                {
                    "code": code,
                    "name": account_type,
                    "account_type": account_type,
                    "reconcile": account_type == "asset_receivable",
                    "company_ids": [Command.set(company.ids)],
                }
            )
        )

    @classmethod
    def _make_journals(cls, company, accounts):
        journals = cls.env["account.journal"].with_company(company)
        journals.create(
            {
                "name": "Bollette",
                "code": "BOL",
                "type": "sale",
                "company_id": company.id,
                "default_account_id": accounts["income"].id,
            }
        )
        bank = journals.create(
            {
                "name": "Banca",
                "code": "BNK",
                "type": "bank",
                "company_id": company.id,
                "default_account_id": accounts["asset_cash"].id,
            }
        )
        bank.inbound_payment_method_line_ids.payment_account_id = accounts["asset_cash"]

    @classmethod
    def make_user(cls, role, companies=None, groups=None):
        """A user of the role, who may work in the companies (default: the first).

        :param groups: XML ids with commas, instead of the group of the role
        """
        companies = companies or cls.company
        return new_test_user(
            cls.env,
            login=f"{role}_{'_'.join(map(str, companies.ids))}",
            groups=groups or f"creditbox_base.group_{role}",
            company_id=companies[0].id,
            company_ids=[Command.set(companies.ids)],
            tz="Europe/Rome",
        )

    def as_user(self, user, records):
        """The records as the user sees them, all his companies ticked."""
        return records.with_user(user).with_context(
            allowed_company_ids=user.company_ids.ids
        )

    # -- customers -----------------------------------------------------------------

    @classmethod
    def make_customer(cls, name="Mario Rossi", company=None, **vals):
        company = company or cls.company
        return cls.env["res.partner"].create(
            {
                "name": name,
                "company_id": company.id,
                "country_id": cls.env.ref("base.it").id,
                **vals,
            }
        )

    @classmethod
    def make_supply(cls, customer, code, **vals):
        return cls.env["creditbox.supply"].create(
            {
                "code": code,
                "partner_id": customer.id,
                "company_id": customer.company_id.id,
                "service_type_id": cls.water.id,
                **vals,
            }
        )

    # -- accounts ------------------------------------------------------------------

    @classmethod
    def make_bill(cls, customer, amount, days=0, supply=None, refund=False, **vals):
        """A posted bill that fell due ``days`` ago (before zero: falls due later)."""
        due = cls.today - timedelta(days=days)
        bill = (
            cls.env["account.move"]
            .with_company(customer.company_id)
            .create(
                {
                    "move_type": "out_refund" if refund else "out_invoice",
                    "partner_id": customer.id,
                    "company_id": customer.company_id.id,
                    "invoice_date": min(due, cls.today) - timedelta(days=30),
                    "invoice_date_due": due,
                    "creditbox_supply_id": supply and supply.id,
                    "invoice_line_ids": [
                        Command.create(
                            {"name": "Consumo", "price_unit": amount, "tax_ids": []}
                        )
                    ],
                    **vals,
                }
            )
        )
        bill.action_post()
        return bill

    @classmethod
    def make_payment(cls, customer, amount, supply=None):
        """A posted payment that covers nothing yet."""
        payment = (
            cls.env["account.payment"]
            .with_company(customer.company_id)
            .create(
                {
                    "payment_type": "inbound",
                    "partner_type": "customer",
                    "partner_id": customer.id,
                    "amount": amount,
                    "journal_id": cls.env["account.journal"]
                    .search(
                        [
                            ("type", "=", "bank"),
                            ("company_id", "=", customer.company_id.id),
                        ],
                        limit=1,
                    )
                    .id,
                }
            )
        )
        payment.action_post()
        if supply:
            payment.move_id.creditbox_supply_id = supply
        return payment

    @classmethod
    def receivable_lines(cls, moves):
        return moves.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )

    @classmethod
    def pay(cls, bills, amount=None):
        """Pay the bills, wholly or in part, and reconcile."""
        payment = cls.make_payment(
            bills.partner_id, amount or sum(bills.mapped("amount_residual"))
        )
        cls.receivable_lines(bills + payment.move_id).reconcile()
        return payment

    # -- positions -----------------------------------------------------------------

    def position(self, customer, supply=None):
        return self.position_model.search(
            [
                ("partner_id", "=", customer.id),
                ("supply_id", "=", supply.id if supply else False),
            ]
        )

    def expected_figures(self, customer):
        """{supply id or False: figures}, computed by the ORM and Python alone."""
        lines = self.env["account.move.line"].search(
            [
                ("partner_id", "child_of", customer.id),
                ("account_id.account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
            ]
        )
        by_supply = lines.filtered("amount_residual").grouped(
            lambda line: line.move_id.creditbox_supply_id.id
        )
        return {
            supply: self._figures_of(supply_lines)
            for supply, supply_lines in by_supply.items()
        }

    def _figures_of(self, lines):
        def total(records):
            return round(sum(records.mapped("amount_residual")), 2)

        def age(line):
            return (self.today - line.date_maturity).days

        debts = lines.filtered(lambda line: line.amount_residual > 0)
        overdue = debts.filtered(lambda line: age(line) > 0)
        figures = {
            "amount_overdue": total(overdue),
            "amount_not_due": total(debts - overdue),
            "amount_credit": -total(lines - debts),
            "amount_balance": total(lines),
            "overdue_count": len(overdue),
            "days_overdue": max(map(age, overdue), default=0),
            "oldest_due_date": min(overdue.mapped("date_maturity"), default=False),
        }
        for name, first, last in BUCKETS:
            figures[name] = total(
                overdue.filtered(lambda line, a=first, b=last: a <= age(line) <= b)
            )
        return figures

    def assert_positions_right(self, customer):
        """The customer's positions are what an independent computation says."""
        expected = self.expected_figures(customer)
        positions = self.position_model.search([("partner_id", "=", customer.id)])
        for supply in expected:
            self.assertIn(supply, [p.supply_id.id for p in positions])
        nothing = self._figures_of(self.env["account.move.line"])
        for position in positions:
            figures = expected.get(position.supply_id.id, nothing)
            found = {
                name: round(position[name], 2)
                if isinstance(position[name], float)
                else position[name]
                for name in figures
            }
            self.assertEqual(found, figures)

    def make_hold(self, level, target, days=10, **vals):
        field = {"bill": "move_id", "supply": "supply_id", "customer": "partner_id"}
        return self.env["creditbox.hold"].create(
            {
                "level": level,
                field[level]: target.id,
                "company_id": target.company_id.id,
                "reason_id": self.reason.id,
                "date_from": self.today,
                "date_to": fields.Date.add(self.today, days=days),
                **vals,
            }
        )
