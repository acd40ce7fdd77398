from datetime import timedelta
from decimal import Decimal

from odoo import models
from odoo.exceptions import UserError

from ..tools.instalments import with_interest
from .creditbox_plan import LIVE, PENDING


class CreditboxPlan(models.Model):
    """The way of a plan, button by button.

    Each one locks the plans first and then looks at their state: a second click, or a
    worker that takes up what another had begun, finds it changed and does nothing.
    """

    _inherit = "creditbox.plan"

    def _take(self, *states):
        """Lock the plans.

        :return: those that are in one of ``states``, as the system
        """
        self.lock_for_update()
        self.invalidate_recordset(["state"])
        return self.sudo().filtered(lambda plan: plan.state in states)

    # -- asked for -----------------------------------------------------------------

    def action_request(self):
        """Ask for the plan: nothing happens to its bills until it is decided."""
        self._require("creditbox_base.group_operator")
        self._request()
        for plan in self:
            if plan.state == "to_approve" and plan._is_small():
                plan._propose()

    def _request(self):
        plans = self._take("draft")
        self.filtered(lambda plan: plan.state == "draft")._check_terms()
        for plan in plans:
            plan._square()
        plans._set_right()
        plans.write({"state": "to_approve"})
        plans._set_apart()
        for plan in self & plans:
            above = plan.with_env(self.env)
            if above.need_validation:
                above.request_validation()

    def _square(self):
        """Interest of the instalments as they have been changed by hand."""
        shares = [(line.date_due, self._money(line.capital)) for line in self.line_ids]
        rate, unit = self._terms().rate, self._terms().unit
        parts = with_interest(shares, rate, self.date_request, unit)
        for line, part in zip(self.line_ids, parts, strict=True):
            line.write({"number": part.number, "interest": float(part.interest)})
        self._sum_up()

    def _is_small(self):
        """Up to a sum an operator grants what the customer has a right to."""
        limit = self.company_id.sudo().creditbox_plan_small_amount
        return (
            self.amount <= limit
            and self.in_time
            and not self.broken_before
            and not self._levels()
        )

    def _levels(self):
        """:return: the authorisation levels that the plan needs, whoever asks for it"""
        # configuration of the system
        levels = (
            self.env["tier.definition"]
            .sudo()
            .search(
                [
                    ("model", "=", self._name),
                    ("company_id", "in", [self.company_id.id, False]),
                ]
            )
        )
        return levels.filtered(lambda level: self.sudo().evaluate_tier(level))

    # -- decided by the company ----------------------------------------------------

    def action_approve(self):
        """Grant the plan; above the levels' limits their reviews come first."""
        self._require("creditbox_base.group_supervisor")
        waiting = self.filtered(lambda plan: plan.state == "to_approve")
        waiting._tier_validation_check_state_on_write({"state": "proposed"})
        waiting._propose()

    def _propose(self):
        """The customer may now accept: by signing, or by the first payment."""
        plans = self._take("to_approve")
        plans.line_ids._give_codes()
        for plan in plans:
            company = plan.company_id
            days = timedelta(days=company.creditbox_plan_offer_days)
            day = plan.date_expiry or company._creditbox_today() + days
            plan.write({"state": "proposed", "date_expiry": day})

    def action_refuse(self):
        """The company does not grant it, or the customer does not want it."""
        self._require("creditbox_base.group_operator")
        if any(plan.state == "to_approve" for plan in self):
            self._require("creditbox_base.group_supervisor")
        by = self.env._("Refused: noted by %s", self.env.user.name)
        self._take(*PENDING)._give_up("refused", by)

    def action_cancel(self):
        """A mistake: as if it had not been there."""
        self._require("creditbox_base.group_operator")
        by = self.env._("Cancelled by %s", self.env.user.name)
        self._take("draft", *PENDING)._give_up("cancelled", by)

    def _give_up(self, state, reason):
        """End plans that have never run: the bills go on from where they stood."""
        for company, plans in self.grouped("company_id").items():
            plans.write(
                {
                    "state": state,
                    "reason": reason,
                    "date_end": company._creditbox_today(),
                }
            )
        self._log(reason)
        self._put_back()

    # -- accepted by the customer --------------------------------------------------

    def action_accept(self):
        """The customer has signed, or agreed in writing: the plan runs."""
        self._require("creditbox_base.group_operator")
        for plan in self._take("proposed"):
            if plan.date_expiry < plan.company_id._creditbox_today():
                raise UserError(
                    self.env._("The offer has expired on %s.", plan.date_expiry)
                )
            plan._start(self.env._("Accepted: noted by %s", self.env.user.name))

    def _start(self, reason):
        """Make the instalments real, see ``creditbox_plan_accounting``.

        :param reason: str for the chatter
        """
        self.ensure_one()
        self._note_steps()
        # first: bills that its own entries close are no payment that accepts it
        self.write({"state": "live", "date_start": self.company_id._creditbox_today()})
        self._post_instalments()
        self._log(reason)
        self._settle_debt()
        self._collect()
        self._value()

    def _note_steps(self):
        steps = {item.move_line_id: item.step for item in self._items()}
        for bill in self.bill_ids:
            bill.step = steps.get(bill.move_line_id, 0)

    # -- what takes part in the action table ----------------------------------------

    def _set_apart(self):
        """Take the bills out of the action table, and stop what is on its way."""
        self.env["creditbox.item"]._exclude(
            self.bill_ids.move_line_id, "plan", leave_taken=True
        )
        self._settle_debt()

    def _put_back(self):
        """The bills take part again, from the step that they had."""
        self.env["creditbox.item"]._include(self.bill_ids.move_line_id, "plan")
        self._settle_debt()

    def _settle_debt(self):
        """Positions, actions and orders follow at once."""
        positions = self.env["creditbox.position"].with_context(creditbox_bulk=False)
        for company, plans in self.grouped("company_id").items():
            positions.sudo()._touch(set(plans.partner_id.ids), company)

    def _log(self, text):
        self._message_log_batch(bodies=dict.fromkeys(self.ids, text))
        for position, plans in self.grouped("position_id").items():
            names = ", ".join(plans.mapped("name"))
            position._message_log(body=self.env._("Plan %s: ", names) + text)

    # -- while it runs -------------------------------------------------------------

    def action_pay_off(self):
        """Everything at once: interest of the time to come falls away."""
        self._require("creditbox_base.group_operator")
        for plan in self._take(*LIVE):
            plan._pay_off()

    def action_renegotiate(self):
        """End the plan and simulate another one for what is left.

        :return: window action of the new plan
        """
        self._require("creditbox_base.group_supervisor")
        self.ensure_one()
        if not (old := self._take(*LIVE)):
            raise UserError(self.env._("Only a plan that runs can be renegotiated."))
        old._end("renegotiated", self.env._("Renegotiated by %s", self.env.user.name))
        new = self.create(
            self._prepare(self.position_id, origin="office", kind=self.kind)
        )
        new.sudo().renegotiated_from_id = old
        return new.get_formview_action()

    def action_break(self):
        """Give the plan up before its tolerance is over, with a reason."""
        self._require("creditbox_base.group_supervisor")
        self._take(*LIVE)._end(
            "broken", self.env._("Broken off by %s", self.env.user.name)
        )

    def action_undo(self):
        """Take back an acceptance noted by mistake: it does not count as broken."""
        self._require("creditbox_base.group_supervisor")
        self._take(*LIVE)._end(
            "cancelled", self.env._("Undone by %s", self.env.user.name)
        )

    def action_open_position(self):
        """:return: window action of the position"""
        self.ensure_one()
        return self.position_id.get_formview_action()

    def action_open_entries(self):
        """:return: window action of the entries of the instalments"""
        self.ensure_one()
        return self.line_ids.move_id._get_records_action(name=self.env._("Entries"))

    def _left(self):
        """:return: Decimal, what is still open of a running plan"""
        return sum(
            (self._money(x.amount_residual) for x in self.line_ids._receivable()),
            Decimal(0),
        )
