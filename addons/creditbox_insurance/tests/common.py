from datetime import date

from odoo.tests import freeze_time

from odoo.addons.creditbox_dunning.tests.common import TODAY, DunningCommon


@freeze_time(TODAY)
class InsuranceCommon(DunningCommon):
    """A policy whose bills must be declared within 60 days, and a cover of 1,000."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.insurer = cls.env["creditbox.provider"].create(
            {"name": "Assicura Crediti", "kind": "insurer"}
        )
        cls.policy = cls._policy()
        cls.cover = cls._cover()
        cls.Bills = cls.env["creditbox.insured.bill"]

    @classmethod
    def _policy(cls, company=None, **values):
        return cls.env["creditbox.policy"].create(
            {
                "name": "P-1",
                "company_id": (company or cls.company).id,
                "provider_id": cls.insurer.id,
                "partner_id": cls.env["res.partner"].create({"name": "Assicura"}).id,
                "date_from": date(2020, 1, 1),
                "max_payment_days": 90,
                "declare_days": 60,
                "remind_days": 10,
                "waiting_days": 30,
                "insured_percent": 90,
                **values,
            }
        )

    @classmethod
    def _cover(cls, customer=None, **values):
        customer = customer or cls.customer
        return cls.env["creditbox.cover"].create(
            {
                "partner_id": customer.id,
                "company_id": customer.company_id.id,
                "provider_id": cls.insurer.id,
                "policy": "P-1",
                "amount": 1000,
                "date_from": date(2020, 1, 1),
                "date_to": date(2030, 12, 31),
                **values,
            }
        )

    def _due(self, bills=None):
        """:return: creditbox.insured.bill, of these bills, or all"""
        self.env.flush_all()
        domain = [("move_id", "in", bills.ids)] if bills else []
        return self.Bills.search(domain)

    def _declared(self, *bills):
        """:return: creditbox.declaration.line of bills declared today"""
        bills = self.env["account.move"].union(*bills)
        self._due(bills).action_declare()
        return self.env["creditbox.declaration.line"].search(
            [("move_id", "in", bills.ids), ("live", "=", True)]
        )
