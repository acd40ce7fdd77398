from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ..tools import pec

# what has been read in these hours proves that the mailbox is looked at
FRESH_HOURS = 6


class CreditboxPecMessage(models.Model):
    """What receipts do: each batch of them by a few statements."""

    _inherit = "creditbox.pec.message"

    def _work(self):
        """Let receipts that are whole do what they say."""
        works = {
            pec.ACCEPTED: self._accepted,
            pec.DELIVERED: self._delivered,
            pec.LATE: self._late,
            pec.REFUSED: self._failed,
            pec.NOT_DELIVERED: self._failed,
            pec.VIRUS: self._failed,
        }
        receipts = self.filtered(lambda m: m.action_id and m.kind in works)
        # a process was killed while sending: the provider knows that it has left
        receipts.action_id.sudo()._settle_sent()
        for kind, messages in receipts.grouped("kind").items():
            works[kind](messages)

    def _actions(self):
        """:return: the actions that these messages prove something of"""
        return self.action_id._joined()

    @api.model
    def _set_pec_state(self, actions, state):
        self.env["creditbox.channel"]._note(
            {"pec_state": "varchar"}, [(action.id, state) for action in actions]
        )

    @api.model
    def _accepted(self, messages):
        sent = messages._actions().filtered(lambda action: not action.pec_state)
        self._set_pec_state(sent, "accepted")

    @api.model
    def _late(self, messages):
        open_ = messages._actions().filtered(lambda a: a.pec_state != "delivered")
        self._set_pec_state(open_, "late")

    @api.model
    def _delivered(self, messages):
        """The proof: the bills' next step counts from its legal time."""
        days = messages.grouped(lambda message: message._legal_day())
        for day in sorted(days):
            too_late = days[day]._actions()._receipt_delivered(day)
            late = days[day].filtered(lambda m: m._actions() & too_late)  # noqa: B023
            late.sudo().write({"state": "open", "reason": self._too_late()})
        self._set_pec_state(messages._actions(), "delivered")

    def _too_late(self):
        return self.env._("Delivered after it was given up, and another way taken")

    def _legal_day(self):
        """:return: datetime.date of the legal time where the company is"""
        return self.action_id.company_id._creditbox_local(self.date).date()

    @api.model
    def _failed(self, messages):
        """Not delivered: the row's fallback channel is taken by the next run."""
        failures = messages.grouped(
            lambda m: (m._error_text(), m.error_code in pec.NO_MAILBOX)
        )
        for (error, wrong_address), failed in failures.items():
            actions = failed._actions()._receipt_failed(
                self.env._("PEC not delivered: %s", error), wrong_address
            )
            self._set_pec_state(actions, "failed")

    def _error_text(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        return self.error or self.error_code or kinds[self.kind]

    @api.model
    def _give_up_undelivered(self):
        """End the actions that no receipt of delivery has come for in time.

        Only of mailboxes that are being read: what we have not looked for may be
        there.
        """
        fresh = fields.Datetime.now() - timedelta(hours=FRESH_HOURS)
        mailboxes = self.env["creditbox.provider"]._pec_mailboxes()
        for mailbox in mailboxes.filtered(
            lambda m: not m.pec_error and m.pec_fetched_at and m.pec_fetched_at > fresh
        ):
            actions = self.env["creditbox.action"].search(
                Domain("provider_id", "=", mailbox.id)
                & Domain("code", "=", "pec")
                & Domain("state", "=", "done")
                & Domain("pec_state", "!=", "delivered")
                # a receipt that waits for a person may prove the contrary
                & ~Domain("pec_message_ids", "any", [("state", "=", "open")])
                & ~Domain("lead_id.pec_message_ids", "any", [("state", "=", "open")])
            )
            mailbox = mailbox._speaking()
            days = timedelta(days=mailbox.pec_wait_days)
            late = actions.filtered(
                lambda a, days=days: (
                    a.date_done < a.company_id._creditbox_today() - days
                )
            )
            late._mark_failed(
                mailbox.env._(
                    "No receipt of delivery within %s days", mailbox.pec_wait_days
                ),
                unreachable=True,
            )
            self._set_pec_state(late, "failed")
