from odoo import api, fields, models


class CreditboxQualitySheetCheck(models.Model):
    """A total of a sheet beside what the register says, counted another way."""

    _name = "creditbox.quality.sheet.check"
    _description = "Check of a Sheet"
    _order = "sheet_id, id"

    sheet_id = fields.Many2one(
        "creditbox.quality.sheet", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="sheet_id.company_id", store=True, precompute=True, index=True
    )
    name = fields.Char(string="What", required=True)
    in_sheet = fields.Float(string="In the sheet", aggregator=None, digits=(16, 2))
    in_register = fields.Float(
        string="In the register", aggregator=None, digits=(16, 2)
    )
    difference = fields.Float(
        compute="_compute_squares", store=True, aggregator=None, digits=(16, 2)
    )
    squares = fields.Boolean(compute="_compute_squares", store=True)

    @api.depends("in_sheet", "in_register")
    def _compute_squares(self):
        for check in self:
            check.difference = round(check.in_sheet - check.in_register, 2)
            check.squares = not check.difference
