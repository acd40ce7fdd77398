from datetime import date, timedelta
from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import new_test_user

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

from ..models.creditbox_channel import CreditboxChannel

TODAY = date(2026, 6, 30)


class DunningCommon(AccountTestInvoicingCommon):
    """A company with its chart, one supply point, and an action table of two steps."""

    @classmethod
    def get_default_groups(cls):
        groups = super().get_default_groups()
        return groups | cls.env.ref("creditbox_base.group_administrator")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.lang = "en_US"
        cls.company = cls.company_data["company"]
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True})
        cls.domestic = cls.env.ref("creditbox_base.customer_type_domestic")
        cls.water = cls.env.ref("creditbox_base.service_type_water")
        cls.gas = cls.env.ref("creditbox_base.service_type_gas")
        cls.active = cls.env.ref("creditbox_base.meter_state_active")
        cls.suspendable = cls.env.ref("creditbox_base.meter_type_suspendable")
        cls.product_bill = cls.product_a
        cls.product_bill.taxes_id = False
        cls.template = cls.env["creditbox.template"].create(
            cls._template_values("email")
        )
        cls.table = cls._table(cls.company)
        cls.customer = cls._customer("Rossi")
        cls.supply = cls._supply(cls.customer, "W1")

    @classmethod
    def _template_values(cls, code):
        return {
            "name": f"Test {code}",
            "code": code,
            "subject": "Unpaid bills of {{ supply }}",
            "body": "<p>Please pay {{ amount }}</p>{{ bills }}",
        }

    @classmethod
    def _table(cls, company, rows=None, publish=True):
        """:param rows: list of values of creditbox.rule; default: e-mail, then again"""
        rows = rows or [
            {"step": 1, "wait_before": 10, "wait_after": 20},
            {"step": 2, "wait_before": 0, "wait_after": 30},
        ]
        table = cls.env["creditbox.rule.set"].create(
            {
                "name": "Test table",
                "company_id": company.id,
                "rule_ids": [
                    Command.create(
                        {
                            "name": f"Row {number}",
                            "code": "email",
                            "template_id": cls.template.id
                            if row.get("code", "email") == "email"
                            else False,
                            **row,
                        }
                    )
                    for number, row in enumerate(rows, start=1)
                ],
            }
        )
        if publish:
            table.action_publish()
        return table

    @classmethod
    def _customer(cls, name, company=None, **values):
        company = company or cls.company
        return cls.env["res.partner"].create(
            {
                "name": name,
                "company_id": company.id,
                "creditbox_customer_type_id": cls.domestic.id,
                "email": f"{name.lower().replace(' ', '.')}@example.com",
                "street": "Via Roma 1",
                "zip": "20100",
                "city": "Milano",
                **values,
            }
        )

    @classmethod
    def _supply(cls, customer, code, **values):
        company = customer.company_id
        meter = cls.env["creditbox.meter"].create(
            {
                "company_id": company.id,
                "serial": f"M-{code}",
                "service_type_id": values.get("service_type_id", cls.water.id),
                "meter_type_id": values.pop("meter_type_id", cls.suspendable.id),
                "meter_state_id": values.pop("meter_state_id", cls.active.id),
            }
        )
        return cls.env["creditbox.supply"].create(
            {
                "code": code,
                "partner_id": customer.id,
                "company_id": company.id,
                "service_type_id": cls.water.id,
                "meter_id": meter.id,
                **values,
            }
        )

    @classmethod
    def _bill(cls, amount, due, supply=None, customer=None, credit_note=False):
        """Post a bill.

        :param due: date, or number of days before TODAY
        """
        supply = cls.supply if supply is None else supply
        customer = customer or supply.partner_id or cls.customer
        if isinstance(due, int):
            due = TODAY - timedelta(days=due)
        move = (
            cls.env["account.move"]
            .with_company(customer.company_id)
            .create(
                {
                    "move_type": "out_refund" if credit_note else "out_invoice",
                    "partner_id": customer.id,
                    "company_id": customer.company_id.id,
                    "creditbox_supply_id": supply.id,
                    "invoice_date": due - timedelta(days=20),
                    "invoice_date_due": due,
                    "invoice_payment_term_id": False,
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "name": "Consumption",
                                "price_unit": amount,
                                "tax_ids": [],
                                "account_id": cls.company_data[
                                    "default_account_revenue"
                                ].id,
                            }
                        )
                    ],
                }
            )
        )
        move.action_post()
        return move

    @classmethod
    def _pay(cls, amount, bills=None, customer=None, supply=None):
        """Post a payment; reconciled with ``bills``, else an open credit."""
        customer = customer or (bills.partner_id if bills else cls.customer)
        journal = cls.company_data["default_journal_bank"]
        payment = cls.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": customer.id,
                "amount": amount,
                "journal_id": journal.id,
                "date": TODAY,
            }
        )
        if not payment.outstanding_account_id:
            payment.outstanding_account_id = journal.default_account_id
        payment.action_post()
        if supply:
            payment.move_id.creditbox_supply_id = supply
        if bills:
            (payment.move_id | bills).line_ids.filtered(
                lambda line: (
                    line.account_id.account_type == "asset_receivable"
                    and not line.reconciled
                )
            ).reconcile()
        return payment

    @classmethod
    def _run(cls, as_of=TODAY, propose=True, company=None):
        run = cls.env["creditbox.run"].create(
            {
                "company_id": (company or cls.company).id,
                "as_of": as_of,
                "rule_set_id": cls.env["creditbox.rule.set"]
                ._published(company or cls.company)
                .id,
            }
        )
        if propose:
            run.action_propose()
        return run

    def _execute(self):
        """Hand over, or queue, what the table gives today.

        :return: the actions
        """
        run = self._run()
        run.action_approve()
        run.sudo().state = "executing"
        run.action_ids._execute()
        return run.action_ids

    def _mark_leaving(self, message, left=False):
        """As a process leaves it that was killed while handing the message over.

        :param left: or just after that
        """
        with self.env["creditbox.departure"]._journal(message._name) as journal:
            self.assertTrue(journal.leaving(message.id))
            if left:
                journal.left(message.id)
            journal.note()

    def _marks(self, message):
        return self.env["creditbox.departure"]._abandoned(message._name)

    @classmethod
    def _done(cls, actions, day=TODAY):
        """Carry actions out without a channel."""
        actions.sudo().write({"state": "ready"})
        actions._mark_done(day)

    @classmethod
    def _user(cls, role, company=None):
        company = company or cls.company
        return new_test_user(
            cls.env,
            f"{role}_{company.id}",
            groups=f"base.group_user,creditbox_base.group_{role}",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )

    @classmethod
    def _portal_user(cls, partner, login, company=None):
        """A user of the portal whose password is the login."""
        company = company or partner.company_id or cls.company
        return (
            cls.env["res.users"]
            .with_context(no_reset_password=True)
            .create(
                {
                    "name": partner.name,
                    "login": login,
                    "password": login,
                    "partner_id": partner.id,
                    "lang": "en_US",
                    "company_id": company.id,
                    "company_ids": [Command.set(company.ids)],
                    "group_ids": [Command.set(cls.env.ref("base.group_portal").ids)],
                }
            )
        )


class OwnChannelsOnly:
    """Only the channels of this addon are there: one above brings the technical office.

    To be mixed into tests of what nobody can carry out.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(
            patch.object(
                cls.env.registry["creditbox.channel"],
                "_channel_models",
                CreditboxChannel._channel_models,
            )
        )
