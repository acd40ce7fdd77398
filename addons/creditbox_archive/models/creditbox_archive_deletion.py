from odoo import api, fields, models
from odoo.exceptions import UserError


class CreditboxArchiveDeletion(models.Model):
    """What was deleted from the archive, by whom, when and why. Nobody writes it."""

    _name = "creditbox.archive.deletion"
    _description = "Deletion from the Archive"
    _inherit = ["creditbox.guarded"]
    _order = "id desc"

    name = fields.Char(string="Document", required=True, readonly=True)
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    category_id = fields.Many2one("dms.category", readonly=True, ondelete="set null")
    date = fields.Date(string="Date of the document", readonly=True)
    keep_until = fields.Date(string="To be kept until", readonly=True)
    early = fields.Boolean(string="Before its time", readonly=True)
    reason = fields.Char(readonly=True)
    user_id = fields.Many2one("res.users", string="Deleted by", readonly=True)
    date_deleted = fields.Datetime(string="Deleted on", readonly=True)
    size = fields.Integer(readonly=True, aggregator=None)
    checksum = fields.Char(string="SHA-1", readonly=True)
    version_count = fields.Integer(string="Former versions", readonly=True)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("What was deleted stays on the list."))
