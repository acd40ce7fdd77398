from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class DmsFile(models.Model):
    """What leaves the archive: by the administrator, when its years are over, noted.

    Before its years are over it needs a reason (``creditbox_reason`` in the context).
    """

    _inherit = "dms.file"

    def _creditbox_is_over(self):
        """:return: whether the document need not be kept any longer"""
        self.ensure_one()
        until = self.creditbox_keep_until
        return bool(until and until < self.company_id._creditbox_today())

    def action_creditbox_delete(self):
        """:return: window that asks for the reason, and deletes"""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Delete from the archive"),
            "res_model": "creditbox.archive.delete",
            "view_mode": "form",
            "target": "new",
            "context": {"default_file_ids": [fields.Command.set(self.ids)]},
        }

    @api.ondelete(at_uninstall=False)
    def _unlink_except_kept(self):
        """Whoever deletes, also a customer with all that is his."""
        kept = self.sudo().filtered("creditbox_archive")
        if not kept:
            return
        administrator = "creditbox_base.group_administrator"
        if not self.env.user.has_group(administrator):
            raise AccessError(
                self.env._("Only the administrator deletes from the archive.")
            )
        early = kept.filtered(lambda file: not file._creditbox_is_over())
        if early and not self.env.context.get("creditbox_reason"):
            raise UserError(
                self.env._(
                    "These documents must still be kept: %s",
                    ", ".join(early[:10].mapped("name")),
                )
            )

    def unlink(self):
        noted = self.sudo().filtered("creditbox_archive")._creditbox_deletions()
        stored = self.sudo().creditbox_version_ids
        if stored:
            stored.unlink()  # with their files, which the database alone would leave
        result = super().unlink()
        self.env["creditbox.archive.deletion"].sudo().create(noted)  # nobody writes it
        return result

    def _creditbox_deletions(self):
        """:return: list of values of creditbox.archive.deletion"""
        return [
            {
                "name": file.name,
                "company_id": file.company_id.id,
                "partner_id": file.creditbox_partner_id.id,
                "category_id": file.category_id.id,
                "date": file.creditbox_date,
                "keep_until": file.creditbox_keep_until,
                "early": not file._creditbox_is_over(),
                "reason": self.env.context.get("creditbox_reason"),
                "user_id": self.env.uid,
                "date_deleted": fields.Datetime.now(),
                "size": int(file.size),
                "checksum": file.checksum,
                "version_count": len(file.creditbox_version_ids),
            }
            for file in self
        ]
