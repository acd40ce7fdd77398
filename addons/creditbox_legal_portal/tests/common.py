import io

from odoo.addons.creditbox_base.tests.files import PDF
from odoo.addons.creditbox_base.tools.upload import take
from odoo.addons.creditbox_legal.tests.common import LegalCommon


def receipt(name="ricevuta.pdf"):
    return take(io.BytesIO(PDF), name)


class LegalPortalCommon(LegalCommon):
    """An agency and a lawyer with a user each; others who must see nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company_b = cls.setup_other_company()["company"]
        cls.rival = cls._provider("Recupero Rivale", "agency")
        cls.agent = cls._portal_user(cls.agency.partner_id, "agenzia")
        cls.advocate = cls._portal_user(cls.lawyer.partner_id, "avvocato")
        cls.rival_user = cls._portal_user(cls.rival.partner_id, "rivale")
        cls.debtor_user = cls._portal_user(cls.customer, "debitore")
        # the agency's too, but only for the other company
        cls.agent_abroad = cls._portal_user(
            cls.env["res.partner"].create(
                {"name": "Altrove", "parent_id": cls.agency.partner_id.id}
            ),
            "altrove",
            cls.company_b,
        )

    @classmethod
    def _case_of(cls, provider, amount=100, days=30, accepted=True, number=1):
        """:return: a case of a customer of its own, and its bill"""
        customer = cls._customer(f"Debtor {number}")
        bill = cls._bill(amount, days, supply=cls._supply(customer, f"D{number}"))
        position = cls.env["creditbox.position"].search(
            [("partner_id", "=", customer.id)]
        )
        kind = "agency" if provider.kind == "agency" else "lawyer"
        case = cls.Case._open(position, kind)
        case._assign(provider)
        if accepted:
            case.action_accept()
        return case, bill

    @classmethod
    def _own(cls, user, case=None):
        """:return: the user's cases, or that one, as the controllers have them"""
        cases = cls.env["creditbox.case"].with_user(user)
        return cases._case_own(user, [("id", "=", case.id)] if case else [])

    @classmethod
    def _row(cls, case, amount=40, **values):
        return {
            "case": case,
            "amount": amount,
            "date": case.company_id._creditbox_today(),
            "channel": "cash",
            "reference": "R1",
            **values,
        }

    @classmethod
    def _declare(cls, user, case, amount=40, **values):
        own = cls._own(user, case)
        declarations = cls.env["creditbox.case.declaration"].with_user(user).sudo()
        return declarations._declare(user, cls._row(own, amount, **values), receipt())
