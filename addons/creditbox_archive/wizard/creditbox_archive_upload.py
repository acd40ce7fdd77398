from odoo import fields, models
from odoo.exceptions import UserError


class CreditboxArchiveUpload(models.TransientModel):
    """Files that are put into the archive of a customer or a case."""

    _name = "creditbox.archive.upload"
    _description = "Add Documents to the Archive"

    res_model = fields.Char(required=True, readonly=True)
    res_id = fields.Many2oneReference(
        model_field="res_model", required=True, readonly=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    category_id = fields.Many2one(
        "dms.category",
        required=True,
        default=lambda self: self._default_category_id(),
    )
    date = fields.Date(
        string="Date of the documents",
        required=True,
        default=lambda self: self._default_date(),
    )
    attachment_ids = fields.Many2many("ir.attachment", string="Files")

    def _default_category_id(self):
        return self.env.ref("creditbox_archive.category_letter")

    def _default_date(self):
        return self.env.company._creditbox_today()

    def action_add(self):
        """Put the files into the archive.

        :return: window action of the documents
        :raises UserError: no files
        """
        self.ensure_one()
        if not self.attachment_ids:
            raise UserError(self.env._("Choose the files first."))
        record = self.env[self.res_model].with_company(self.company_id)
        record = record.browse(self.res_id)
        record._archive_add(
            [(file.name, file.raw) for file in self.attachment_ids],
            self.category_id,
            self.date,
        )
        self.attachment_ids.unlink()  # the archive has them now
        return record.action_open_archive()
