from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import postal_number
from .creditbox_action import DONE_STATES
from .loose_many2one import LooseMany2one

POSTAL_CODES = ("letter", "registered")


class CreditboxAction(models.Model):
    """Letters: their number at the post, what became of them, what they cost."""

    _inherit = "creditbox.action"

    tracking_number = fields.Char(readonly=True, index="btree_not_null")
    postal_address = fields.Char(
        readonly=True, help="The address written to, in the form that is compared."
    )
    postal_outcome_id = LooseMany2one(
        "creditbox.postal.outcome", string="Outcome", readonly=True
    )
    postal_event_ids = fields.One2many(
        "creditbox.postal.event", "action_id", string="Outcomes", readonly=True
    )
    cost = fields.Float(readonly=True, digits=(12, 4), aggregator="sum")
    receipt_card = fields.Binary(readonly=True, attachment=True)
    receipt_card_name = fields.Char(readonly=True)
    receipt_card_key = fields.Char(
        string="Scan announced",
        readonly=True,
        index="btree_not_null",
        help="How the outsourcer has said that the scan of the card will be called.",
    )
    receipt_card_is_image = fields.Boolean(compute="_compute_receipt_card_is_image")

    @api.depends("receipt_card_name")
    def _compute_receipt_card_is_image(self):
        for action in self:
            name = (action.receipt_card_name or "").lower()
            action.receipt_card_is_image = name.endswith((".jpg", ".jpeg", ".png"))

    @api.model
    def _set_tracking_numbers(self, numbers):
        """By hand: give letters their numbers at the post, or others, or none.

        :param numbers: {action: cleaned str}
        :raises UserError: one cannot be a number, or is another letter's
        """
        changed = {
            action: number
            for action, number in numbers.items()
            if number != (action.tracking_number or "")
        }
        self._check_tracking_numbers(changed)
        bodies = {
            action.id: self.env._(
                "Tracking number entered by %(user)s: %(number)s (before: %(before)s)",
                user=self.env.user.name,
                number=number or "-",
                before=action.tracking_number or "-",
            )
            for action, number in changed.items()
        }
        self.env["creditbox.channel"]._note(
            {"tracking_number": "varchar"},
            [(action.id, number or None) for action, number in changed.items()],
        )
        # nobody may write actions
        self.sudo().browse(bodies)._message_log_batch(bodies=bodies)

    def _check_tracking_numbers(self, numbers):
        """:param numbers: {action: number} that are about to change"""
        given = [number for number in numbers.values() if number]
        for number in given:
            if not postal_number.is_number(number):
                raise UserError(
                    self.env._(
                        "%s cannot be the number of a registered letter.", number
                    )
                )
            if given.count(number) > 1:
                raise UserError(self.env._("%s is there twice.", number))
        others = self.search([("tracking_number", "in", given)])
        for other in others.filtered(lambda action: action not in numbers):
            raise UserError(
                self.env._(
                    "%(number)s is the number of another letter: %(letter)s",
                    number=other.tracking_number,
                    letter=other.display_name,
                )
            )

    # ------------------------------------------------------------------
    # before a lot leaves
    # ------------------------------------------------------------------
    def _take_out_settled(self):
        """Take letters that say more than what is due now out of their waiting lot.

        Who has paid in part is written to anew, by the next run: a letter that is
        printed cannot be corrected.

        :return: the actions taken out
        """
        done = self.filtered(lambda a: a.state == "done" and a.letter_lot_id)
        if not done:
            return done
        evaluation = self.env["creditbox.evaluation"]
        evaluation._lock_positions(done.position_id)
        dues = evaluation._due_of_actions(done)
        gone = done.filtered(lambda a: not a._says_what_is_due(dues.get(a.id)))
        gone = gone._joined()  # a letter leaves its lot as a whole
        reason = self.env._("Paid, also in part, or no longer due, before it left")
        for channel, actions in gone._by_channel():
            actions._give_back(reason)
            channel._take_back(actions)
        gone.sudo().write({"state": "cancelled", "reason": reason, "cost": 0})
        gone._message_log_batch(bodies=dict.fromkeys(gone.ids, reason))
        return gone

    def _says_what_is_due(self, due):
        """:param due: of `_due_of_actions`, None: nothing"""
        compare = self.currency_id.compare_amounts
        return bool(
            due
            and len(due["lines"]) == len(self.line_ids)
            and compare(due["amount"], self.amount) >= 0
            and compare(due["amount_other"], self.amount_other) >= 0
        )

    # ------------------------------------------------------------------
    # what outcomes do
    # ------------------------------------------------------------------
    def _apply_postal(self):
        """Bring the actions to what all their events together say.

        Whatever the order in which they have come, and as often as one likes. What
        has been applied before is left alone: somebody may have decided otherwise.
        """
        self = self._joined()
        decisive = self._decisive_events()
        changed = self.filtered(lambda a: a.postal_outcome_id != decisive[a].outcome_id)
        self.env["creditbox.channel"]._note(
            {"postal_outcome_id": "int"},
            [(action.id, decisive[action].outcome_id.id or None) for action in changed],
        )
        proven = self.filtered(
            lambda a: a.code == "registered" and decisive[a].outcome_id.is_proof
        )
        proven._apply_proofs(decisive)
        unproven = changed - proven
        failed = unproven.filtered(
            lambda a: (
                decisive[a].outcome_id.is_failure or decisive[a].outcome_id.is_resend
            )
        )
        unproven.filtered(lambda a: a.state == "delivered").sudo().write(
            {"state": "done", "date_proof": False}
        )
        (unproven - failed).filtered(lambda a: a.state == "failed")._revive()
        failed._apply_failures()

    def _decisive_events(self):
        """:return: {action: event of its letter that counts, or none}"""
        events = self.env["creditbox.postal.event"].search(
            [
                ("action_id", "in", self._leads().ids),
                ("withdrawn", "=", False),
                ("preliminary", "=", False),
            ]
        )
        by_action = events.grouped("action_id")
        return {
            action: min(by_action[lead], key=lambda event: event._key())
            if (lead := action._leads()) in by_action
            else events.browse()
            for action in self
        }

    def _apply_proofs(self, decisive):
        """:param decisive: {action: event that proves its delivery}"""
        days = {action: decisive[action]._day() for action in self}
        changed = self.filtered(
            lambda a: a.state in DONE_STATES and a.date_proof != days[a]
        )
        now = self.env.cr.now()
        changed._keep_standing({"state": "delivered", "proof_at": now})
        self.env["creditbox.channel"]._note(
            {"state": "varchar", "date_proof": "date", "proof_at": "timestamp"},
            [(action.id, "delivered", days[action], now) for action in changed],
        )
        for action in self.filtered(lambda a: a.state == "failed"):
            if not action._mark_delivered_after_all(days[action]):
                decisive[action].sudo().note = self.env._(
                    "Delivered after it was given up, and another way taken"
                )

    def _apply_failures(self):
        """Not delivered: another channel, or the same again, by the next run."""
        for outcome, actions in self.grouped("postal_outcome_id").items():
            reason = self.env._("Letter not delivered: %s", outcome.name)
            failed = actions.filtered(lambda action: action.state == "failed")
            failed.sudo().write({"reason": reason, "unreachable": outcome.is_failure})
            done = actions.filtered(lambda action: action.state in DONE_STATES)
            done._mark_failed(reason, unreachable=outcome.is_failure)
            if outcome.is_bad_address:
                self.env["creditbox.failed.address"]._note_many(
                    "postal",
                    [(a.partner_id, a.postal_address) for a in actions],
                    reason,
                )
