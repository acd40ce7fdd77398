"""Removals: proposed to whoever follows the position, never ordered by a machine."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_amount

from .fsm_order import OPEN_STATES

BATCH = 500
ACTIVITY = "creditbox_utility.mail_activity_type_removal"


class CreditboxPosition(models.Model):
    """A supply that was suspended without effect: the removal may be asked for.

    The last term has passed when the law would allow the removal today, and nothing has
    changed at the meter for as many days as the company waits.
    """

    _inherit = "creditbox.position"

    removal_proposed = fields.Boolean(compute="_compute_removal_proposed")

    @api.depends("activity_ids.activity_type_id")
    def _compute_removal_proposed(self):
        kind = self.env.ref(ACTIVITY)
        for position in self:
            position.removal_proposed = kind in position.activity_ids.activity_type_id

    @api.model
    def _domain_removal_proposed(self):
        return Domain("activity_ids.activity_type_id", "=", self.env.ref(ACTIVITY).id)

    @api.model
    def _cron_propose_removals(self):
        """Every morning, set by set: each is kept when it is done."""
        companies = self.env["res.company"].search([("creditbox_removal_days", ">", 0)])
        for done, company in enumerate(companies, start=1):
            # who has paid may not be known
            if company._creditbox_green():
                self._put_away_removals(company)
                last = self.browse()
                while last := self._for_removal(company, last):
                    last._propose_removal()
                    self.env["ir.cron"]._commit_progress(0)
            self.env["ir.cron"]._commit_progress(1, remaining=len(companies) - done)

    @api.model
    def _for_removal(self, company, last, limit=BATCH):
        """:return: the next positions after ``last`` to ask the law about"""
        since = company._creditbox_today() - timedelta(
            days=company.creditbox_removal_days
        )
        meters = (
            Domain("meter_type_id.removable", "=", True)
            & Domain("meter_state_id", "!=", False)
            & Domain("meter_state_id.supplied", "=", False)
            & Domain("meter_state_id.final", "=", False)
            & ~Domain("state_history_ids.date", ">", since)
        )
        return self.search(
            Domain("company_id", "=", company.id)
            & Domain("id", ">", last[-1:].id or 0)
            & Domain("amount_overdue", ">", 0)
            & Domain("supply_id.active", "=", True)
            & Domain("supply_id.meter_id", "any", meters)
            & ~Domain("supply_id.order_ids.creditbox_state", "in", OPEN_STATES),
            order="id",
            limit=limit,
        )

    def _propose_removal(self):
        """Ask whoever follows the positions, where the law allows it today."""
        current = self.filtered(lambda position: position._is_current())
        asked = current - current._removal_told()
        refusals = asked._removal_refusals()
        amounts = {p: demand.amount for p, (demand, no) in refusals.items() if not no}
        self.browse().union(*amounts)._schedule_removal(amounts)

    def _removal_told(self):
        """:return: those that were asked about already, and not long ago"""
        told = self.browse()
        activities = self.env["mail.activity"].with_context(active_test=False)
        for company, positions in self.grouped("company_id").items():
            since = company._creditbox_today() - timedelta(
                days=company.creditbox_removal_days
            )
            found = activities.search(
                Domain("res_model", "=", self._name)
                & Domain("res_id", "in", positions.ids)
                & Domain("activity_type_id", "=", self.env.ref(ACTIVITY).id)
                & (Domain("active", "=", True) | Domain("date_done", ">", since))
            )
            told |= self.browse(found.mapped("res_id"))
        return told

    def _removal_refusals(self):
        """:return: {creditbox.position: (demand, refusals) of its removal today}"""
        demands = self.env["fsm.order"]._demands_by_hand(self, "removal")
        refusals = self.env["creditbox.lawfulness"]._refusals(demands)
        return {
            demand.position: (demand, refused)
            for demand, refused in zip(demands, refusals, strict=True)
        }

    def _schedule_removal(self, amounts):
        """:param amounts: {creditbox.position: what is due}"""
        kind = self.env.ref(ACTIVITY).id
        model_id = self.env["ir.model"]._get_id(self._name)
        values, answering = [], {}
        for position in self:
            of = position.company_id, position.user_id
            if of not in answering:
                answering[of] = position._who_answers(self.env["res.users"])
            user = answering[of]
            speaking = position.with_context(lang=user.lang).env
            money = format_amount(speaking, amounts[position], position.currency_id)
            values.append(
                {
                    "automated": True,
                    "activity_type_id": kind,
                    "res_model_id": model_id,
                    "res_id": position.id,
                    "res_name": position.display_name,  # else read one by one
                    "summary": speaking._("The last term has passed: removal?"),
                    "note": speaking._(
                        "Still due: %s. The button of the position makes the order.",
                        money,
                    ),
                    "date_deadline": position.company_id._creditbox_today(),
                    "user_id": user.id,
                }
            )
        # a list of the morning, not a mail for each
        activities = self.env["mail.activity"].with_context(
            mail_activity_quick_update=True
        )
        activities.create(values)

    @api.model
    def _put_away_removals(self, company):
        """What was proposed, and may no longer be done, is not proposed any more."""
        proposed = self.search(
            Domain("company_id", "=", company.id) & self._domain_removal_proposed()
        )
        refusals = proposed._removal_refusals()
        bodies = {
            position.id: self.env._(
                "The removal is no longer proposed: %s", refused[0].sentence
            )
            for position, (_demand, refused) in refusals.items()
            if refused
        }
        gone = self.browse(bodies)
        gone._message_log_batch(bodies=bodies)
        gone.activity_unlink([ACTIVITY])

    def action_order_removal(self):
        """Ask for the removals; the law is asked once more.

        :return: window with what has come of each position
        """
        request = self.env["creditbox.order.request"].create(
            {"position_ids": [fields.Command.set(self.ids)]}
        )
        request.operation = "removal"
        return request.action_request()

    def _removal_ordered(self, orders):
        """:param orders: fsm.order, the removals that were made of these positions"""
        for position in self.filtered("removal_proposed"):
            made = orders.filtered(lambda o, p=position: o.creditbox_position_id == p)
            names = ", ".join(made.mapped("name"))
            position.activity_feedback([ACTIVITY], feedback=names)
