from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class CreditboxAssignment(models.Model):
    """Positions shared out among operators: simulated, looked at, then applied."""

    _name = "creditbox.assignment"
    _description = "Assignment of Positions"
    _inherit = ["mail.thread", "creditbox.guarded"]
    _order = "id desc"
    _rec_name = "reason"
    _check_company_auto = True

    reason = fields.Char(required=True, help="Each change of hands keeps it.")
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self._default_company_id(),
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    portfolio_ids = fields.Many2many(
        "creditbox.portfolio",
        string="Portfolios",
        check_company=True,
        help="Empty: all of the company.",
    )
    scope = fields.Selection(
        [
            ("new", "Positions that nobody has"),
            ("rule", "Also those that were assigned by rule"),
            ("all", "Also those that were assigned by hand"),
        ],
        string="What may change hands",
        required=True,
        default="new",
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("simulated", "Simulated"),
            ("applied", "Applied"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="draft",
        readonly=True,
        tracking=True,
        index=True,
    )
    line_ids = fields.One2many(
        "creditbox.assignment.line", "assignment_id", readonly=True
    )
    load_ids = fields.One2many(
        "creditbox.assignment.load",
        "assignment_id",
        string="Load per operator",
        readonly=True,
    )
    date_simulated = fields.Datetime(string="Simulated on", readonly=True)
    date_applied = fields.Datetime(string="Applied on", readonly=True)
    position_count = fields.Integer(
        string="Looked at", readonly=True, help="Positions that may change hands."
    )
    moved_count = fields.Integer(string="Change hands", readonly=True)
    nobody_count = fields.Integer(
        string="Left with nobody",
        readonly=True,
        help="No operator of the portfolio is here, or has room.",
    )
    stale_count = fields.Integer(
        string="Left out",
        readonly=True,
        help="Somebody else had assigned them meanwhile.",
    )

    def _default_company_id(self):
        return self.env.company

    @api.model_create_multi
    def create(self, vals_list):
        kept = {name for name, field in self._fields.items() if field.readonly}
        if not self.env.su and any(kept & vals.keys() for vals in vals_list):
            raise AccessError(self.env._("This is changed by the buttons."))
        return super().create(vals_list)

    def write(self, vals):
        """What was simulated is what is applied."""
        if not self.env.su:
            if any(
                name in self._fields and self._fields[name].readonly for name in vals
            ):
                raise AccessError(self.env._("This is changed by the buttons."))
            if any(one.state in ("applied", "cancelled") for one in self):
                raise UserError(self.env._("This assignment is over: make another."))
            if {"company_id", "portfolio_ids", "scope"} & vals.keys():
                self.sudo()._forget()  # whoever may write it
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_applied(self):
        if any(one.state == "applied" for one in self):
            raise UserError(self.env._("What changed hands is kept."))

    def _forget(self):
        self.line_ids.unlink()
        self.load_ids.unlink()
        self.filtered(lambda one: one.state == "simulated").state = "draft"

    def action_cancel(self):
        """It is not applied."""
        self._require("creditbox_base.group_supervisor")
        waiting = self.filtered(lambda one: one.state in ("draft", "simulated"))
        waiting.sudo().state = "cancelled"  # asked for above

    def action_open_lines(self):
        """:return: window action of what changes hands"""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "creditbox_strategy.creditbox_assignment_line_action"
        )
        return {**action, "domain": [("assignment_id", "in", self.ids)], "context": {}}

    def _window(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }
