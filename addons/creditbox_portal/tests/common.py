import base64
import io
from datetime import timedelta

from odoo.addons.creditbox_base.tests.files import PDF, png  # noqa: F401
from odoo.addons.creditbox_base.tools.upload import take
from odoo.addons.creditbox_dunning.tests.common import DunningCommon


def receipt(content=PDF, name="ricevuta.pdf"):
    return take(io.BytesIO(content), name)


class PortalCommon(DunningCommon):
    """Rossi has a user; his neighbour Bianchi too; Esterni is of another company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = cls.company._creditbox_today()
        cls.user = cls._portal_user(cls.customer, "rossi")
        cls.neighbour = cls._customer("Bianchi")
        cls.neighbour_supply = cls._supply(cls.neighbour, "W2")
        cls.neighbour_user = cls._portal_user(cls.neighbour, "bianchi")
        cls.company_b = cls.setup_other_company()["company"]
        cls.stranger = cls._customer("Esterni", cls.company_b)
        cls.stranger_supply = cls._supply(cls.stranger, "B1")

    @classmethod
    def _bill_now(cls, amount=100, overdue=10, supply=None, **values):
        """A bill due ``overdue`` days before the real today."""
        bill = cls._bill(amount, cls.today - timedelta(days=overdue), supply, **values)
        bill.creditbox_ref = f"BOL-{bill.id}"
        return bill

    @classmethod
    def _pdf_of(cls, bill, content=PDF):
        bill.message_main_attachment_id = cls.env["ir.attachment"].create(
            {
                "name": "bill.pdf",
                "datas": base64.b64encode(content),
                "mimetype": "application/pdf",
                "res_model": "account.move",
                "res_id": bill.id,
            }
        )
        return bill.message_main_attachment_id

    def _declare(self, bills, user=None, **values):
        values = {
            "amount": 100,
            "date_paid": self.today,
            "method": "transfer",
            "reference": "CRO 1",
            **values,
        }
        model = self.env["creditbox.payment.declaration"].sudo()
        return model._declare(user or self.user, bills, values, receipt())

    def _as(self, user, records):
        return records.with_user(user).with_context(allowed_company_ids=None)
