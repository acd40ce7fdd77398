from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .creditbox_quality_regulation import AUTHORITIES

UNITS = [
    ("working", "Working days (Monday to Friday)"),
    ("ferial", "Weekdays (Monday to Saturday)"),
    ("solar", "Calendar days"),
    ("hours", "Hours"),
    ("minutes", "Minutes"),
    ("seconds", "Seconds"),
    ("share", "Per cent"),
]
MACROS = [
    ("mc1", "MC1 – Start and end of the contract"),
    ("mc2", "MC2 – Management of the contract and access to the service"),
]
# What a measurement was made with: a new version, not another figure.
FIGURES = {
    "code",
    "kind",
    "measure",
    "limit_value",
    "unit",
    "at_least",
    "threshold",
    "from_receipt",
    "base_amount",
    "growth",
    "company_id",
}


class CreditboxQualityStandard(models.Model):
    """A standard of quality, as the Authority set it since a day.

    With a company it is what its service charter promises: never worse than the
    Authority's.
    """

    _name = "creditbox.quality.standard"
    _description = "Standard of Quality"
    _order = "sequence, code, date_from desc, id"
    _rec_names_search = ["name", "code"]

    code = fields.Char(required=True, index=True)
    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=100)
    authority = fields.Selection(AUTHORITIES, required=True, default="rqsii")
    service_type_id = fields.Many2one(
        "creditbox.service.type", string="Service", help="Empty: any."
    )
    kind = fields.Selection(
        [
            ("specific", "Specific"),
            ("general", "General"),
            ("duty", "Duty without a term"),
        ],
        required=True,
        default="specific",
        help="Specific: each performance, with an indemnity. General: the share of "
        "all. Duty: an indemnity that arises without a measured term.",
    )
    measure = fields.Selection(
        [
            ("each", "Each performance"),
            ("average", "Mean of all performances"),
            ("months", "Figure of each month"),
        ],
        string="What is measured",
        required=True,
        default="each",
    )
    basis_code = fields.Char(
        string="Measured on", help="Code of the standard whose performances count."
    )
    limit_value = fields.Float(string="Limit", digits=(12, 2))
    unit = fields.Selection(UNITS, required=True, default="working")
    at_least = fields.Boolean(
        string="Least", help="The limit is the least, not the most."
    )
    threshold = fields.Float(
        string="To be kept in (%)",
        digits=(5, 1),
        help="Of general standards: share of the performances, or of the months.",
    )
    months_required = fields.Integer(string="Months to be kept")
    from_event = fields.Char(string="Begins with", translate=True)
    to_event = fields.Char(string="Ends with", translate=True)
    from_receipt = fields.Boolean(
        string="Is a receipt",
        default=True,
        help="What is received after the late hour counts as of the next day.",
    )
    macro = fields.Selection(MACROS, string="Macro-indicator")
    currency_id = fields.Many2one(
        "res.currency", compute="_compute_currency_id", compute_sudo=True
    )
    base_amount = fields.Monetary(string="Indemnity")
    growth = fields.Selection(
        [("fixed", "The same, however late"), ("multiples", "Doubled, tripled")],
        string="With the delay",
        required=True,
        default="multiples",
    )
    date_from = fields.Date(string="In force from", required=True)
    date_to = fields.Date(string="In force until")
    source = fields.Char(required=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: the Authority's, for everybody."
    )
    active = fields.Boolean(default=True)

    _limit_positive = models.Constraint(
        "CHECK(limit_value > 0 OR kind = 'duty')", "A standard has a limit."
    )
    _amount_positive = models.Constraint(
        "CHECK(base_amount >= 0)", "An indemnity cannot be negative."
    )
    _share = models.Constraint(
        "CHECK(threshold BETWEEN 0 AND 100 AND months_required BETWEEN 0 AND 12)",
        "A share is between 0 and 100, months are at most 12.",
    )
    _dates = models.Constraint(
        "CHECK(date_to IS NULL OR date_from <= date_to)",
        "It cannot end before it is in force.",
    )
    _version_uniq = models.UniqueIndex(
        "(code, COALESCE(company_id, 0), date_from) WHERE active",
        "This version of the standard exists already.",
    )

    def _compute_currency_id(self):
        # amounts of the Authority are in euro whatever a company keeps its books in
        self.currency_id = self.env.ref("base.EUR")

    @api.depends("name", "company_id")
    def _compute_display_name(self):
        for standard in self:
            standard.display_name = standard.name

    @api.constrains("limit_value", "base_amount", "company_id", "date_from", "date_to")
    def _check_charter(self):
        """A charter may only be better (RQSII: better standards of the operator)."""
        for own in self.filtered("company_id"):
            national = self._best_of(
                self.search([("code", "=", own.code), ("company_id", "=", False)]),
                own.company_id,
                own.date_from,
            )
            if not national:
                continue
            if own.unit != national.unit or own.at_least != national.at_least:
                raise ValidationError(
                    self.env._(
                        "%(name)s: the service charter counts as the Authority does.",
                        name=own.name,
                    )
                )
            worse = (
                own.limit_value < national.limit_value
                if own.at_least
                else own.limit_value > national.limit_value
            )
            if worse or own.base_amount < national.base_amount:
                raise ValidationError(
                    self.env._(
                        "%(name)s: limit and indemnity of the service charter cannot "
                        "be worse than those of the Authority (%(limit)g, %(amount)g).",
                        name=own.name,
                        limit=national.limit_value,
                        amount=national.base_amount,
                    )
                )

    def write(self, vals):
        if not FIGURES.isdisjoint(vals):
            self._require_unused()
        return super().write(vals)

    def _require_unused(self):
        # whoever may not see other companies' clocks must not change their standard
        used = self.env["creditbox.quality.clock"].sudo()
        clock = used.search([("standard_id", "in", self.ids)], limit=1)
        if clock:
            raise UserError(
                self.env._(
                    "%s has been measured with these figures: end this version and "
                    "make a new one.",
                    clock.standard_id.name,
                )
            )

    @api.model
    def _versions(self, codes, companies):
        """:return: creditbox.quality.standard, all that may be in force some day"""
        ids = [company.id for company in companies]
        # what the Authority says is the same for everybody, whoever starts a term
        return self.sudo().search(
            [("code", "in", list(codes)), ("company_id", "in", [*ids, False])]
        )

    def _in_force(self, code, company, day):
        """The company's own version, else the Authority's.

        Of those in self, as ``_versions`` found them.

        :return: creditbox.quality.standard
        :raises UserError: no such standard on that day
        """
        found = self._best_of(
            self.filtered(lambda standard: standard.code == code), company, day
        )
        if not found:
            raise UserError(
                self.env._(
                    "No standard «%(code)s» is in force on %(day)s.",
                    code=code,
                    day=fields.Date.to_string(day),
                )
            )
        return found

    @api.model
    def _best_of(self, versions, company, day):
        current = versions.filtered(
            lambda standard: (
                standard.date_from <= day
                and (not standard.date_to or standard.date_to >= day)
                and standard.company_id in (company, company.browse())
            )
        )
        return current.sorted(lambda s: (bool(s.company_id), s.date_from))[-1:]

    def _regulation(self, day):
        """:return: creditbox.quality.regulation of the standard's text on a day"""
        return self.env["creditbox.quality.regulation"]._in_force(self.authority, day)

    def action_new_version(self):
        """:return: action that opens a copy, in force from today for the company"""
        self.ensure_one()
        today = self.env.company._creditbox_today()
        copy = self.copy({"date_from": today, "date_to": False})
        return copy._get_records_action()
