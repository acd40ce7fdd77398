from odoo import api, models
from odoo.exceptions import UserError

from .creditbox_writeoff import OPEN_STATES

# booked while the user waits; more of them in the background
AT_ONCE = 20


class CreditboxWriteoff(models.Model):
    """Who decides, and what becomes of the bills then."""

    _inherit = "creditbox.writeoff"

    def action_approve(self):
        """Approve as one who may: the levels by amount, then the button.

        Losses are booked at once, many in the background; settlements are offered.

        :raises UserError: a level has not approved, or it is not asked for any more
        """
        self._require("creditbox_base.group_supervisor")
        self._check_state("requested")
        self._ask_levels()  # what the table asked for, nobody has asked them yet
        if reviewed := self.filtered("can_review"):
            reviewed._validate_tier()
        settlements = self.filtered(lambda request: request.kind == "settlement")
        settlements._decide("offered")
        (self - settlements)._decide("approved")
        (self - settlements)._book_soon()

    def _ask_levels(self):
        """The levels by amount look at what is theirs, once."""
        above = self._domain_above_limit(self.company_id)
        new = self.filtered(lambda request: not request.review_ids)
        new.filtered_domain(above).request_validation()

    def _decide(self, state):
        if not self:
            return
        self._tier_validation_check_state_on_write({"state": state})
        for company, requests in self.grouped("company_id").items():
            requests.sudo().write(  # the button has asked who
                {
                    "state": state,
                    "approved_by_id": self.env.uid,
                    "date_approved": company._creditbox_today(),
                }
            )

    def _book_soon(self):
        if len(self) <= AT_ONCE:
            self._book()
        else:
            # who may approve need not manage scheduled actions
            self.env.ref("creditbox_writeoff.ir_cron_book").sudo()._trigger()

    def action_refuse(self):
        """:return: window in which the reason is given"""
        self._require("creditbox_base.group_supervisor")
        return self._window_end("refused", self.env._("Refuse"))

    def action_cancel(self):
        """:return: window in which the reason is given"""
        self._require("creditbox_base.group_operator")
        return self._window_end("cancelled", self.env._("Cancel the request"))

    def _window_end(self, state, title):
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "creditbox.writeoff.refuse",
            "view_mode": "form",
            "target": "new",
            "context": {"default_writeoff_ids": self.ids, "default_state": state},
        }

    def _end(self, state, reason):
        """Give the bills back to the action table, at the step they had.

        :param state: refused, cancelled or expired
        :raises UserError: it has been booked
        """
        self._check_state(*OPEN_STATES)
        # nobody writes requests: the button, or the payment, has asked
        self.sudo().write({"state": state, "outcome": reason})
        self._message_log_batch(bodies=dict.fromkeys(self.ids, reason))
        self.activity_ids.sudo().unlink()
        lines = self.sudo().line_ids.move_line_id  # whoever pays need not see entries
        self.env["creditbox.item"]._include(lines, "writeoff")

    def _check_state(self, *states):
        labels = dict(self._fields["state"]._description_selection(self.env))
        wrong = self.filtered(lambda request: request.state not in states)
        if wrong:
            raise UserError(
                "\n".join(
                    self.env._(
                        "%(name)s is in state «%(state)s».",
                        name=request.name,
                        state=labels[request.state],
                    )
                    for request in wrong
                )
            )

    # ------------------------------------------------------------------
    # what happens meanwhile
    # ------------------------------------------------------------------
    @api.model
    def _follow_debts(self, partner_ids):
        """The debt of these customers has changed: look at what they ask for."""
        requests = self.search(
            [("partner_id", "in", partner_ids), ("state", "in", OPEN_STATES)]
        )
        requests._measure()
        paid = requests.filtered(lambda request: request.amount <= 0)
        paid._end("cancelled", self.env._("Paid"))
        (requests - paid)._keep_settlements()

    def _keep_settlements(self):
        """The agreed sum has been paid in time: the rest is given up."""
        kept = self.filtered(
            lambda request: (
                request.state == "offered" and request.amount <= request.amount_waived
            )
        )
        kept.write({"state": "approved"})
        if kept:
            self.env.ref("creditbox_writeoff.ir_cron_book")._trigger()

    @api.model
    def _cron_expire(self):
        """Settlements that were not paid in time: the whole debt is due again."""
        offered = self.search([("state", "=", "offered")])
        for company, settlements in offered.grouped("company_id").items():
            today = company._creditbox_today()
            late = settlements.filtered(lambda s, day=today: s.date_expiry < day)
            late._end("expired", self.env._("Not paid by the agreed day"))
            for request in late.filtered("user_id"):
                request.activity_schedule(
                    "mail.mail_activity_data_todo",
                    user_id=request.user_id.id,
                    summary=self.env._("Settlement expired: what comes next?"),
                )
