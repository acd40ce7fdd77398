from odoo import models
from odoo.fields import Domain

from odoo.addons.creditbox_debt_file.tools.sections import Section


class CreditboxDebtFileContent(models.AbstractModel):
    """What the archive holds of the customer, except former debt files."""

    _inherit = "creditbox.debt.file.content"

    def _sections(self, scope):
        return [
            *super()._sections(scope),
            Section(96, self.env._("Documents of the archive"), self._archived(scope)),
        ]

    def _domain_archived(self, scope):
        """Documents say whose they are, not of which supply: all or none of them."""
        if not scope.whole:
            return Domain.FALSE
        return Domain("creditbox_partner_id", "=", scope.partner.id)

    def _archived(self, scope):
        documents = self.env["dms.file"].search(
            Domain("company_id", "=", scope.company.id)
            & Domain("creditbox_archive", "=", True)
            & Domain("creditbox_debt_file", "=", False)
            & self._domain_archived(scope),
            order="creditbox_date, id",
        )
        by_id = {document.id: document for document in documents}
        files = self._attachments("dms.file", documents.ids, "content_file")
        order = {document.id: place for place, document in enumerate(documents)}
        for file in files.sorted(lambda file: order[file.res_id]):
            document = by_id[file.res_id]
            day = document.creditbox_date
            category = document.category_id.display_name
            yield self._attached(
                file,
                day,
                ": ".join(filter(None, (category, document.name))),
                f"{self._stamp(day)} {document.name}",
            )
