from odoo import api, fields, models
from odoo.fields import Domain


class DmsFile(models.Model):
    _inherit = "dms.file"

    creditbox_content = fields.Char(
        string="Text",
        store=False,
        search="_search_creditbox_content",
        help="Words in the document itself: all of them; with quotes side by side; "
        "those after a hyphen must not be there.",
    )

    @api.model
    def _search_creditbox_content(self, operator, value):
        if operator != "ilike" or not isinstance(value, str):
            return NotImplemented
        texts = self.env["creditbox.archive.text"]
        texts.flush_model()
        return Domain("id", "in", texts._sql_files(value))

    @api.model
    def search(self, domain, offset=0, limit=None, order=None):
        """The files of a deleted record, of a model that has none, need no query."""
        if self.env["dms.directory"]._creditbox_asks_for_none(domain):
            return self.browse()
        return super().search(domain, offset=offset, limit=limit, order=order)
