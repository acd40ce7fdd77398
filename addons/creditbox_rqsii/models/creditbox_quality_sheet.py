from datetime import date, datetime, time, timedelta, timezone

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

PERIOD = {"company_id", "service", "year", "quarter"}
AUTHORITIES = {"water": ("rqsii", "remsi"), "energy": ("tiqv", "tiqe")}


class CreditboxQualitySheet(models.Model):
    """What a company tells the Authority of a year, or of a quarter of it."""

    _name = "creditbox.quality.sheet"
    _inherit = ["mail.thread", "creditbox.guarded"]
    _description = "Sheet of the Authority"
    _order = "year desc, quarter, id desc"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name")
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self._default_company_id(),
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    service = fields.Selection(
        [("water", "Water (RQSII, REMSI)"), ("energy", "Electricity and gas")],
        required=True,
        default="water",
    )
    year = fields.Integer(
        required=True,
        aggregator=None,
        default=lambda self: self._default_year(),
    )
    quarter = fields.Selection(
        [
            ("0", "Whole year"),
            ("1", "First quarter"),
            ("2", "Second quarter"),
            ("3", "Third quarter"),
            ("4", "Fourth quarter"),
        ],
        string="Period",
        required=True,
        default="0",
    )
    state = fields.Selection(
        [("draft", "Draft"), ("made", "Made"), ("closed", "Closed")],
        required=True,
        default="draft",
        readonly=True,
        tracking=True,
    )
    made_at = fields.Datetime(string="Made", readonly=True)
    line_ids = fields.One2many("creditbox.quality.sheet.line", "sheet_id")
    specific_ids = fields.One2many(
        "creditbox.quality.sheet.line",
        "sheet_id",
        string="Specific standards",
        domain=[("kind", "=", "specific")],
    )
    general_ids = fields.One2many(
        "creditbox.quality.sheet.line",
        "sheet_id",
        string="General standards",
        domain=[("kind", "=", "general")],
    )
    duty_ids = fields.One2many(
        "creditbox.quality.sheet.line",
        "sheet_id",
        string="Duties without a term",
        domain=[("kind", "=", "duty")],
    )
    macro_ids = fields.One2many("creditbox.quality.sheet.macro", "sheet_id")
    check_ids = fields.One2many("creditbox.quality.sheet.check", "sheet_id")
    squares = fields.Boolean(
        string="Totals square", compute="_compute_squares", store=True
    )

    _period_uniq = models.Constraint(
        "UNIQUE(company_id, service, year, quarter)",
        "There is a sheet of this period already.",
    )

    def _default_company_id(self):
        return self.env.company

    def _default_year(self):
        return self.env.company._creditbox_today().year - 1

    @api.constrains("year")
    def _check_year(self):
        for sheet in self:
            if not 2000 <= sheet.year <= 2100:
                raise ValidationError(self.env._("Year: %s is not a year.", sheet.year))

    @api.depends("company_id", "year", "quarter", "service")
    def _compute_name(self):
        labels = {
            field: dict(self._fields[field]._description_selection(self.env))
            for field in ("quarter", "service")
        }
        for sheet in self:
            period = labels["quarter"].get(sheet.quarter, "").lower()
            service = labels["service"].get(sheet.service)
            sheet.name = f"{service} – {sheet.year}, {period}"

    @api.depends("check_ids.squares")
    def _compute_squares(self):
        for sheet in self:
            sheet.squares = bool(sheet.check_ids) and all(
                sheet.check_ids.mapped("squares")
            )

    def write(self, vals):
        """State and moment are written by buttons, the period only of drafts."""
        made = any(sheet.state != "draft" for sheet in self)
        kept = {"state", "made_at"} | (PERIOD if made else set())
        if not self.env.su and not kept.isdisjoint(vals):
            raise AccessError(self.env._("A sheet that was made is not changed."))
        return super().write(vals)

    # -- the period ----------------------------------------------------------------

    def _days(self):
        """:return: (datetime.date, datetime.date), first and last day"""
        if self.quarter == "0":
            return date(self.year, 1, 1), date(self.year, 12, 31)
        month = int(self.quarter) * 3 - 2
        first = date(self.year, month, 1)
        return first, first + relativedelta(months=3, days=-1)

    def _moments(self):
        """:return: (first moment, first moment after), naive UTC"""
        first, last = self._days()
        zone = self.company_id._creditbox_zone()
        return tuple(
            datetime.combine(day, time(), zone)
            .astimezone(timezone.utc)
            .replace(tzinfo=None)
            for day in (first, last + timedelta(days=1))
        )

    # -- buttons -------------------------------------------------------------------

    def action_make(self):
        """Read the register; what was made before is made anew."""
        self._require("creditbox_base.group_supervisor")
        for sheet in self:
            if sheet.state == "closed":
                raise UserError(self.env._("%s is closed.", sheet.name))
        # figures come from the register alone, nobody writes them
        for sheet in self.sudo():
            sheet._fill()

    def action_close(self):
        """It was sent: nothing changes any more."""
        self._require("creditbox_base.group_manager")
        for sheet in self:
            if sheet.state != "made" or not sheet.squares:
                raise UserError(
                    self.env._(
                        "%s: its totals do not square with the register.", sheet.name
                    )
                )
        self.sudo().state = "closed"  # guarded: the button asked for the role

    def action_reopen(self):
        """The Authority wants a correction."""
        self._require("creditbox_base.group_manager")
        closed = self.filtered(lambda sheet: sheet.state == "closed")
        closed.sudo().state = "made"  # guarded: the button asked for the role

    def action_open_lines(self):
        """:return: action that opens the lines on the whole screen"""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "creditbox_rqsii.creditbox_quality_sheet_line_action"
        )
        context = {"search_default_group_kind": 1}
        domain = [("sheet_id", "=", self.id)]
        return dict(action, name=self.name, domain=domain, context=context)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_closed(self):
        if self.filtered(lambda sheet: sheet.state == "closed"):
            raise UserError(self.env._("What was sent is kept."))
