import base64

from odoo import fields, models
from odoo.exceptions import UserError


class CreditboxInformationUpload(models.TransientModel):
    """Choose a file of answers of an information provider, and it is taken."""

    _name = "creditbox.information.upload"
    _description = "Upload Answers of an Information Provider"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self._default_company_id()
    )
    provider_id = fields.Many2one(
        "creditbox.provider",
        string="Provider",
        required=True,
        domain="[('kind', '=', 'information'), ('info_method', '=', 'file'),"
        " ('company_id', 'in', [company_id, False])]",
        default=lambda self: self._default_provider_id(),
    )
    file = fields.Binary(required=True)
    filename = fields.Char()

    def _default_company_id(self):
        return self.env.company

    def _default_provider_id(self):
        return self.env["creditbox.provider"].search(
            [
                ("kind", "=", "information"),
                ("info_method", "=", "file"),
                ("company_id", "in", [self.env.company.id, False]),
            ],
            limit=1,
        )

    def action_upload(self):
        """Take the file, and show what came of it.

        :raises UserError: it cannot be read
        """
        self.ensure_one()
        self.env["creditbox.information.report"]._require(
            "creditbox_base.group_operator"
        )
        self.company_id.check_access("read")  # one of the user's own
        self.provider_id.check_access("read")
        # files and reports are nobody's to write
        file = (
            self.env["creditbox.information.file"]
            .sudo()
            ._take(
                self.provider_id,
                self.filename or self.env._("Upload"),
                base64.b64decode(self.file),
                self.company_id,
            )
        )
        if file.state == "failed":
            raise UserError(file.reason)
        return file.sudo(False)._get_records_action(name=self.env._("Answers"))
