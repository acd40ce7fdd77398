from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .loose_many2one import LooseMany2one

LIVE_STATES = ("pending", "posted")
# a lot in these states has left the house
LOT_LEFT = ("delivered", "accepted", "posted")


class CreditboxCharge(models.Model):
    """A cost or an interest asked of a customer, and the debt that it became.

    pending → posted; cancelled (taken back before it was posted), to_reverse →
    reversed (its action was taken back), waived (by a person, with a reason); refused
    when the regulation does not allow it. Nobody writes charges, only buttons do.
    """

    _name = "creditbox.charge"
    _description = "Charge"
    _inherit = ["mail.thread", "creditbox.guarded"]
    _order = "date desc, id desc"
    _check_company_auto = True
    _mail_post_access = "read"

    name = fields.Char(required=True, readonly=True)
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    position_id = LooseMany2one(
        "creditbox.position", required=True, readonly=True, index=True
    )
    partner_id = fields.Many2one(related="position_id.partner_id", string="Customer")
    supply_id = fields.Many2one(related="position_id.supply_id")
    kind = fields.Selection(
        [("fee", "Costs"), ("interest", "Late interest"), ("flat", "Flat sum")],
        required=True,
        readonly=True,
    )
    action_id = LooseMany2one("creditbox.action", readonly=True, index="btree_not_null")
    user_id = fields.Many2one(
        "res.users", string="Charged by", readonly=True, help="Empty: by the table."
    )
    date = fields.Date(required=True, readonly=True)
    date_due = fields.Date(string="Due on", required=True, readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount = fields.Monetary(required=True, readonly=True)
    state = fields.Selection(
        [
            ("pending", "To book"),
            ("posted", "Booked"),
            ("cancelled", "Cancelled"),
            ("to_reverse", "To reverse"),
            ("reversed", "Reversed"),
            ("waived", "Waived"),
            ("refused", "Not allowed"),
        ],
        required=True,
        readonly=True,
        default="pending",
    )
    reason = fields.Char(
        readonly=True, help="Why it was lowered, refused, waived or taken back."
    )
    error = fields.Char(readonly=True, help="Why it could not be posted yet.")
    move_id = fields.Many2one(
        "account.move", string="Debit note", readonly=True, index="btree_not_null"
    )
    reversal_id = fields.Many2one(
        "account.move", string="Reversal", readonly=True, index="btree_not_null"
    )
    line_ids = fields.One2many("creditbox.charge.line", "charge_id", readonly=True)

    _once_an_action = models.UniqueIndex(
        "(action_id, kind) WHERE action_id IS NOT NULL"
        " AND state IN ('pending', 'posted')",
        "An action is charged once.",
    )
    _pending_idx = models.Index("(id) WHERE state IN ('pending', 'to_reverse')")
    _order_idx = models.Index("(date DESC, id DESC)")

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Charges are kept: waive it instead."))

    # ------------------------------------------------------------------
    # taken back
    # ------------------------------------------------------------------
    @api.model
    def _of_actions(self, actions):
        """:return: the live charges of the actions"""
        # whoever takes an action back need not see the accounts
        return self.sudo().search(
            Domain("action_id", "in", actions.ids) & Domain("state", "in", LIVE_STATES)
        )

    @api.model
    def _go_back(self, actions, reason):
        """The actions no longer count: nor do their charges.

        What is posted is reversed at once, in the background where it is much.
        """
        charges = self._of_actions(actions)
        pending = charges.filtered(lambda charge: charge.state == "pending")
        pending.write({"state": "cancelled", "reason": reason, "error": False})
        posted = charges - pending
        if len(posted) > self._limit_at_once():
            posted.write({"state": "to_reverse", "reason": reason})
            self.env.ref("creditbox_dunning.ir_cron_charges")._trigger()
        else:
            posted._reverse("reversed", reason)

    @api.model
    def _limit_at_once(self):
        """:return: int, charges that are reversed while the user waits"""
        return 20

    def _reverse(self, state, reason):
        """Post the reversal, reconciled with what is open of the debit note.

        What was paid of it becomes the customer's credit.

        :param state: waived or reversed
        """
        if not self:
            return
        # no right to the accounts is needed: the button has asked who
        charges = self.sudo().with_context(creditbox_bulk=True)
        for company, group in charges.grouped("company_id").items():
            today = company._creditbox_today()
            moves = group.with_company(company).move_id
            values = [
                {
                    "ref": self.env._(
                        "Reversal of %(move)s: %(reason)s",
                        move=move.name,
                        reason=reason,
                    ),
                    "invoice_date": today,
                    "date": today,
                    "invoice_date_due": today,
                }
                for move in moves
            ]
            reversals = moves._reverse_moves(values, cancel=True)
            by_origin = {move.reversed_entry_id: move for move in reversals}
            for charge in group:
                charge.reversal_id = by_origin[charge.move_id]
            group.write({"state": state, "reason": reason})
        charges._message_log_batch(bodies=dict.fromkeys(charges.ids, reason))
        charges._refresh_positions()

    def _refresh_positions(self):
        positions = self.env["creditbox.position"].with_context(creditbox_bulk=False)
        for company, charges in self.grouped("company_id").items():
            positions._touch(set(charges.position_id.partner_id.ids), company)

    # ------------------------------------------------------------------
    # buttons
    # ------------------------------------------------------------------
    def action_waive(self):
        """:return: window in which the reason is given"""
        self._require("creditbox_base.group_supervisor")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Waive"),
            "res_model": "creditbox.charge.waive",
            "view_mode": "form",
            "target": "new",
            "context": {"default_charge_ids": self.ids},
        }

    def _waive(self, reason):
        """Give the claim up: nobody asks for it again."""
        self._require("creditbox_base.group_supervisor")
        live = self.sudo().filtered(lambda charge: charge.state in LIVE_STATES)
        said = self.env._(
            "Waived by %(user)s: %(reason)s", user=self.env.user.name, reason=reason
        )
        pending = live.filtered(lambda charge: charge.state == "pending")
        pending.write({"state": "waived", "reason": said, "error": False})
        pending._message_log_batch(bodies=dict.fromkeys(pending.ids, said))
        (live - pending)._reverse("waived", said)

    def action_open_move(self):
        """:return: window action of the debit note"""
        self.ensure_one()
        return self.move_id.get_formview_action()
