from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command

from .creditbox_quality_standard import MACROS, UNITS

OPEN = ("running", "suspended")
SUSPENSION_CAUSES = [
    ("customer", "Customer"),
    ("third_party", "Third parties"),
    ("permit", "Permits"),
    ("weather", "Weather"),
]
BREACH_CAUSES = [
    ("operator", "Operator"),
    ("fm", "Force majeure"),
    ("user_third", "User or third parties"),
]


class CreditboxQualityClock(models.Model):
    """One regulated performance that is being measured, or was: a row of the register.

    Nobody writes it: the methods below do, for the procedure that knows what happened.
    What was counted is frozen when the performance is done.
    """

    _name = "creditbox.quality.clock"
    _inherit = ["mail.thread", "creditbox.guarded"]
    _description = "Regulated Clock"
    _order = "start_at desc, id desc"
    _rec_name = "reference"
    _check_company_auto = True

    reference = fields.Char(
        string="Traceable code", required=True, readonly=True, index="trigram"
    )
    standard_id = fields.Many2one(
        "creditbox.quality.standard", required=True, readonly=True, index=True
    )
    code = fields.Char(string="Code of the standard", required=True, readonly=True)
    kind = fields.Selection(
        [("specific", "Specific"), ("general", "General")], required=True, readonly=True
    )
    macro = fields.Selection(MACROS, string="Macro-indicator", readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    partner_id = fields.Many2one(
        "res.partner", string="Customer", readonly=True, index="btree_not_null"
    )
    customer_type_id = fields.Many2one(
        "creditbox.customer.type", string="Type of user", readonly=True
    )
    supply_id = fields.Many2one(
        "creditbox.supply", readonly=True, index="btree_not_null"
    )
    user_id = fields.Many2one(
        "res.users", string="Holder", readonly=True, index="btree_not_null"
    )
    team = fields.Char(readonly=True)
    res_model = fields.Char(string="Model of the source", readonly=True)
    res_id = fields.Many2oneReference(
        string="Source", model_field="res_model", readonly=True
    )
    start_at = fields.Datetime(string="Began", required=True, readonly=True)
    stop_at = fields.Datetime(string="Done", readonly=True)
    date_stop = fields.Date(
        string="Day done", readonly=True, help="Where the company is."
    )
    suspension_ids = fields.One2many("creditbox.quality.suspension", "clock_id")
    state = fields.Selection(
        [
            ("running", "Running"),
            ("suspended", "Suspended"),
            ("stopped", "Done"),
            ("cancelled", "Withdrawn"),
        ],
        required=True,
        readonly=True,
        default="running",
    )
    limit_value = fields.Float(string="Limit", readonly=True, aggregator=None)
    unit = fields.Selection(UNITS, readonly=True)
    date_due = fields.Date(
        string="Due", readonly=True, help="Last day of the term; none while suspended."
    )
    late_at = fields.Datetime(string="Out of time from", readonly=True)
    double_at = fields.Datetime(string="Doubled from", readonly=True)
    triple_at = fields.Datetime(string="Tripled from", readonly=True)
    counted = fields.Float(
        string="Time taken",
        readonly=True,
        aggregator="avg",
        digits=(12, 2),
        help="In the unit of the standard, without suspensions; once it is done.",
    )
    counted_suspended = fields.Float(
        string="Time suspended", readonly=True, aggregator="avg", digits=(12, 2)
    )
    outcome = fields.Selection(
        [("in", "In time"), ("out", "Out of time")], readonly=True
    )
    level = fields.Integer(
        string="Times the indemnity",
        readonly=True,
        aggregator=None,
        help="0 in time, 1 beyond the limit, 2 and 3 beyond its multiples.",
    )
    cause = fields.Selection(BREACH_CAUSES, string="Cause of the breach", readonly=True)
    cause_note = fields.Char(string="Why", readonly=True)
    cancel_reason = fields.Char(string="Withdrawn because", readonly=True)
    cancel_at = fields.Datetime(string="Withdrawn", readonly=True)
    indemnity_ids = fields.One2many("creditbox.indemnity", "clock_id")
    explanation = fields.Char(string="Count", compute="_compute_explanation")

    _once = models.UniqueIndex(
        "(res_model, res_id, code, company_id)"
        " WHERE res_id IS NOT NULL AND state <> 'cancelled'",
        "This performance is being measured already.",
    )
    _register_idx = models.Index("(company_id, start_at DESC, id DESC)")
    _register_group_idx = models.Index("(start_at DESC, id DESC)")
    _open_idx = models.Index("(late_at, id) WHERE state IN ('running', 'suspended')")
    _sheet_idx = models.Index("(company_id, date_stop, code)")
    _breach_idx = models.Index("(start_at DESC, id DESC) WHERE outcome = 'out'")

    # -- what the procedures call --------------------------------------------------

    def _stop(self, moment):
        """The performance is done: what was counted is frozen. Done ones stay as are.

        :param moment: naive datetime.datetime, UTC
        """
        clocks = self._open()
        moment = moment.replace(microsecond=0)
        clocks._require_after_start(moment)
        clocks.suspension_ids._end(moment)
        for company, own in clocks.grouped("company_id").items():
            day = company._creditbox_local(moment).date()
            own.write({"state": "stopped", "stop_at": moment, "date_stop": day})
        clocks._recount()
        self.env["creditbox.indemnity"]._follow(clocks)
        return self

    def _suspend(self, moment, cause, note=None, attachment=None):
        """The term stands still from now on; suspended ones stay as they are.

        :param cause: customer, third_party, permit or weather
        :param attachment: ir.attachment, the proof
        """
        moment = moment.replace(microsecond=0)
        clocks = self._open().filtered(lambda clock: clock.state == "running")
        clocks._require_after_start(moment)
        if attachment and clocks:  # the proof is read with the row of the register
            attachment.sudo().write({"res_model": self._name, "res_id": clocks[0].id})
        self.env["creditbox.quality.suspension"].sudo().create(
            [
                {
                    "clock_id": clock.id,
                    "date_from": moment,
                    "cause": cause,
                    "note": note,
                    "attachment_ids": attachment and [Command.set(attachment.ids)],
                }
                for clock in clocks
            ]
        )
        clocks.state = "suspended"
        clocks._recount()
        causes = dict(
            self.env["creditbox.quality.suspension"]
            ._fields["cause"]
            ._description_selection(self.env)
        )
        clocks._tell(self.env._("Suspended: %s", causes[cause]), moment, note)
        return self

    def _resume(self, moment):
        """The term runs again; running ones stay as they are."""
        moment = moment.replace(microsecond=0)
        clocks = self._open().filtered(lambda clock: clock.state == "suspended")
        clocks.suspension_ids._end(moment)
        clocks.state = "running"
        clocks._recount()
        clocks._tell(self.env._("Runs again"), moment)
        return self

    def _cancel(self, moment, reason):
        """The duty fell away (a request withdrawn): nothing is measured any more."""
        moment = moment.replace(microsecond=0)
        clocks = self._open()
        clocks.suspension_ids._end(moment)
        clocks.write(
            {"state": "cancelled", "cancel_at": moment, "cancel_reason": reason}
        )
        clocks._tell(self.env._("Withdrawn"), moment, reason)
        # what has not been paid falls away with the request
        clocks.indemnity_ids._exclude("cancelled", reason)
        return self

    def _set_cause(self, cause, note=None):
        """Whose fault the breach is; only the operator's gives an indemnity.

        Of open performances it may be known before the breach; what was done in time,
        or withdrawn, has none.

        :param cause: operator, fm or user_third
        """
        # the register is written by the engine alone
        clocks = self.sudo().filtered(
            lambda clock: (
                clock.state in OPEN
                or (clock.state == "stopped" and clock.outcome == "out")
            )
        )
        clocks.write({"cause": cause, "cause_note": note})
        causes = dict(self._fields["cause"]._description_selection(self.env))
        moment = fields.Datetime.now()
        clocks._tell(self.env._("Cause of the breach: %s", causes[cause]), moment, note)
        self.env["creditbox.indemnity"]._follow(clocks)
        return self

    def _correct(self, reason, start=None, stop=None):
        """A moment was written down wrongly: counted anew, with the reason on record.

        :param start: naive datetime.datetime, UTC, when it really began
        :param stop: when it was really done; only of what is done
        """
        clocks = self.sudo()  # the register is written by the engine alone
        for clock in clocks:
            if start:
                clock.start_at = start.replace(microsecond=0)
            if stop and clock.state == "stopped":
                clock.stop_at = stop.replace(microsecond=0)
                local = clock.company_id._creditbox_local(clock.stop_at)
                clock.date_stop = local.date()
            if clock.stop_at:
                clock._require_after_start(clock.stop_at)
        clocks._recount()
        clocks._open()._look_again(fields.Datetime.now())
        for name, moment in ((self.env._("Began"), start), (self.env._("Done"), stop)):
            if moment:
                text = self.env._("Corrected – %s", name)
                clocks._tell(text, moment.replace(microsecond=0), reason)
        self.env["creditbox.indemnity"]._follow(clocks)
        return self

    def _hand_over(self, user=None, team=None):
        """Somebody else holds the performance.

        :param user: res.users
        :param team: str
        """
        # the register is written by the engine alone
        self.sudo().write({"user_id": user and user.id, "team": team})
        return self

    # -- help ----------------------------------------------------------------------

    def _open(self):
        # the register is written by the engine alone, whoever works
        return self.sudo().filtered(lambda clock: clock.state in OPEN)

    def _require_after_start(self, moment):
        for clock in self:
            if moment < clock.start_at and clock.unit not in ("hours", "minutes"):
                raise ValidationError(
                    self.env._(
                        "%(reference)s, %(standard)s: it began on %(start)s, nothing "
                        "can have happened on %(moment)s.",
                        reference=clock.reference,
                        standard=clock.standard_id.name,
                        start=clock._local_text(clock.start_at),
                        moment=clock._local_text(moment),
                    )
                )

    def _tell(self, what, moment, note=None):
        self._message_log_batch(
            bodies={
                clock.id: " – ".join(
                    filter(None, (what, clock._local_text(moment), note))
                )
                for clock in self
            }
        )

    def _local_text(self, moment):
        local = self.company_id._creditbox_local(moment)
        day = self.env["ir.qweb.field.date"].value_to_html(local.date(), {})
        return f"{day} {local:%H:%M}"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_register(self):
        raise UserError(self.env._("Rows of the register are kept."))

    def action_step(self):
        """:return: window that asks what happened (kind in the context)"""
        self._require("creditbox_base.group_operator")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("What happened"),
            "res_model": "creditbox.quality.step",
            "view_mode": "form",
            "target": "new",
            "context": {**self.env.context, "default_clock_ids": self.ids},
        }

    def action_open_source(self):
        """:return: action that opens the record that is measured"""
        self.ensure_one()
        if not self.res_model or self.res_model not in self.env:
            raise UserError(self.env._("It was entered by hand."))
        return self.env[self.res_model].browse(self.res_id)._get_records_action()

    def action_open_indemnities(self):
        return self.indemnity_ids._get_records_action(name=self.env._("Indemnities"))
