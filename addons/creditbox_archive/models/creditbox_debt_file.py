import base64

from odoo import models
from odoo.exceptions import UserError


class CreditboxDebtFile(models.Model):
    """Debt files may be kept in the archive, for longer than their days."""

    _inherit = "creditbox.debt.file"

    def action_put_into_archive(self):
        """Put ZIP and PDF into the customer's archive.

        :return: window action of the customer's documents
        """
        self._require("creditbox_base.group_operator")
        if self.filtered(lambda file: file.state != "made"):
            raise UserError(self.env._("Only a debt file that is made can be kept."))
        category = self.env.ref("creditbox_archive.category_other")
        for file in self.with_context(bin_size=False):
            partner = file.partner_id.with_company(file.company_id)
            documents = partner._archive_add(
                [
                    (file.zip_name, base64.b64decode(file.zip)),
                    (file.pdf_name, base64.b64decode(file.pdf)),
                ],
                category,
            )
            documents.sudo().creditbox_debt_file = True  # people may not say so
        return (
            self[:1].partner_id.with_company(self[:1].company_id).action_open_archive()
        )
