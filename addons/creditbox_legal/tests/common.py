from odoo.addons.creditbox_dunning.tests.common import DunningCommon

NOW = "2026-06-30 08:00:00"


class LegalCommon(DunningCommon):
    """A table whose second step hands over to an agency; an agency and a lawyer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.table = cls._table(
            cls.company,
            [
                {"step": 1, "code": "agency", "wait_before": 10, "wait_after": 20},
                {"step": 2, "code": "litigation", "wait_before": 0, "wait_after": 30},
                {"step": 3, "wait_before": 0},
            ],
        )
        cls.agency = cls._provider("Recupero Uno", "agency")
        cls.lawyer = cls._provider("Studio Due", "lawyer")
        cls.Case = cls.env["creditbox.case"]

    @classmethod
    def _provider(cls, name, kind, **mandate):
        provider = cls.env["creditbox.provider"].create(
            {
                "name": name,
                "kind": kind,
                "partner_id": cls.env["res.partner"]
                .create({"name": name, "email": f"{kind}@example.com"})
                .id,
            }
        )
        cls.env["creditbox.mandate"].create(
            {"provider_id": provider.id, "company_id": cls.company.id, **mandate}
        )
        return provider

    def _agency_case(self, amount=100, days=30):
        """:return: the case that the table opens today, and its bill"""
        bill = self._bill(amount, days)
        action = self._execute()
        return action.case_id, bill

    def _hand_case(self, kind="injunction", amount=100, days=5):
        bill = self._bill(amount, days)
        position = self.env["creditbox.position"].search(
            [("partner_id", "=", bill.commercial_partner_id.id)], limit=1
        )
        return self.Case._open(position, kind), bill
