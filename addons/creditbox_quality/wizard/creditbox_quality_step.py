from odoo import fields, models
from odoo.exceptions import UserError

from ..models.creditbox_quality_clock import BREACH_CAUSES, SUSPENSION_CAUSES


class CreditboxQualityStep(models.TransientModel):
    """Something that happened to a measured performance, entered by hand."""

    _name = "creditbox.quality.step"
    _description = "Event of a Regulated Clock"

    kind = fields.Selection(
        [
            ("stop", "Done"),
            ("suspend", "Suspended"),
            ("resume", "Runs again"),
            ("cancel", "Withdrawn"),
            ("cause", "Cause of the breach"),
            ("correct", "Dates to correct"),
        ],
        string="What happened",
        required=True,
    )
    clock_ids = fields.Many2many("creditbox.quality.clock", required=True)
    moment = fields.Datetime(string="When", required=True, default=fields.Datetime.now)
    cause = fields.Selection(SUSPENSION_CAUSES, string="Because of")
    breach_cause = fields.Selection(BREACH_CAUSES, string="Whose fault")
    start_at = fields.Datetime(string="Really began")
    stop_at = fields.Datetime(string="Really done")
    note = fields.Char(string="Why")
    attachment_ids = fields.Many2many("ir.attachment", string="Proof")

    def action_confirm(self):
        self.ensure_one()
        clocks = self.clock_ids
        clocks._require("creditbox_base.group_operator")
        if self.moment > fields.Datetime.now():
            raise UserError(self.env._("When: it cannot have happened in the future."))
        if self.kind in ("cancel", "cause", "correct") and not self.note:
            raise UserError(self.env._("Why: say the reason."))
        getattr(self, f"_{self.kind}")(clocks)

    def _stop(self, clocks):
        clocks._stop(self.moment)

    def _suspend(self, clocks):
        if not self.cause:
            raise UserError(self.env._("Because of: say what the term waits for."))
        clocks._suspend(self.moment, self.cause, self.note, self.attachment_ids)

    def _resume(self, clocks):
        clocks._resume(self.moment)

    def _cancel(self, clocks):
        clocks._cancel(self.moment, self.note)

    def _correct(self, clocks):
        clocks._require("creditbox_base.group_supervisor")
        if not (self.start_at or self.stop_at):
            raise UserError(self.env._("Really began, really done: give one of them."))
        clocks._correct(self.note, self.start_at or None, self.stop_at or None)

    def _cause(self, clocks):
        if not self.breach_cause:
            raise UserError(self.env._("Whose fault: choose one."))
        clocks._set_cause(self.breach_cause, self.note)
