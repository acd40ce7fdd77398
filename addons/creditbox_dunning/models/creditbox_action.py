import logging

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from .creditbox_rule import CODES
from .loose_many2one import LooseMany2one

_logger = logging.getLogger(__name__)

# not yet handed over: a payment can still stop them
PENDING_STATES = ("to_approve", "ready", "sending")
DONE_STATES = ("done", "delivered")


class CreditboxAction(models.Model):
    """One action on one position: what the action table made of it at a date.

    planned (simulated, or held by an exception) → to_approve → ready → sending →
    done → delivered; failed, cancelled and undone end it without effect on the bills.

    Nobody has the right to write actions, their bills or the bills' steps: only the
    methods below do, as the system, once they have asked who presses the button.
    """

    _name = "creditbox.action"
    _description = "Dunning Action"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "creditbox.approval",
        "creditbox.guarded",
        "creditbox.printed",
    ]
    _order = "date_planned desc, id desc"
    _check_company_auto = True
    _mail_post_access = "read"
    _state_from = ["to_approve"]
    _state_to = ["ready"]

    # Odoo's own, without the check of a foreign key for each of a million rows
    create_uid = LooseMany2one("res.users", string="Created by", readonly=True)
    write_uid = LooseMany2one("res.users", string="Last updated by", readonly=True)
    run_id = LooseMany2one("creditbox.run", readonly=True, index=True)
    company_id = LooseMany2one("res.company", required=True, readonly=True)
    position_id = LooseMany2one("creditbox.position", required=True, readonly=True)
    partner_id = LooseMany2one(
        "res.partner", string="Customer", required=True, readonly=True
    )
    supply_id = fields.Many2one(related="position_id.supply_id")
    rule_id = LooseMany2one(
        "creditbox.rule", string="Row", required=True, readonly=True
    )
    code = fields.Selection(
        CODES,
        required=True,
        readonly=True,
        help="The row's code, or its fallback where the customer has no address.",
    )
    step = fields.Integer(readonly=True)
    line_ids = fields.One2many(
        "creditbox.action.line", "action_id", string="Bills", readonly=True
    )
    item_ids = fields.Many2many(
        "creditbox.item", compute="_compute_item_ids", search="_search_item_ids"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount = fields.Monetary(readonly=True, help="Open amount of the bills covered.")
    amount_other = fields.Monetary(
        string="Further debt",
        readonly=True,
        help="Other overdue debt of the position, listed in the communication.",
    )
    state = fields.Selection(
        [
            ("planned", "Planned"),
            ("to_approve", "To approve"),
            ("ready", "Ready"),
            ("sending", "Sending"),
            ("done", "Done"),
            ("delivered", "Delivered"),
            ("failed", "Failed"),
            ("cancelled", "Cancelled"),
            ("undone", "Undone"),
        ],
        required=True,
        default="planned",
        readonly=True,
    )
    exception = fields.Selection(
        [
            ("no_address", "No address for the channel"),
            ("no_text", "No text for the channel"),
            ("not_delivered", "Not delivered by this channel"),
            ("no_channel", "Channel not available"),
            ("protected", "Protected customer"),
            ("unlawful_channel", "Channel that the law does not allow"),
            ("no_chain", "A step before, or its proof, is missing"),
            ("too_early", "Too early by law"),
            ("forbidden_day", "Not allowed on this day"),
            ("small_debt", "Debt too small by law"),
            ("not_suspendable", "Meter that cannot be suspended"),
            ("error", "Error"),
        ],
        readonly=True,
        help="Why the action is held back until somebody solves it.",
    )
    exception_note = fields.Char(readonly=True)
    reason = fields.Char(readonly=True, help="Why it was cancelled or failed.")
    unreachable = fields.Boolean(
        readonly=True,
        help="The channel did not reach the customer: for these bills the row's "
        "fallback channel is taken.",
    )
    in_doubt = fields.Boolean(
        readonly=True,
        help="The process stopped while handing over: nobody knows if it has left.",
    )
    date_planned = fields.Date(readonly=True)
    date_done = fields.Date(readonly=True)
    date_proof = fields.Date(string="Proof of delivery", readonly=True)
    date_deadline = fields.Date(
        string="Last day to pay", readonly=True, help="As the communication names it."
    )
    recipient = fields.Char(readonly=True, help="Address that was written to.")
    provider_id = LooseMany2one("creditbox.provider", readonly=True)
    pec_state = fields.Selection(
        [
            ("accepted", "Accepted"),
            ("late", "Late"),
            ("delivered", "Delivered"),
            ("failed", "Not delivered"),
        ],
        string="PEC",
        readonly=True,
        help="What the receipts of the certified mailbox say.",
    )
    pec_message_ids = fields.One2many(
        "creditbox.pec.message", "action_id", string="Receipts", readonly=True
    )
    lead_id = LooseMany2one(
        "creditbox.action",
        string="Sent together with",
        readonly=True,
        index="btree_not_null",
        help="The action of another supply whose message says this one's debt too.",
    )
    joined_ids = fields.One2many(
        "creditbox.action", "lead_id", string="Sent with this message", readonly=True
    )
    message_id = fields.Many2one(
        "mail.message",
        string="Message sent",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    message_subject = fields.Char(related="message_id.subject")
    message_body = fields.Html(related="message_id.body", string="Text sent")
    mail_ids = fields.One2many("mail.mail", "creditbox_action_id", readonly=True)
    sms_ids = fields.One2many("sms.sms", "creditbox_action_id", readonly=True)
    letter_lot_id = LooseMany2one(
        "creditbox.letter.lot", readonly=True, index="btree_not_null"
    )
    letter_page = fields.Integer(
        string="First page", readonly=True, help="Of the letter, in its lot."
    )
    letter_page_count = fields.Integer(string="Pages", readonly=True)

    _unreachable_idx = models.Index("(position_id) WHERE unreachable")
    # what the evaluation asks: is an action under way, when was the last contact?
    _position_idx = models.Index("(position_id, state)")
    _contact_idx = models.Index("(partner_id, date_done) WHERE date_done IS NOT NULL")
    _exception_idx = models.Index("(company_id) WHERE exception IS NOT NULL")
    # what the lists ask: the order that they have, those in a state that few are in
    _order_idx = models.Index("(date_planned DESC, id DESC)")
    _state_idx = models.Index("(state, date_planned DESC, id DESC)")
    _in_doubt_idx = models.Index("(date_planned DESC, id DESC) WHERE in_doubt")

    @api.ondelete(at_uninstall=False)
    def _unlink_lines(self):
        self.line_ids.unlink()

    @api.depends("rule_id", "partner_id")
    def _compute_display_name(self):
        for action in self:
            action.display_name = f"{action.rule_id.name}: {action.partner_id.name}"

    @api.depends("line_ids.item_id")
    def _compute_item_ids(self):
        for action in self:
            action.item_ids = action.line_ids.item_id

    def _search_item_ids(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("line_ids.item_id", "in", value)

    # ------------------------------------------------------------------
    # the gate: nothing leaves without it
    # ------------------------------------------------------------------
    def still_due(self):
        """Return the actions whose debt is still there; cancel the others.

        Locks the positions, so that a payment posted at the same moment waits, or
        makes this transaction start anew. Bills paid in the meantime leave the
        action, partly paid ones get what is left. To be called in the transaction
        that hands over.

        :return: recordset of the actions that may leave
        """
        pending = self.filtered(lambda action: action.state in PENDING_STATES)
        if not pending:
            return pending
        self.env["creditbox.evaluation"]._lock_positions(pending.position_id)
        return pending._check_due()

    def _leaving(self):
        """:return: the actions that nothing keeps from being handed over"""
        return self.filtered(lambda a: a.state in PENDING_STATES and not a.exception)

    def _check_due(self):
        """Square the lines with today's debt; cancel the actions left without any."""
        dues = self.env["creditbox.evaluation"]._due_of_actions(self)
        due = self.filtered(lambda action: action.id in dues)
        for action in due.sudo():  # as the system, see the class
            action._square(**dues[action.id])
        for reason, actions in (self - due)._by_end_of_debt():
            actions._cancel(reason)
        return due

    def _by_end_of_debt(self):
        """:return: [(why nothing is due any more, actions)], for actions of which so"""
        ends = self.env["creditbox.evaluation"]._ends_of_debt(self)
        labels = self.env["creditbox.item"]._fields["exclusion"]
        reasons = dict(labels._description_selection(self.env))
        reasons["held"] = self.env._("Held")
        paid = self.env._("Paid, or no longer due, before it left")
        taken = self.env._("No longer to be asked for: %s")
        return [
            (taken % reasons[end] if end else paid, actions)
            for end, actions in self.grouped(lambda a: ends.get(a.id)).items()
        ]

    def _square(self, lines, amount, amount_other):
        """Keep the bills that are still due, with what is open of them now.

        :param lines: {action line id: open amount}
        """
        self.ensure_one()
        self.line_ids.filtered(lambda line: line.id not in lines).unlink()
        for line in self.line_ids:
            self._set_amount(line, "amount", lines[line.id])
        self._set_amount(self, "amount", amount)
        self._set_amount(self, "amount_other", amount_other)

    def _set_amount(self, record, field, amount):
        if record[field] == amount:
            return  # as nearly always
        if self.currency_id.compare_amounts(record[field], amount):
            record[field] = amount

    # ------------------------------------------------------------------
    # approval and execution
    # ------------------------------------------------------------------
    def action_approve(self):
        """Approve single actions; those above a limit need their own reviews."""
        self._require("creditbox_base.group_supervisor")
        waiting = self.filtered(lambda action: action.state == "to_approve")
        unapproved = waiting.filtered(
            lambda action: action.run_id.state not in ("approved", "executing")
        )
        if unapproved:
            raise UserError(self.env._("Approve the run first."))
        waiting._tier_validation_check_state_on_write({"state": "ready"})
        waiting.sudo().write({"state": "ready"})
        waiting.run_id.filtered(lambda run: run.state == "executing")._enqueue()

    def action_cancel(self):
        """Cancel actions that have not left yet."""
        self._require("creditbox_base.group_operator")
        self._cancel(self.env._("Cancelled by %s", self.env.user.name))

    def action_was_sent(self):
        """Settle a doubt: the message has left."""
        self._require("creditbox_base.group_operator")
        self.filtered("in_doubt")._settle_sent()

    def _settle_sent(self):
        """These have left, whatever became of the process that was sending them."""
        sent = self._joined().filtered(lambda action: action.state == "sending")
        for channel, actions in sent._by_channel():
            channel._confirm_sent(actions)
        sent._mark_done()
        sent.run_id._finish_if_over()

    def action_send_again(self):
        """Settle a doubt: the message has not left, hand it over again."""
        self._require("creditbox_base.group_operator")
        doubtful = self._joined().filtered("in_doubt")
        doubtful.sudo().write({"in_doubt": False})
        for channel, actions in doubtful._by_channel():
            channel._send_again(actions)

    def action_reachable(self):
        """The channel works again: the next evaluation may take it."""
        self._require("creditbox_base.group_operator")
        self.filtered("unreachable").sudo().unreachable = False

    def _by_channel(self):
        """Yield (channel model, actions of its code); codes without one are left."""
        channels = self.env["creditbox.channel"]._channels()
        for code, actions in self.grouped("code").items():
            if code in channels:
                yield channels[code], actions

    def _execute(self):
        """Hand over a batch; an action that fails is held back, the others go on."""
        try:
            with self.env.cr.savepoint():
                self._dispatch()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise  # a payment came in between: the whole job starts anew
        except Exception as error:
            self.env.invalidate_all()
            if len(self) == 1:
                _logger.exception("Action %s could not be carried out", self.id)
                self._hold_back("error", str(error)[:200])
                return
            customers = self.grouped("partner_id").values()
            for actions in customers if len(customers) > 1 else self:
                actions._execute()

    def _dispatch(self):
        """Hand the actions over to their channels, after a last look at the debt."""
        due = self.still_due()._still_lawful()
        for channel, actions in due._by_channel():
            channel._dispatch(actions)

    def _still_lawful(self):
        """Hold back what the law does not allow today: a proof may have been lost.

        :return: the others
        """
        chain, held = self.env["creditbox.chain"], self.browse()
        legal = self.filtered(lambda a: a.rule_id.legal_step or a.code == "technical")
        for company, actions in legal.grouped("company_id").items():
            law = chain._law(company, company._creditbox_today())
            hindrances = chain._hindrances(actions, law)
            for action in actions.filtered(lambda a: a.id in hindrances):  # noqa: B023
                action._hold_back(*hindrances[action.id])
                held |= action
        return self - held

    def _undo(self, reason=None):
        """Take back executed actions: they no longer count as a step.

        :param reason: str, by default that of a run
        :return: those that had left, and cannot be called back
        """
        if not self:
            return self
        reason = reason or self._undo_reason()
        self._give_back(reason)
        stopped = self.browse()
        for channel, actions in self._by_channel():
            stopped |= channel._take_back(actions)
        stopped.sudo().write({"state": "cancelled", "reason": reason})
        if shared := stopped - self:  # these were in the same letters
            shared._give_back(reason)
        left = self - stopped
        left.sudo().write({"state": "undone", "reason": reason})
        return left

    def _undo_reason(self):
        return self.env._("Run undone by %s", self.env.user.name)

    def _gate_date(self):
        """Day at which the debt is looked at again: never before today."""
        today = self.company_id._creditbox_today()
        return max(self.run_id.as_of or today, today)

    def action_open_letter(self):
        """:return: action that opens the PDF of this letter, and of no other"""
        self.ensure_one()
        return self.letter_lot_id._open_letter(self)

    def action_open_position(self):
        """:return: window action of the position"""
        self.ensure_one()
        return self.position_id.get_formview_action()
