from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_datetime

from .helpdesk_ticket import OPEN

# clocks of two machines never agree
SLACK = timedelta(minutes=5)
STAGES = {
    "entered": "helpdesk_mgmt.helpdesk_ticket_stage_new",
    "admitted": "helpdesk_mgmt.helpdesk_ticket_stage_in_progress",
    "waiting": "helpdesk_mgmt.helpdesk_ticket_stage_awaiting",
    "done": "helpdesk_mgmt.helpdesk_ticket_stage_done",
    "refused": "helpdesk_mgmt.helpdesk_ticket_stage_rejected",
    "withdrawn": "helpdesk_mgmt.helpdesk_ticket_stage_cancelled",
    "linked": "helpdesk_mgmt.helpdesk_ticket_stage_done",
}


class HelpdeskTicket(models.Model):
    """A request on its way from milestone to milestone."""

    _inherit = "helpdesk.ticket"

    creditbox_next_id = fields.Many2one(
        "creditbox.procedure.milestone",
        string="Next Step",
        compute="_compute_creditbox_next_id",
    )
    creditbox_steps = fields.Html(compute="_compute_creditbox_steps", sanitize=False)
    creditbox_missing = fields.Char(compute="_compute_creditbox_missing")

    # ------------------------------------------------------------------
    # hooks
    # ------------------------------------------------------------------
    def _on_milestone(self, record):
        """A milestone has been reached.

        :param record: creditbox.request.milestone
        """

    def _on_corrected(self, record, former):
        """The date of a milestone has been corrected.

        :param record: creditbox.request.milestone
        :param former: datetime in UTC
        """

    # ------------------------------------------------------------------
    # where it stands
    # ------------------------------------------------------------------
    @api.depends(
        "creditbox_procedure_id",
        "creditbox_milestone_ids",
        "creditbox_state",
        "creditbox_survey",
        "creditbox_distributor",
    )
    def _compute_creditbox_next_id(self):
        for ticket in self:
            ticket.creditbox_next_id = ticket._reachable()[:1]

    @api.depends("creditbox_next_id", "creditbox_document_ids.received")
    def _compute_creditbox_missing(self):
        for ticket in self:
            step = ticket.creditbox_next_id
            missing = ticket._missing(step) if step else []
            ticket.creditbox_missing = ", ".join(missing)

    @api.depends("creditbox_next_id", "creditbox_milestone_ids.date")
    def _compute_creditbox_steps(self):
        for ticket in self:
            ticket.creditbox_steps = self.env["ir.qweb"]._render(
                "creditbox_frontoffice.steps", {"steps": ticket._steps()}
            )

    def _steps(self):
        """:return: list of dicts: name, date (text or ""), state (done, next, to come
        or skipped) of the milestones on the way"""
        self.ensure_one()
        reached = {r.milestone_id: r for r in self.creditbox_milestone_ids}
        following = self.creditbox_next_id
        ended = self.creditbox_state not in OPEN
        steps = []
        for step in self.creditbox_procedure_id.milestone_ids:
            record = reached.get(step)
            if not record and (ended or not step._applies(self)):
                continue
            state = "done" if record else "next" if step == following else "to_come"
            day = record and self.company_id._creditbox_local(record.date).date()
            steps.append({"name": step.name, "date": day or False, "state": state})
        return steps

    def _reachable(self):
        """:return: steps that may come next: the optional ones before the first that
        is required, and that one"""
        self.ensure_one()
        steps = self.creditbox_procedure_id.milestone_ids
        if self.creditbox_state not in OPEN or not steps:
            return steps.browse()
        reached = self.creditbox_milestone_ids.milestone_id
        last = max((steps.ids.index(s.id) for s in reached if s in steps), default=-1)
        found = steps.browse()
        for step in steps[last + 1 :]._applies(self):
            found |= step
            if step.required:
                break
        return found

    # ------------------------------------------------------------------
    # reaching a milestone
    # ------------------------------------------------------------------
    def _reach(self, code, moment=None, note=None):
        """Write down that a milestone has been reached, and do what follows from it.

        :param code: of the milestone
        :param moment: datetime in UTC at which it was, default now
        :return: creditbox.request.milestone
        :raises UserError: the step cannot be done yet, or something is missing
        """
        self.ensure_one()
        moment = moment or fields.Datetime.now()
        step = self._step(code)
        self._check_step(step, moment)
        # the log is written by steps alone
        record = (
            self.env["creditbox.request.milestone"]
            .sudo()
            .create(
                {
                    "ticket_id": self.id,
                    "milestone_id": step.id,
                    "date": moment,
                    "user_id": self.env.uid,
                    "note": note,
                }
            )
        )
        self.invalidate_recordset(["creditbox_milestone_ids"])
        self._follow(step, record.with_env(self.env))
        return record.with_env(self.env)

    def _step(self, code):
        steps = self.creditbox_procedure_id.milestone_ids
        step = steps.filtered(lambda s: s.code == code)
        if not step:
            raise UserError(
                self.env._(
                    "«%(procedure)s» has no milestone «%(code)s».",
                    procedure=self.creditbox_procedure_id.name or self.name,
                    code=code,
                )
            )
        return step

    def _check_step(self, step, moment):
        self.check_access("write")
        if step.group_id and not (
            self.env.su or step.group_id in self.env.user.all_group_ids
        ):
            raise AccessError(
                self.env._(
                    "«%(step)s» is done by: %(role)s.",
                    step=step.name,
                    role=step.group_id.name,
                )
            )
        if step not in self._reachable():
            raise UserError(self._why_not(step))
        if self.creditbox_waiting and step.code != "request":
            raise UserError(
                self.env._("%s is waiting: resume it first.", self.creditbox_code)
            )
        self._check_moment(moment, first=step.code == "request")
        missing = self._missing(step) if step.code != "request" else ()
        if missing:
            raise UserError(
                self.env._(
                    "For «%(step)s» there is still missing: %(missing)s.",
                    step=step.name,
                    missing=", ".join(missing),
                )
            )

    def _why_not(self, step):
        if step in self.creditbox_milestone_ids.milestone_id:
            return self.env._("«%s» has been reached already.", step.name)
        if self.creditbox_state not in OPEN:
            return self.env._("%s has ended already.", self.creditbox_code)
        return self.env._(
            "Before «%(step)s» comes «%(next)s».",
            step=step.name,
            next=self.creditbox_next_id.name,
        )

    def _check_moment(self, moment, first=False):
        """Nothing is in the future, nor before the request came in.

        :param first: it is the moment at which it came in
        """
        if moment > fields.Datetime.now() + SLACK:
            raise UserError(
                self.env._("%s is in the future.", format_datetime(self.env, moment))
            )
        if moment < self.date_received and not first:
            raise UserError(
                self.env._(
                    "%(moment)s is before the request was received, on %(received)s.",
                    moment=format_datetime(self.env, moment),
                    received=format_datetime(self.env, self.date_received),
                )
            )

    def _follow(self, step, record):
        """State, effect, hook and the step that comes by itself."""
        steps = self.creditbox_procedure_id.milestone_ids
        decided = "admitted" not in steps.mapped("code")
        if step.code == "admitted" or (step.code == "request" and decided):
            self._set_state("admitted", record.date)
        if step.code != "request":
            self._message_log(
                body=" – ".join(
                    filter(
                        None,
                        (
                            self.env._("Step: %s", step.name),
                            format_datetime(self.env, record.date),
                            record.note,
                        ),
                    )
                )
            )
        if step.applies_effect:
            self._apply_effect(record.date)
        self._on_milestone(record)
        following = self._reachable()[:1]
        if following.automatic:
            self._reach(following.code, record.date)
        elif not following and step.code != "request":
            self._set_state("done", record.date)

    def _set_state(self, state, moment):
        """The request's state, and the stage of the ticket that shows it."""
        values = {"creditbox_state": state}
        stage = self.env.ref(STAGES[state], raise_if_not_found=False)
        if state not in OPEN:
            values |= {"creditbox_date_closed": moment, "creditbox_waiting": False}
        if stage:
            values["stage_id"] = stage.id
        # nobody writes them by hand; the customer is written to by the answer alone
        self.sudo().with_context(mail_notrack=True).write(values)

    # ------------------------------------------------------------------
    # buttons
    # ------------------------------------------------------------------
    def action_next_step(self):
        """:return: window action of the wizard of the next step"""
        self.ensure_one()
        if not self.creditbox_next_id:
            raise UserError(self.env._("There is no step left."))
        return {
            "type": "ir.actions.act_window",
            "name": self.creditbox_next_id.name,
            "res_model": "creditbox.request.step",
            "view_mode": "form",
            "target": "new",
            "context": {"default_ticket_id": self.id},
        }
