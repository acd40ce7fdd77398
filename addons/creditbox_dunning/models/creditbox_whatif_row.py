from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class CreditboxWhatifRow(models.Model):
    """What a row of the table does before and after; a copy is the same row."""

    _name = "creditbox.whatif.row"
    _inherit = ["creditbox.whatif.figure"]
    _description = "What If? by Row"
    _auto = False
    _order = "step, id"

    rule_id = fields.Many2one("creditbox.rule", string="Row", readonly=True)
    row_id = fields.Many2one("creditbox.rule", string="First version", readonly=True)
    step = fields.Integer(readonly=True)
    customer_type_id = fields.Many2one(related="rule_id.customer_type_id")
    service_type_id = fields.Many2one(related="rule_id.service_type_id")

    def _sql_by(self):
        shown = SQL("COALESCE(MAX(rule_id) FILTER (WHERE NOT is_before), MAX(rule_id))")
        return SQL("row_id"), SQL(
            ", %(shown)s AS rule_id,"
            " (SELECT step FROM creditbox_rule WHERE id = %(shown)s) AS step",
            shown=shown,
        )

    def _domain_side(self, side):
        if side == "before":
            return Domain("change_id.rule_before_id", "=", self.row_id.id)
        return Domain("change_id.twin_id", "=", self.row_id.id) | Domain(
            "change_id.rule_after_id", "=", self.row_id.id
        )
