from odoo import fields, models

from .loose_many2one import LooseMany2one


class CreditboxActionLine(models.Model):
    """One bill that an action is about, with its open amount at that moment."""

    _name = "creditbox.action.line"
    _description = "Bill of an Action"
    _order = "action_id, date_due, id"
    _log_access = False

    action_id = LooseMany2one("creditbox.action", required=True, index=True)
    item_id = LooseMany2one("creditbox.item", required=True, index=True)
    rule_id = LooseMany2one("creditbox.rule", required=True)
    amount = fields.Monetary(string="Open amount")
    date_due = fields.Date()
    executed = fields.Boolean(default=False)
    company_id = fields.Many2one(related="action_id.company_id")
    currency_id = fields.Many2one(related="action_id.currency_id")
    move_id = fields.Many2one(related="item_id.move_id", string="Bill")

    _once = models.UniqueIndex(
        "(item_id, rule_id) WHERE executed",
        "A row of the action table is carried out once for a bill.",
    )
