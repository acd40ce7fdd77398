from odoo import models
from odoo.fields import Domain


class CreditboxDebtFileContent(models.AbstractModel):
    _inherit = "creditbox.debt.file.content"

    def _domain_archived(self, scope):
        """Of one supply: the documents of its cases."""
        return super()._domain_archived(scope) | (
            Domain("res_model", "=", "creditbox.case")
            & Domain("res_id", "in", self._cases(scope).ids)
        )
