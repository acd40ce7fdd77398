from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_datetime


class CreditboxRequestMilestone(models.Model):
    """When a request reached a milestone: written once, corrected with a reason."""

    _name = "creditbox.request.milestone"
    _description = "Milestone Reached"
    _inherit = ["creditbox.guarded"]
    _order = "ticket_id, date, id"

    ticket_id = fields.Many2one(
        "helpdesk.ticket",
        string="Request",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="ticket_id.company_id", store=True, index=True, precompute=True
    )
    milestone_id = fields.Many2one(
        "creditbox.procedure.milestone",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    code = fields.Char(related="milestone_id.code", store=True, precompute=True)
    name = fields.Char(related="milestone_id.name")
    date = fields.Datetime(string="Reached on", required=True, readonly=True)
    user_id = fields.Many2one("res.users", string="By", required=True, readonly=True)
    note = fields.Char(readonly=True)

    _milestone_uniq = models.Constraint(
        "UNIQUE(ticket_id, milestone_id)", "The request has reached this already."
    )
    _code_idx = models.Index("(company_id, code, date)")

    @api.depends("milestone_id.name", "date")
    def _compute_display_name(self):
        for record in self:
            record.display_name = record.milestone_id.name

    def _correct(self, moment, reason):
        """Set another date; the former one stays on the request's chatter.

        :param moment: datetime in UTC
        :raises UserError: without a reason, or a day that cannot be
        """
        self.ensure_one()
        self._require("creditbox_frontoffice.group_manager")
        if not (reason or "").strip():
            raise UserError(self.env._("Write why the date is corrected."))
        ticket = self.ticket_id
        ticket._check_moment(moment, first=self.code == "request")
        former = self.date
        self.sudo().date = moment  # nobody writes the log by hand
        if self.code == "request":
            ticket.sudo().date_received = moment
        ticket._message_log(
            body=self.env._(
                "%(milestone)s: corrected from %(former)s to %(new)s. %(reason)s",
                milestone=self.name,
                former=format_datetime(self.env, former),
                new=format_datetime(self.env, moment),
                reason=reason,
            )
        )
        ticket._on_corrected(self, former)

    def action_correct(self):
        """:return: window action of the wizard that corrects the date"""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Correct the date"),
            "res_model": "creditbox.request.correct",
            "view_mode": "form",
            "target": "new",
            "context": {"default_record_id": self.id},
        }

    @api.ondelete(at_uninstall=False)
    def _unlink_except_by_hand(self):
        if not self.env.su:
            raise AccessError(self.env._("What a request has reached is not deleted."))
