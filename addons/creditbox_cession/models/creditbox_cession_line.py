from odoo import api, fields, models
from odoo.exceptions import UserError


class CreditboxCessionLine(models.Model):
    """One bill of an assignment."""

    _name = "creditbox.cession.line"
    _description = "Assigned Bill"
    _inherit = ["creditbox.guarded"]
    _order = "cession_id desc, partner_id, date_due, id"
    _rec_name = "move_id"
    _check_company_auto = True

    cession_id = fields.Many2one(
        "creditbox.cession",
        string="Assignment",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="cession_id.company_id", store=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(related="cession_id.kind")
    assignee_id = fields.Many2one(related="cession_id.partner_id", string="Assignee")
    position_id = fields.Many2one(
        "creditbox.position", required=True, readonly=True, index=True
    )
    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, readonly=True, index=True
    )
    supply_id = fields.Many2one(related="position_id.supply_id")
    move_line_id = fields.Many2one(
        "account.move.line", required=True, readonly=True, index=True
    )
    move_id = fields.Many2one(related="move_line_id.move_id", string="Bill")
    date_due = fields.Date(related="move_line_id.date_maturity", store=True)
    amount = fields.Monetary(
        string="Nominal", readonly=True, help="Open amount on the day it was assigned."
    )
    price = fields.Monetary(readonly=True)
    state = fields.Selection(
        [("draft", "Chosen"), ("assigned", "Assigned"), ("returned", "Returned")],
        required=True,
        readonly=True,
        default="draft",
    )
    date_returned = fields.Date(string="Returned on", readonly=True)
    return_reason = fields.Char(string="Why returned", readonly=True)
    last_match = fields.Integer(readonly=True)
    entry_line_id = fields.Many2one(
        "account.move.line",
        readonly=True,
        index="btree_not_null",
        help="That has closed the bill, without recourse.",
    )
    receipt_ids = fields.One2many("creditbox.cession.receipt", "line_id", readonly=True)

    _live_uniq = models.UniqueIndex(
        "(move_line_id) WHERE state = 'assigned'", "This bill is assigned already."
    )
    _chosen_uniq = models.Constraint(
        "UNIQUE(cession_id, move_line_id)", "This bill is in the assignment already."
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_assigned(self):
        if self.filtered(lambda line: line.state != "draft"):
            raise UserError(self.env._("What has been assigned is kept."))

    def action_return(self):
        """:return: window in which the return of these bills is confirmed"""
        self._require("creditbox_base.group_supervisor")
        self._check_assigned()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Take bills back"),
            "res_model": "creditbox.cession.return",
            "view_mode": "form",
            "target": "new",
            "context": {"default_line_ids": self.ids},
        }

    def _check_assigned(self):
        wrong = self.filtered(lambda line: line.state != "assigned")
        if wrong:
            raise UserError(
                self.env._(
                    "These bills are not assigned now: %s",
                    ", ".join(wrong.sudo().move_id.mapped("name")),
                )
            )

    def action_open_bill(self):
        """:return: window action of the bill"""
        self.ensure_one()
        return self.move_id.get_formview_action()
