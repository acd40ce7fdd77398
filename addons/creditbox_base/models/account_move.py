from odoo import fields, models

from .creditbox_past import MOVE_COLUMNS

DEBT_FIELDS = {"state", "creditbox_supply_id"}


class AccountMove(models.Model):
    _inherit = "account.move"

    creditbox_supply_id = fields.Many2one(
        "creditbox.supply",
        string="Supply",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
    )
    creditbox_ref = fields.Char(
        string="Billing System Number",
        copy=False,
        help="Number of the bill in the billing system.",
    )
    creditbox_period_from = fields.Date(string="Consumption from")
    creditbox_period_to = fields.Date(string="Consumption to")
    creditbox_payment_code = fields.Char(
        string="Payment Code",
        copy=False,
        help="Code that the customer gives when paying: pagoPA notice number, slip…",
    )
    creditbox_pdf_name = fields.Char(
        string="Bill File",
        copy=False,
        help="Name of the PDF of the bill in the archive of the billing system.",
    )
    creditbox_charge = fields.Selection(
        [("fee", "Costs"), ("interest", "Late Interest"), ("flat", "Flat Sum")],
        string="Charge",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="Arisen from the recovery of other bills: it bears no interest itself.",
    )
    creditbox_hold_ids = fields.One2many("creditbox.hold", "move_id", string="Holds")
    creditbox_hold_count = fields.Integer(compute="_compute_creditbox_hold_count")

    _creditbox_ref_uniq = models.UniqueIndex(
        "(company_id, creditbox_ref) WHERE creditbox_ref IS NOT NULL",
        "A bill with this billing system number already exists.",
    )

    def _compute_creditbox_hold_count(self):
        counts = dict(
            self.env["creditbox.hold"]._read_group(
                [("move_id", "in", self.ids), ("state", "=", "active")],
                ["move_id"],
                ["__count"],
            )
        )
        for move in self:
            move.creditbox_hold_count = counts.get(move._origin, 0)

    def write(self, vals):
        self.env["creditbox.former"]._keep(self, MOVE_COLUMNS, vals)
        result = super().write(vals)
        if not DEBT_FIELDS.isdisjoint(vals):
            self.env["creditbox.position"]._touch(*self.line_ids._creditbox_debts())
        return result

    def unlink(self):
        debts = self.line_ids._creditbox_debts()
        result = super().unlink()
        self.env["creditbox.position"]._touch(*debts)
        return result

    def action_open_creditbox_position(self):
        """The position that this bill or payment is part of."""
        self.ensure_one()
        position = self.env["creditbox.position"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("partner_id", "=", self.commercial_partner_id.id),
                ("supply_id", "=", self.creditbox_supply_id.id),
            ]
        )
        return position._get_records_action(name=self.env._("Position"))
