from odoo import fields, models

from odoo.addons.creditbox_quality.models.creditbox_quality_standard import MACROS


class CreditboxQualitySheetMacro(models.Model):
    """A macro-indicator of a year: its share, class and goal (547/2019, title XIII)."""

    _name = "creditbox.quality.sheet.macro"
    _description = "Macro-indicator of a Sheet"
    _order = "sheet_id, macro"
    _rec_name = "macro"

    sheet_id = fields.Many2one(
        "creditbox.quality.sheet", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="sheet_id.company_id", store=True, precompute=True, index=True
    )
    macro = fields.Selection(MACROS, string="Macro-indicator", required=True)
    done_in = fields.Integer(string="In time")
    done_out = fields.Integer(string="Out of time, operator")
    share = fields.Float(string="Share (%)", digits=(6, 3), aggregator=None)
    class_id = fields.Many2one("creditbox.quality.class", string="Class")
    base_share = fields.Float(string="Year before (%)", digits=(6, 3), aggregator=None)
    goal = fields.Float(
        string="Goal (%)",
        digits=(6, 3),
        aggregator=None,
        help="Of this year, from share and class of the year before. 0: not known.",
    )
    reached = fields.Selection([("yes", "Reached"), ("no", "Not reached")])
    goal_next = fields.Float(
        string="Goal of next year (%)", digits=(6, 3), aggregator=None
    )
