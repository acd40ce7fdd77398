from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class CreditboxCaseTerm(models.Model):
    """A day by which something must be done in a case, and how it was computed."""

    _name = "creditbox.case.term"
    _description = "Term of a Case"
    _inherit = ["creditbox.guarded"]
    _order = "date_due, id"
    _rec_name = "name"

    case_id = fields.Many2one(
        "creditbox.case", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="case_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(related="case_id.partner_id")
    user_id = fields.Many2one(
        related="case_id.user_id", string="In charge", store=True, index=True
    )
    rule_id = fields.Many2one(
        "creditbox.term.rule",
        string="Term",
        required=True,
        domain="[('company_id', 'in', (company_id, False))]",
    )
    name = fields.Char(
        string="What", compute="_compute_name", store=True, readonly=False
    )
    event = fields.Char(related="rule_id.event", string="Counts from")
    date_event = fields.Date(string="Day of the event", required=True)
    date_due = fields.Date(string="Due", compute="_compute_date_due", store=True)
    date_alarm = fields.Date(string="Alarm", compute="_compute_date_due", store=True)
    explanation = fields.Char(compute="_compute_explanation")
    peremptory = fields.Boolean(related="rule_id.peremptory")
    source = fields.Char(related="rule_id.source")
    state = fields.Selection(
        [("open", "Running"), ("met", "Met"), ("dropped", "Not needed")],
        required=True,
        default="open",
        readonly=True,
        index=True,
    )
    date_met = fields.Date(string="Met on", readonly=True)
    alarmed = fields.Boolean(readonly=True)

    _due_idx = models.Index("(company_id, date_due) WHERE state = 'open'")

    @api.depends("rule_id")
    def _compute_name(self):
        for term in self:
            term.name = term.rule_id.name

    @api.depends("rule_id", "date_event")
    def _compute_date_due(self):
        for term in self:
            term.date_due = term.date_alarm = False
            if term.rule_id and term.date_event:
                term.date_due = term.rule_id._end(term.date_event).day
                days = timedelta(days=term.rule_id.alarm_days)
                term.date_alarm = term.date_due - days

    @api.depends("rule_id", "date_event")
    def _compute_explanation(self):
        for term in self:
            term.explanation = term.date_due and term._explain()

    def _explain(self):
        """:return: str, how the day was found"""
        end = self.rule_id._end(self.date_event)
        units = dict(self.rule_id._fields["unit"]._description_selection(self.env))
        parts = [f"{self.rule_id.number} {units[self.rule_id.unit].lower()}"]
        if end.stood_still:
            parts.append(self.env._("+ %s days of recess", end.stood_still))
        if end.day != end.counted:
            parts.append(
                self.env._("moved from %s", format_date(self.env, end.counted))
            )
        return ", ".join(parts)

    @api.model_create_multi
    def create(self, vals_list):
        terms = super().create(vals_list)
        for case, group in terms.grouped("case_id").items():
            case._message_log(
                body="; ".join(
                    f"{term.name}: {format_date(term.env, term.date_due)}"
                    f" ({term.explanation})"
                    for term in group
                )
            )
        terms._alarm()
        return terms

    def write(self, vals):
        before = {term: term.date_due for term in self}
        res = super().write(vals)
        moved = self.filtered(lambda term: before[term] != term.date_due)
        for term in moved:
            term.case_id._message_log(
                body=self.env._(
                    "%(term)s: now %(due)s (%(why)s)",
                    term=term.name,
                    due=format_date(self.env, term.date_due),
                    why=term.explanation,
                )
            )
        if moved:
            moved.sudo().alarmed = False  # it is another day
            moved._alarm()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Terms are kept: say that it is not needed."))

    def action_met(self):
        """What the term asks for was done."""
        self._require("creditbox_base.group_operator")
        for term in self.filtered(lambda term: term.state == "open"):
            today = term.company_id._creditbox_today()
            term.sudo().write({"state": "met", "date_met": today})
            term.case_id._message_log(body=self.env._("Term met: %s", term.name))

    def action_drop(self):
        """The term is not needed any more."""
        self._require("creditbox_base.group_operator")
        self._drop()

    def _drop(self):
        dropped = self.filtered(lambda term: term.state == "open")
        dropped.sudo().state = "dropped"
        for term in dropped:
            term.case_id._message_log(body=self.env._("Not needed: %s", term.name))

    def _alarm(self):
        """Ask whoever is in charge, from the day of the alarm on, once."""
        for term in self:
            today = term.company_id._creditbox_today()
            if term.state == "open" and not term.alarmed and term.date_alarm <= today:
                user = term.user_id or self.env.user
                term.case_id.sudo().activity_schedule(  # nobody else might see it
                    "mail.mail_activity_data_todo",
                    date_deadline=term.date_due,
                    summary=term.name,
                    user_id=user.id,
                )
                term.sudo().alarmed = True

    @api.model
    def _cron_alarms(self):
        """Every day: the alarms of each company's today."""
        for company in self.env["res.company"].search([("active", "=", True)]):
            self.search(
                [
                    ("company_id", "=", company.id),
                    ("state", "=", "open"),
                    ("alarmed", "=", False),
                    ("date_alarm", "<=", company._creditbox_today()),
                ]
            )._alarm()
