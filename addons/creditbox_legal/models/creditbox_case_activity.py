from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

UNITS = [("days", "Days"), ("weeks", "Weeks"), ("months", "Months"), ("years", "Years")]


class CreditboxCaseActivity(models.Model):
    """Something planned, or done, in a case."""

    _name = "creditbox.case.activity"
    _description = "Activity of a Case"
    _inherit = ["creditbox.guarded"]
    _order = "date, id"
    _rec_name = "name"

    case_id = fields.Many2one(
        "creditbox.case", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="case_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(related="case_id.partner_id")
    type_id = fields.Many2one(
        "creditbox.activity.type",
        required=True,
        domain="[('company_id', 'in', (company_id, False))]",
    )
    name = fields.Char(
        string="What", compute="_compute_from_type", store=True, readonly=False
    )
    judicial = fields.Boolean(related="type_id.judicial", store=True)
    user_id = fields.Many2one(
        "res.users",
        string="Operator",
        index=True,
        compute="_compute_user_id",
        store=True,
        readonly=False,
    )
    date = fields.Date(required=True, default=fields.Date.context_today)
    hour = fields.Float(help="Of a hearing or an appointment.")
    place = fields.Char()
    hours = fields.Float(
        string="Work (hours)",
        compute="_compute_from_type",
        store=True,
        readonly=False,
    )
    cost = fields.Monetary(compute="_compute_from_type", store=True, readonly=False)
    document = fields.Char(related="type_id.document", string="Document needed")
    attachment_ids = fields.Many2many("ir.attachment", string="Documents")
    text = fields.Html(compute="_compute_from_type", store=True, readonly=False)
    result = fields.Char()
    state = fields.Selection(
        [("planned", "Planned"), ("done", "Done"), ("dropped", "Dropped")],
        required=True,
        default="planned",
        readonly=True,
        index=True,
    )
    date_done = fields.Date(string="Done on", readonly=True)
    every = fields.Integer(string="Repeat every", help="0: once.")
    every_unit = fields.Selection(UNITS, string="Period", default="months")
    until = fields.Date(string="Repeat until")

    _every_positive = models.Constraint(
        "CHECK(every >= 0)", "A period cannot be negative."
    )

    @api.depends("type_id")
    def _compute_from_type(self):
        for activity in self:
            # whoever does it reads it, whatever computes it
            kind = activity.type_id.with_context(lang=activity._doer_lang())
            activity.name = kind.name
            activity.hours = kind.hours
            activity.cost = kind.cost
            activity.text = kind.text

    def _doer_lang(self):
        return self.user_id.lang

    @api.depends("case_id")
    def _compute_user_id(self):
        for activity in self:
            activity.user_id = activity.user_id or activity.case_id.user_id

    @api.ondelete(at_uninstall=False)
    def _unlink_except_done(self):
        if self.filtered(lambda activity: activity.state == "done"):
            raise UserError(self.env._("What was done is kept."))

    def action_done(self):
        """It was done: its term runs, and what comes next is planned."""
        self._require("creditbox_base.group_operator")
        for activity in self.filtered(lambda activity: activity.state == "planned"):
            if activity.document and not activity.attachment_ids:
                raise UserError(
                    self.env._(
                        "«%(name)s» of %(case)s needs a document: %(document)s.",
                        name=activity.name,
                        case=activity.case_id.name,
                        document=activity.document,
                    )
                )
            day = min(activity.date, activity.company_id._creditbox_today())
            activity.sudo().write({"state": "done", "date_done": day})
            activity._tell_case()
            activity._start_term()
            activity._plan_next()

    def _tell_case(self):
        text = self.env._("Done: %s", self.name)
        self.case_id._message_log(
            body=f"{text} – {self.result}" if self.result else text,
            attachment_ids=self.attachment_ids.ids,
        )

    def _start_term(self):
        if not self.type_id.term_code:
            return
        rule = self.env["creditbox.term.rule"]._of_code(
            self.type_id.term_code, self.company_id, self.date_done
        )
        if rule:
            self.env["creditbox.case.term"].create(
                {
                    "case_id": self.case_id.id,
                    "rule_id": rule.id,
                    "date_event": self.date_done,
                }
            )

    def _plan_next(self):
        """The next of a series, and what the type says comes after."""
        if self.every:
            day = self.date + relativedelta(**{self.every_unit: self.every})
            if not self.until or day <= self.until:
                self.copy({"date": day, "state": "planned"})
        if self.type_id.next_type_id:
            self.create(
                {
                    "case_id": self.case_id.id,
                    "type_id": self.type_id.next_type_id.id,
                    "user_id": self.user_id.id,
                    "date": self.date_done + relativedelta(days=self.type_id.next_days),
                }
            )

    def copy_data(self, default=None):
        """What was done belongs to the one that was done."""
        empty = {"result": False, "attachment_ids": False, "date_done": False}
        return super().copy_data({**empty, **(default or {})})

    def action_drop(self):
        self._require("creditbox_base.group_operator")
        self._drop()

    def _drop(self):
        self.filtered(lambda a: a.state == "planned").sudo().state = "dropped"

    def action_print_pdf(self):
        """:return: action that downloads the list as a PDF"""
        return self.env["creditbox.activity.summary"]._download(self, "pdf")

    def action_print_xlsx(self):
        """:return: action that downloads the list as a workbook"""
        return self.env["creditbox.activity.summary"]._download(self, "xlsx")
