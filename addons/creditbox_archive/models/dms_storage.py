from odoo import fields, models


class DmsStorage(models.Model):
    _inherit = "dms.storage"

    creditbox_archive = fields.Boolean(
        string="Archive of CreditBox", readonly=True, copy=False
    )

    _creditbox_archive_uniq = models.UniqueIndex(
        "(company_id) WHERE creditbox_archive", "A company has one archive."
    )
