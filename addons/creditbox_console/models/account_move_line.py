from odoo import fields, models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    # By these the entries behind a figure are found; nothing is stored here.
    creditbox_console_line_ids = fields.One2many(
        "creditbox.console.line", "line_id", string="Open in the Console"
    )
    creditbox_snapshot_line_ids = fields.One2many(
        "creditbox.snapshot.line", "line_id", string="Open in Snapshots"
    )
