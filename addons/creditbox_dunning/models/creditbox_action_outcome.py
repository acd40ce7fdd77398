from odoo import models

from .creditbox_action import DONE_STATES, PENDING_STATES


class CreditboxAction(models.Model):
    """What becomes of actions, and of their bills with them."""

    _inherit = "creditbox.action"

    def _mark_done(self, date=None):
        """Record that the actions were handed over, in the caller's transaction.

        :param date: day of handing over (default: today of each company)
        :raises psycopg2.errors.UniqueViolation: a row done twice for a bill
        """
        for company, actions in self.grouped("company_id").items():
            day = date or company._creditbox_today()
            actions.sudo().write(  # as the system, see the class
                {"state": "done", "date_done": day, "in_doubt": False}
            )
            self.env["creditbox.item"]._advance(actions, day)
            self.env["creditbox.charge"]._arise(actions, day)

    def _mark_delivered(self, date_proof):
        """Record the proof of delivery, from which later waits may count.

        :param date_proof: datetime.date
        """
        done = self.filtered(lambda action: action.state in DONE_STATES)
        done.sudo().write({"state": "delivered", "date_proof": date_proof})

    def _mark_failed(self, reason, unreachable=False):
        """End the actions without effect: the bills go back to where they stood.

        :param reason: str shown to the operator
        :param unreachable: the same channel would fail again, see the field
        """
        if not self:
            return
        self._give_back(reason, failed=True)
        self.sudo().write(
            {
                "state": "failed",
                "reason": reason,
                "in_doubt": False,
                "unreachable": unreachable,
            }
        )

    def _mark_delivered_after_all(self, date_proof):
        """A proof comes for actions that were given up: count them as done again.

        :param date_proof: datetime.date
        :return: the actions for which that was possible, see `_revive`
        """
        late = self._revive(date_proof)
        late._mark_delivered(date_proof)
        return late

    def _revive(self, day_done=None):
        """Count actions that were given up as done again.

        What has been prepared in their place, and has not left, is stopped.

        :param day_done: datetime.date of those that were refused before they left
        :return: the actions for which that was possible: no other way has been taken
            to the end, and the run has not been undone
        """
        given_up = self.filtered(
            lambda action: action.state == "failed" and action.run_id.state != "undone"
        )
        late = self.browse()
        for action in given_up:
            action._withdraw_substitutes()
            if all(item.step < action.step for item in action.line_ids.item_id):
                day = action.date_done or day_done
                action.sudo().write(
                    {"state": "done", "unreachable": False, "date_done": day}
                )
                self.env["creditbox.item"]._advance(action, day)
                self.env["creditbox.charge"]._arise(action, day)
                late += action
        return late

    def _withdraw_substitutes(self):
        """Stop what has been prepared for the same bills and step, by another way."""
        others = self.line_ids.item_id.line_ids.action_id - self
        others = others.filtered(lambda other: other.step <= self.step)
        reason = self.env._("Delivered after all")
        others._cancel(reason)
        done = others.filtered(
            lambda other: other.state == "done" and other.step == self.step
        )
        for channel, actions in done._by_channel():
            stopped = channel._take_back(actions)
            if stopped:
                stopped._give_back(reason)
                stopped.sudo().write({"state": "cancelled", "reason": reason})

    def _mark_doubtful(self, reason):
        """Nobody knows if they have left: an operator must find out."""
        self.sudo().write({"in_doubt": True, "reason": reason})

    def _cancel(self, reason):
        """Stop actions that have not left; recall what waits in a queue.

        :param reason: str shown to the operator and kept on the chatter
        """
        pending = self.filtered(
            lambda action: action.state in ("planned", *PENDING_STATES)
        )
        if not pending:
            return
        sending = pending.filtered(lambda action: action.state == "sending")
        for channel, actions in sending._by_channel():
            channel._recall(actions)
        pending.sudo().write(
            {"state": "cancelled", "reason": reason, "in_doubt": False}
        )
        pending._message_log_batch(bodies=dict.fromkeys(pending.ids, reason))
        pending.run_id._finish_if_over()

    def _hold_back(self, exception, note=None):
        """Take the actions out of their run until somebody solves ``exception``."""
        self.sudo().write(
            {"state": "planned", "exception": exception, "exception_note": note}
        )
