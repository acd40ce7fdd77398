from datetime import timedelta

from odoo import fields
from odoo.tests import Form

from odoo.addons.creditbox_base.tests.common import CreditboxCommon


class FrontofficeCommon(CreditboxCommon):
    """Clerks of two companies, customers with a supply and a meter each."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = cls.make_clerk("counter")
        cls.officer = cls.make_clerk("back_office")
        cls.chief = cls.make_clerk("manager")
        cls.customer = cls.make_customer(
            email="mario@example.com", street="Via Roma 1", zip="56100", city="Pisa"
        )
        cls.other = cls.make_customer("Anna Verdi")
        cls.meter = cls.env["creditbox.meter"].create(
            {
                "serial": "M1",
                "company_id": cls.company.id,
                "meter_state_id": cls.env.ref("creditbox_base.meter_state_active").id,
            }
        )
        cls.supply = cls.make_supply(
            cls.customer,
            "W1",
            meter_id=cls.meter.id,
            date_start="2020-01-01",
            zip="56100",
            city="Pisa",
        )
        cls.cash = cls.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", cls.company.id)], limit=1
        )

    @classmethod
    def make_clerk(cls, role, company=None):
        company = company or cls.company
        return cls.make_user(
            f"front_{role}",
            company,
            groups=f"creditbox_frontoffice.group_{role}",
        )

    @classmethod
    def procedure(cls, code):
        return cls.env.ref(f"creditbox_frontoffice.procedure_{code}")

    def request_form(self, code, user=None):
        """:return: Form of a new request, as the counter opens it"""
        tickets = self.as_user(user or self.clerk, self.env["helpdesk.ticket"])
        form = Form(
            tickets.with_context(creditbox_request=True),
            view="creditbox_frontoffice.creditbox_request_view_form",
        )
        form.creditbox_procedure_id = self.procedure(code)
        return form

    def ask(self, code, user=None, **values):
        """A request made through its form, with all that its procedure asks for.

        :param values: fields of the form instead of the usual ones
        :return: helpdesk.ticket, as the user sees it
        """
        form = self.request_form(code, user)
        for name, value in {**self.usual(code), **values}.items():
            setattr(form, name, value)
        ticket = form.save()
        ticket.creditbox_document_ids.seen = True
        return ticket

    def usual(self, code):
        """:return: {field: value} of the simple fields that a procedure asks for"""
        known = {
            "creditbox_supply_id": self.supply,
            "partner_id": self.customer,
            "creditbox_service_type_id": self.water,
            "creditbox_place": "Via Nuova 3, Pisa",
            "creditbox_quantity": 1,
            "creditbox_new_partner_id": self.other,
            "creditbox_date_effect": self.today,
            "creditbox_reading": 120,
            "creditbox_reading_date": self.today,
            "creditbox_amount": 40,
            "creditbox_journal_id": self.cash,
            "creditbox_instalments": 3,
            "creditbox_iban": "IT60X0542811101000000123456",
            "creditbox_holder": "Mario Rossi",
            "creditbox_cadastral": "Pisa, sheet 3, parcel 12",
            "creditbox_new_codes": "N1",
            "description": "<p>Please</p>",
        }
        lines = self.procedure(code).data_ids
        names = [line.field_name for line in lines if line.field_name in known]
        if "creditbox_supply_id" in names:  # brings the customer along
            names.sort(key=lambda name: name != "creditbox_supply_id")
        return {name: known[name] for name in names}

    def step(self, ticket, user=None, **values):
        """Do the next step by its wizard.

        :return: helpdesk.ticket
        """
        ticket = self.as_user(user or self.officer, ticket)
        action = ticket.with_context(creditbox_quote=True).action_next_step()
        form = Form(
            self.as_user(
                user or self.officer, self.env[action["res_model"]]
            ).with_context(**action["context"])
        )
        for name, value in values.items():
            setattr(form, name, value)
        form.save().action_confirm()
        return ticket

    @staticmethod
    def ago(**time):
        return fields.Datetime.now() - timedelta(**time)
