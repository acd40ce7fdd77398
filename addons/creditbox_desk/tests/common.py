from datetime import timedelta

from odoo.fields import Command
from odoo.tests import freeze_time

from odoo.addons.creditbox_dunning.tests.common import TODAY, DunningCommon

__all__ = ["PDR", "TODAY", "DeskCommon"]
PDR = "00000000000001"


class DeskCommon(DunningCommon):
    """One customer with two supplies and what he owes on them, and people."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.creditbox_promise_tolerance_days = 3
        cls.company.creditbox_promise_tolerance_amount = 0
        cls.operator = cls._user("operator")
        cls.supervisor = cls._user("supervisor")
        cls.reader = cls._user("reader")
        cls.gas_supply = cls._supply(cls.customer, PDR, service_type_id=cls.gas.id)
        cls.bill = cls._bill(100, 40)
        cls.gas_bill = cls._bill(60, 20, cls.gas_supply)
        cls.position = cls._position(cls.supply)
        cls.gas_position = cls._position(cls.gas_supply)

    @classmethod
    def _position(cls, supply):
        return cls.env["creditbox.position"].search([("supply_id", "=", supply.id)])

    @classmethod
    def _promise(cls, *lines, position=None, user=None, **values):
        """:param lines: (days from TODAY, amount)"""
        return (
            cls.env["creditbox.promise"]
            .with_user(user or cls.operator)
            .create(
                {
                    "partner_id": cls.customer.id,
                    "company_id": cls.company.id,
                    "position_id": position and position.id,
                    "date": TODAY,
                    "line_ids": [
                        Command.create(
                            {"date": TODAY + timedelta(days), "amount": amount}
                        )
                        for days, amount in lines
                    ],
                    **values,
                }
            )
            .with_user(cls.env.user)
        )

    @classmethod
    def _paid(cls, amount, bills=None, days=0, supply=None):
        """A payment dated so many days from TODAY."""
        journal = cls.company_data["default_journal_bank"]
        payment = cls.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": cls.customer.id,
                "amount": amount,
                "journal_id": journal.id,
                "date": TODAY + timedelta(days),
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
        elif not supply:
            cls.env["creditbox.position"]._touch(cls.customer.ids, cls.company)
        return payment

    @classmethod
    def _night(cls, days):
        """The nightly valuation, so many days from TODAY."""
        with freeze_time(TODAY + timedelta(days)):
            cls.env["creditbox.promise"].search([("state", "=", "open")])._value()
