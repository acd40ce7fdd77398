from odoo.tests import tagged

from .common import EvaluationCommon


@tagged("creditbox", "post_install", "-at_install")
class TestMerge(EvaluationCommon):
    def test_two_customers_become_one(self):
        kept, gone = self.make_customer("Kept"), self.make_customer("Gone")
        self.make_history(kept, [0] * 3)
        self.make_history(gone, [40] * 3)
        self.ratings._refresh(companies=self.company)
        for customer in (kept, gone):
            self.env["creditbox.limit"].create(
                {
                    "partner_id": customer.id,
                    "company_id": self.company.id,
                    "amount": 100,
                }
            )
            self.alerts.create(
                {
                    "partner_id": customer.id,
                    "company_id": self.company.id,
                    "kind": "insolvency",
                }
            )
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((kept + gone).ids, kept)
        self.assertEqual(self.rating(kept).bill_count, 6)
        self.assertEqual(self.rating(kept).late_count, 3)
        limits = self.env["creditbox.limit"].with_context(active_test=False)
        limits = limits.search([("partner_id", "=", kept.id)])
        self.assertEqual(sorted(limits.mapped("active")), [False, True])
        self.assertEqual(
            len(self.alerts_of(kept, ("kind", "=", "insolvency"), ("live", "=", True))),
            1,
        )
        self.assertEqual(len(self.alerts_of(kept, ("kind", "=", "insolvency"))), 2)
