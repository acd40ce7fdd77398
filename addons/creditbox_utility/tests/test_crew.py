from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import UtilityCommon


@tagged("post_install", "-at_install")
class TestCrew(UtilityCommon):
    """Who may say which crews there are, and of whose company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_company = cls.env["res.company"].create({"name": "Other"})

    def _user(self, role, company=None):
        company = company or self.company
        return new_test_user(
            self.env,
            f"{role} of {company.name}",
            groups=f"creditbox_base.group_{role}",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )

    def _crew(self, user):
        values = {"name": "Crew 1", "company_id": self.company.id}
        return self.env["fsm.person"].with_user(user).create(values)

    def test_supervisor_keeps_crews(self):
        supervisor = self._user("supervisor")
        crew = self._crew(supervisor)
        crew.creditbox_contractor_id = self.env["res.partner"].create(
            {"name": "Contractor", "is_company": True}
        )
        with self.assertRaises(AccessError):
            crew.unlink()
        with self.assertRaises(AccessError):
            self._crew(self._user("operator"))

    def test_company(self):
        crew = self._crew(self._user("supervisor"))
        stranger = self._user("supervisor", self.other_company)
        crews = self.env["fsm.person"].with_user(stranger)
        self.assertNotIn(crew, crews.search([]))
        with self.assertRaises(AccessError):
            crew.with_user(stranger).name = "Taken"

    def test_route_is_not_written_by_hand(self):
        order, _bill = self._hand_order()
        with self.assertRaises(AccessError):
            order.with_user(self._user("operator")).creditbox_route_sequence = 1
