import io

from PIL import Image

from odoo.fields import Command

from odoo.addons.creditbox_utility.tests.common import UtilityCommon


def picture(color="white"):
    stream = io.BytesIO()
    Image.new("RGB", (8, 8), color).save(stream, "PNG")
    return stream.getvalue()


class OrderPortalCommon(UtilityCommon):
    """A client company and a contractor, each with a user and a neighbour."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company_b = cls.setup_other_company()["company"]
        service = cls.supply.service_type_id
        other = cls.env["creditbox.service.type"].search(
            [("id", "!=", service.id)], limit=1
        )
        cls.client_user = cls._firm("Venditore", "venditore")
        cls.client_neighbour = cls._firm("Altro venditore", "altro")
        cls.client_abroad = cls._firm("Estero", "estero", cls.company_b)
        for user, company, services in (
            (cls.client_user, cls.company, service),
            (cls.client_neighbour, cls.company, other),
            (cls.client_abroad, cls.company_b, service.browse()),
        ):
            cls.env["creditbox.order.client"].create(
                {
                    "partner_id": user.commercial_partner_id.id,
                    "company_id": company.id,
                    "service_type_ids": [Command.set(services.ids)],
                }
            )
        cls.contractor = cls._firm("Impresa", "impresa")
        cls.rival = cls._firm("Rivale", "rivale")
        cls.customer_user = cls._firm("Cliente qualunque", "qualunque")
        cls.crew = cls._crew(cls.contractor, "Squadra 1")
        cls.crew_2 = cls._crew(cls.contractor, "Squadra 2")
        cls.rival_crew = cls._crew(cls.rival, "Squadra rivale")

    @classmethod
    def _firm(cls, name, login, company=None):
        company = company or cls.company
        firm = cls.env["res.partner"].create({"name": name, "is_company": True})
        return (
            cls.env["res.users"]
            .with_context(no_reset_password=True)
            .create(
                {
                    "name": f"{name} (utente)",
                    "login": login,
                    "password": login,
                    "partner_id": cls.env["res.partner"]
                    .create({"name": f"{name} (utente)", "parent_id": firm.id})
                    .id,
                    "lang": "en_US",
                    "company_id": company.id,
                    "company_ids": [Command.set(company.ids)],
                    "group_ids": [Command.set(cls.env.ref("base.group_portal").ids)],
                }
            )
        )

    @classmethod
    def _crew(cls, user, name):
        return cls.env["fsm.person"].create(
            {
                "name": name,
                "company_id": cls.company.id,
                "creditbox_contractor_id": user.commercial_partner_id.id,
            }
        )

    def _given(self, operation="suspension"):
        """:return: an order that the contractor's crew has, and its bill"""
        order, bill = self._hand_order(operation)
        order.person_id = self.crew
        return order, bill
