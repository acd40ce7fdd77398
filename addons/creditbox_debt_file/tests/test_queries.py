from odoo.tests import freeze_time, tagged

from odoo.addons.creditbox_dunning.tests.common import TODAY

from .common import DebtFileCommon, pdf_of


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestQueries(DebtFileCommon):
    def test_as_many_for_many_documents(self):
        """Bills with PDFs, holds and messages: more of them cost no more queries."""
        self._fill(2)
        position = self._positions(self.customer)
        self._count(position)  # what is asked once only
        few = self._count(position)
        self._fill(12)
        many = self._count(position)
        self.assertLessEqual(many, few, "queries grow with the documents")

    def _fill(self, number):
        for _each in range(number):
            self._attach(self._bill(10, 40), pdf_of("bill"))
            self.customer.message_post(body="x", message_type="email")
        self.env.flush_all()

    def _count(self, position):
        """:return: int, queries that the content asks"""
        self.env.invalidate_all()
        file = self.Files.new(
            {
                "company_id": self.company.id,
                "partner_id": self.customer.id,
                "position_ids": position.ids,
                "whole": True,
            }
        )
        scope = file._scope()._replace(
            partner=self.customer, company=self.company, positions=position
        )
        before = self.env.cr.sql_log_count
        sections = self.env["creditbox.debt.file.content"].sudo()._sections(scope)
        for section in sections:
            for document in section.documents:
                self.assertTrue(document.name)
        return self.env.cr.sql_log_count - before
