from odoo import api, fields, models

from odoo.addons.creditbox_quality.models.creditbox_quality_clock import OPEN

from .creditbox_procedure_standard import CONDITIONS

MEASURED_BY = {
    *CONDITIONS.values(),
    "creditbox_service_type_id",
    "creditbox_supply_id",
}
ENDED = ("refused", "withdrawn", "linked")


class HelpdeskTicket(models.Model):
    """The regulated terms of a request run with its milestones."""

    _inherit = "helpdesk.ticket"

    creditbox_network = fields.Selection(
        [("water", "Water"), ("sewer", "Sewer")],
        string="Network",
        default="water",
        required=True,
        tracking=True,
    )
    creditbox_flow_changed = fields.Boolean(
        string="Flow Changed", tracking=True, help="The meter gets another flow."
    )
    creditbox_laboratory = fields.Boolean(
        string="Laboratory", tracking=True, help="The meter is checked there."
    )
    creditbox_four_months = fields.Boolean(
        string="Billed Every Four Months", tracking=True
    )
    creditbox_clock_ids = fields.Many2many(
        "creditbox.quality.clock",
        string="Regulated terms",
        compute="_compute_creditbox_clock_ids",
    )
    creditbox_conditions = fields.Char(
        compute="_compute_creditbox_conditions",
        help="Fields on which the terms of the procedure depend.",
    )

    def _compute_creditbox_clock_ids(self):
        found = self.env["creditbox.quality.clock"].search(
            [("res_model", "=", self._name), ("res_id", "in", self.ids)],
            order="start_at, id",
        )
        clocks = found.grouped("res_id")
        for ticket in self:
            ticket.creditbox_clock_ids = clocks.get(ticket._origin.id, found.browse())

    @api.depends("creditbox_procedure_id")
    def _compute_creditbox_conditions(self):
        for ticket in self:
            lines = ticket.creditbox_procedure_id.standard_ids
            ticket.creditbox_conditions = " ".join(
                field for name, field in CONDITIONS.items() if any(lines.mapped(name))
            )

    # ------------------------------------------------------------------
    # what happens to the request
    # ------------------------------------------------------------------
    def _on_milestone(self, record):
        res = super()._on_milestone(record)
        self._creditbox_measure()
        return res

    def _on_corrected(self, record, former):
        res = super()._on_corrected(record, former)
        lines = self.creditbox_procedure_id.standard_ids
        milestone = record.milestone_id.milestone_id
        reason = self.env._("Date of «%s» corrected", record.name)
        started = set(lines.filtered(lambda t: t.start_id == milestone).mapped("code"))
        stopped = set(lines.filtered(lambda t: t.stop_id == milestone).mapped("code"))
        for clock in self._creditbox_clocks():
            moments = {}
            if clock.code in started:
                moments["start"] = record.date
            if clock.code in stopped and clock.state == "stopped":
                moments["stop"] = record.date
            if moments:
                clock._correct(reason, **moments)
        return res

    def _on_wait(self, moment, cause, note, attachment):
        res = super()._on_wait(moment, cause, note, attachment)
        self._creditbox_clocks()._suspend(moment, cause, note, attachment)
        return res

    def _on_resume(self, moment):
        res = super()._on_resume(moment)
        self._creditbox_clocks()._resume(moment)
        return res

    def _on_withdrawn(self, moment, reason):
        res = super()._on_withdrawn(moment, reason)
        self._creditbox_clocks()._cancel(moment, reason)
        return res

    def _on_refused(self, moment, reason):
        res = super()._on_refused(moment, reason)
        self._creditbox_clocks()._cancel(moment, reason)
        return res

    def action_is_reminder(self):
        """The term that counts is that of the first request."""
        res = super().action_is_reminder()
        reason = self.env._("Reminder of %s", self.creditbox_parent_id.creditbox_code)
        self._creditbox_clocks()._cancel(fields.Datetime.now(), reason)
        return res

    def write(self, vals):
        res = super().write(vals)
        if {"partner_id", "creditbox_supply_id"} & vals.keys():
            for (partner, supply), tickets in self.grouped(
                lambda ticket: (ticket.partner_id, ticket.creditbox_supply_id)
            ).items():
                tickets._creditbox_clocks()._identify(partner, supply)
        if MEASURED_BY & vals.keys():
            self._creditbox_measure()
        if {"user_id", "team_id"} & vals.keys():
            for (user, team), tickets in self.grouped(
                lambda ticket: (ticket.user_id, ticket.team_id)
            ).items():
                clocks = tickets._creditbox_clocks().filtered(_is_open)
                clocks._hand_over(user, team.display_name)
        return res

    # ------------------------------------------------------------------
    # measuring
    # ------------------------------------------------------------------
    def _creditbox_service(self):
        return (
            self.creditbox_supply_id.service_type_id or self.creditbox_service_type_id
        )

    def _creditbox_clocks(self):
        """:return: creditbox.quality.clock of these requests that count"""
        # the clerk who works on a request need not be in charge of the register
        return (
            self.env["creditbox.quality.clock"]
            .sudo()
            .search(
                [
                    ("res_model", "=", self._name),
                    ("res_id", "in", self.ids),
                    ("state", "!=", "cancelled"),
                ],
                order="id",
            )
        )

    def _creditbox_measure(self):
        """Have the clocks run that the milestones reached so far ask for.

        May be called again at any time: a term is started and stopped once. One that
        turns out to be another one (a survey is needed after all) gives way to it,
        which counts from the same moment.
        """
        for ticket in self:
            if ticket.creditbox_state not in ENDED:
                ticket._creditbox_measure_one()

    def _creditbox_measure_one(self):
        terms = self.creditbox_procedure_id.standard_ids
        fitting = terms._fitting(self)
        clocks = self._creditbox_clocks()
        others = set(terms.mapped("code")) - set(fitting.mapped("code"))
        clocks.filtered(lambda clock: clock.code in others and _is_open(clock))._cancel(
            fields.Datetime.now(), self.env._("Measured by another standard")
        )
        reached = {
            record.milestone_id.milestone_id: record.date
            for record in self.creditbox_milestone_ids
        }
        known = {clock.code: clock for clock in clocks}
        for term in fitting.filtered(lambda term: term.start_id in reached):
            clock = known.get(term.code) or self._creditbox_start(term, reached)
            if clock and term.stop_id in reached:
                clock._stop(reached[term.stop_id])

    def _creditbox_start(self, term, reached):
        """:return: creditbox.quality.clock, empty where no such standard is in force"""
        clocks = self.env["creditbox.quality.clock"].sudo()  # see _creditbox_clocks
        moment = reached[term.start_id]
        if not clocks._is_regulated(term.code, self.company_id, moment):
            return clocks
        running = clocks._running_at(term.code, self.creditbox_supply_id)
        if running.filtered(lambda clock: clock.res_model != self._name):
            return clocks  # the order at the meter is measured already
        clock = clocks._start(
            term.code,
            self.company_id,
            moment,
            partner=self.partner_id,
            supply=self.creditbox_supply_id,
            record=self,
            reference=self.creditbox_code,
        )
        for wait in self.creditbox_wait_ids.sorted("date_from"):
            if not wait.date_to or wait.date_to > moment:
                clock._suspend(
                    max(moment, wait.date_from),
                    wait.cause,
                    wait.note,
                    wait.attachment_id,
                )
            if wait.date_to and wait.date_to > moment:
                clock._resume(wait.date_to)
        return clock


def _is_open(clock):
    return clock.state in OPEN
