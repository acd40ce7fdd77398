from odoo import api, fields, models


class CreditboxWhatifCompany(models.Model):
    """One company of a what-if: what was looked at there, and what comes out."""

    _name = "creditbox.whatif.company"
    _description = "What If? by Company"
    _order = "whatif_id, id"
    _rec_name = "company_id"
    _log_access = False

    whatif_id = fields.Many2one(
        "creditbox.whatif", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    currency_id = fields.Many2one(related="company_id.currency_id")
    state = fields.Selection(
        [("waiting", "Being worked out"), ("done", "Done")],
        required=True,
        default="waiting",
        readonly=True,
    )
    position_count = fields.Integer(string="Positions", readonly=True)
    bill_count = fields.Integer(string="Bills", readonly=True)
    amount = fields.Monetary(string="Open amount", readonly=True)
    action_before = fields.Integer(string="Actions before", compute="_compute_figures")
    action_after = fields.Integer(string="Actions after", compute="_compute_figures")
    amount_before = fields.Monetary(string="Money before", compute="_compute_figures")
    amount_after = fields.Monetary(string="Money after", compute="_compute_figures")
    cost_before = fields.Monetary(string="Letters before", compute="_compute_figures")
    cost_after = fields.Monetary(string="Letters after", compute="_compute_figures")

    @api.depends("whatif_id.change_ids")
    def _compute_figures(self):
        for part in self:
            changes = part.whatif_id.change_ids.filtered(
                lambda change: change.company_id == part.company_id  # noqa: B023
            )
            for side in ("before", "after"):
                goes = changes.filtered(
                    lambda c: c[f"rule_{side}_id"] and not c[f"exception_{side}"]  # noqa: B023
                )
                part[f"action_{side}"] = sum(goes.mapped("position_count"))
                part[f"amount_{side}"] = sum(goes.mapped(f"amount_{side}"))
                part[f"cost_{side}"] = sum(goes.mapped(f"cost_{side}"))

    def _try(self):
        """Work the company out, in this transaction."""
        for part in self:
            looked_at = self.env["creditbox.whatif.trial"]._try(part)
            part.write({"state": "done", **looked_at})

    def action_open(self):
        """:return: window action of the company's positions"""
        self.ensure_one()
        return self.whatif_id._window_positions(
            [("company_id", "=", self.company_id.id)]
        )
