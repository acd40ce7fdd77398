from odoo import fields, models

from odoo.addons.creditbox_dunning.models.loose_many2one import LooseMany2one


class CreditboxSnapshotLine(models.Model):
    """A due date that was open on the day of a snapshot.

    The texts are those of the day on which the snapshot was made; they and the figures
    go into its hash, the links do not: customers may be merged later.
    """

    _name = "creditbox.snapshot.line"
    _inherit = ["creditbox.console.figure"]
    _description = "Open Due Date of a Snapshot"
    _order = "amount_overdue desc, date_maturity, id"
    _rec_name = "number"

    snapshot_id = LooseMany2one("creditbox.snapshot", required=True, readonly=True)
    line_id = LooseMany2one("account.move.line", string="Entry", readonly=True)
    move_id = LooseMany2one("account.move", string="Bill", readonly=True)
    partner_id = LooseMany2one("res.partner", string="Customer", readonly=True)
    position_id = LooseMany2one("creditbox.position", readonly=True)
    supply_id = LooseMany2one("creditbox.supply", readonly=True)
    number = fields.Char(readonly=True)
    customer = fields.Char(string="Customer Name", readonly=True)
    tax_code = fields.Char(readonly=True)
    date_maturity = fields.Date(string="Due Date", readonly=True)
    days_overdue = fields.Integer(readonly=True, aggregator="max")

    _snapshot_idx = models.Index("(snapshot_id, amount_overdue DESC)")
    _snapshot_partner_idx = models.Index("(snapshot_id, partner_id)")
    _entry_idx = models.Index("(line_id)")

    def action_open_bill(self):
        self.ensure_one()
        return self.move_id._get_records_action()
