from odoo import fields, models


class CreditboxArchiveDelete(models.TransientModel):
    """Why documents are deleted from the archive."""

    _name = "creditbox.archive.delete"
    _description = "Delete from the Archive"

    file_ids = fields.Many2many("dms.file", string="Documents", readonly=True)
    early_count = fields.Integer(
        string="Still to be kept", compute="_compute_early_count"
    )
    reason = fields.Char(required=True)

    def _compute_early_count(self):
        for wizard in self:
            early = wizard.file_ids.filtered(lambda file: not file._creditbox_is_over())
            wizard.early_count = len(early)

    def action_delete(self):
        """Delete the documents, with the reason on the list of deletions."""
        self.ensure_one()
        self.file_ids.with_context(creditbox_reason=self.reason).unlink()
        return {"type": "ir.actions.client", "tag": "soft_reload"}
