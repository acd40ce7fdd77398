from odoo import fields, models

from odoo.addons.creditbox_dunning.models.loose_many2one import LooseMany2one


class CreditboxSnapshotRow(models.Model):
    """A sum of a snapshot: by age, service, customer type, operator and area."""

    _name = "creditbox.snapshot.row"
    _inherit = ["creditbox.console.figure"]
    _description = "Sum of a Snapshot"
    _order = "snapshot_id, id"

    snapshot_id = LooseMany2one(
        "creditbox.snapshot", required=True, readonly=True, index=True
    )
    bill_count = fields.Integer(string="Due Dates", readonly=True)
