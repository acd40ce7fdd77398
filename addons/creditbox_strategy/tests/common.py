from odoo.fields import Command
from odoo.tests import new_test_user

from odoo.addons.creditbox_dunning.tests.common import DunningCommon

NOW = "2026-06-30 08:00:00"


class StrategyCommon(DunningCommon):
    """Two operators of a company; a supervisor, a manager."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company_b = cls.setup_other_company()["company"]
        cls.anna, cls.bruno = (cls._operator(name) for name in ("anna", "bruno"))
        cls.supervisor, cls.manager = cls._user("supervisor"), cls._user("manager")
        cls.portfolio = cls._portfolio("All")

    @classmethod
    def _operator(cls, login, company=None, **values):
        company = company or cls.company
        user = new_test_user(
            cls.env,
            login,
            groups="creditbox_base.group_operator",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        return cls.env["creditbox.operator"].create(
            {"user_id": user.id, "company_id": company.id, **values}
        )

    @classmethod
    def _portfolio(cls, name, **values):
        return cls.env["creditbox.portfolio"].create(
            {"name": name, "company_id": cls.company.id, **values}
        )

    @classmethod
    def _positions(cls, *amounts, days=30, **customer):
        """:return: creditbox.position, of a customer each, in that order"""
        found = cls.env["creditbox.position"]
        for amount in amounts:
            partner = cls._customer(f"Debtor {amount}", **customer)
            supply = cls._supply(partner, f"S{partner.id}")
            cls._bill(amount, days, supply=supply)
            found |= found.search([("partner_id", "=", partner.id)])
        return found

    @classmethod
    def _assignment(cls, **values):
        return cls.env["creditbox.assignment"].create(
            {"reason": "Test", "company_id": cls.company.id, **values}
        )
