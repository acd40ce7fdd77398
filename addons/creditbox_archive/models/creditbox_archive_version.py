from odoo import fields, models
from odoo.tools import SQL


class CreditboxArchiveVersion(models.Model):
    """A document as it was before something else was put in its place."""

    _name = "creditbox.archive.version"
    _description = "Former Version of a Document"
    _order = "file_id, number desc"
    _log_access = False

    file_id = fields.Many2one(
        "dms.file", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    number = fields.Integer(string="Version", required=True, readonly=True)
    name = fields.Char(required=True, readonly=True)
    content = fields.Binary(readonly=True, attachment=True)
    checksum = fields.Char(string="SHA-1", readonly=True)
    size = fields.Integer(readonly=True, aggregator=None)
    user_id = fields.Many2one("res.users", string="Replaced by", readonly=True)
    date = fields.Datetime(string="Replaced on", readonly=True)

    _number_uniq = models.Constraint(
        "UNIQUE(file_id, number)", "This version is there already."
    )

    def _take_over(self):
        """Take the content of the files, where it lies: nothing is copied."""
        self.flush_recordset()
        self.env["ir.attachment"].flush_model()
        self.env.cr.execute(
            SQL(
                """
                UPDATE ir_attachment a
                   SET res_model = %(model)s, res_field = 'content', res_id = version.id
                  FROM creditbox_archive_version version
                 WHERE version.id = ANY(%(ids)s) AND a.res_id = version.file_id
                   AND a.res_model = 'dms.file' AND a.res_field = 'content_file'
                """,
                model=self._name,
                ids=self.ids,
            )
        )
        self.env["ir.attachment"].invalidate_model()
        self.invalidate_recordset(["content"])
        self.file_id.invalidate_recordset(["content", "content_file"])
