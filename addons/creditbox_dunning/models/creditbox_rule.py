from odoo import api, fields, models
from odoo.exceptions import UserError

from .creditbox_regulation import LEGAL_STEPS

# the seed's ten action codes, in its order
CODES = [
    ("sms", "SMS"),
    ("email", "E-mail"),
    ("letter", "Ordinary letter"),
    ("registered", "Registered letter A/R"),
    ("pec", "PEC"),
    ("agency", "Recovery agency"),
    ("technical", "Technical office"),
    ("writeoff", "Write-off request"),
    ("plan", "Repayment plan"),
    ("litigation", "Litigation"),
]
# codes that write to the customer: they need an address, a text, a minimum delay
WRITING_CODES = ("sms", "email", "letter", "registered", "pec")
CLASSIFICATION = (
    "customer_type_id",
    "service_type_id",
    "meter_state_id",
    "meter_type_id",
)


class CreditboxRule(models.Model):
    _name = "creditbox.rule"
    _description = "Row of the Action Table"
    _order = "set_id, step, sequence, id"
    _check_company_auto = True

    set_id = fields.Many2one(
        "creditbox.rule.set", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="set_id.company_id", store=True, index=True)
    set_state = fields.Selection(related="set_id.state", string="State of the table")
    customer_type_id = fields.Many2one("creditbox.customer.type")
    service_type_id = fields.Many2one("creditbox.service.type")
    meter_state_id = fields.Many2one("creditbox.meter.state")
    meter_type_id = fields.Many2one("creditbox.meter.type")
    step = fields.Integer(required=True, default=1)
    sequence = fields.Integer(default=10)
    code = fields.Selection(CODES, required=True)
    name = fields.Char(string="Description", required=True, translate=True)
    action_text = fields.Text(
        translate=True, help="Instruction for whoever carries out the action."
    )
    legal_step = fields.Selection(
        LEGAL_STEPS,
        help="What the action is in the procedure against arrears: the channels, terms "
        "and contents of the regulation then hold. Empty: a courtesy, or an act "
        "outside the procedure.",
    )
    template_id = fields.Many2one(
        "creditbox.template",
        domain="[('code', '=', code)]",
        ondelete="restrict",
        help="Empty: the standard text of this code and service.",
    )
    wait_before = fields.Integer(
        required=True,
        default=0,
        string="Wait before (days)",
        help="Days from the due date (first step) or from the end of the wait of "
        "the action before.",
    )
    wait_after = fields.Integer(
        required=True,
        default=0,
        string="Wait after (days)",
        help="Days that must pass after this action before the next one.",
    )
    count_from = fields.Selection(
        [("send", "Sending"), ("delivery", "Proof of delivery")],
        required=True,
        default="send",
        help="What the wait after the action counts from.",
    )
    amount_from = fields.Monetary(
        required=True,
        default=0,
        string="From amount",
        help="Lower limit of the exposure of the position.",
    )
    amount_to = fields.Monetary(
        required=True,
        default=0,
        string="To amount",
        help="Upper limit of the exposure, not included; 0: no limit.",
    )
    threshold = fields.Monetary(
        required=True,
        default=0,
        string="Minimum bill",
        help="Open amount under which a bill does not count.",
    )
    fallback_code = fields.Selection(
        [item for item in CODES if item[0] in WRITING_CODES],
        string="If no address",
        help="Channel to use when the customer has no address for this one.",
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    active = fields.Boolean(default=True)

    _step_positive = models.Constraint("CHECK(step > 0)", "Steps are counted from 1.")
    _waits_positive = models.Constraint(
        "CHECK(wait_before >= 0 AND wait_after >= 0)", "A wait cannot be negative."
    )
    _amounts_ordered = models.Constraint(
        "CHECK(amount_from >= 0 AND threshold >= 0"
        " AND (amount_to = 0 OR amount_to > amount_from))",
        "Amounts cannot be negative and the upper limit must exceed the lower one.",
    )

    @api.depends("set_id.company_id")
    @api.depends_context("company")
    def _compute_currency_id(self):
        for rule in self:
            rule.currency_id = (rule.company_id or self.env.company).currency_id

    @api.depends("step", "name")
    def _compute_display_name(self):
        for rule in self:
            rule.display_name = f"{rule.step}. {rule.name}"

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        rules._check_draft()
        return rules

    def write(self, vals):
        self._check_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        self._check_draft()

    def _check_draft(self):
        """What has been published proves why an action was made: it never changes."""
        if self.env.context.get("install_mode"):
            return  # the standard table is loaded from data as published
        if self.filtered(lambda rule: rule.set_id.state != "draft"):
            raise UserError(
                self.env._(
                    "A published action table does not change: make a new version."
                )
            )

    def _needs_template(self):
        return self.code in WRITING_CODES

    def _template(self, code=None, service=None, company=None):
        """Return the row's own text, else the standard one.

        :param code: channel, the fallback's perhaps; by default the row's
        :param service: creditbox.service.type, by default the row's
        :param company: res.company, by default the row's
        """
        self.ensure_one()
        code = code or self.code
        if self.template_id._serves(code):
            return self.template_id
        return self.env["creditbox.template"]._standard(
            code,
            self.service_type_id if service is None else service,
            company or self.company_id,
            self.legal_step,
        )

    def _texts(self):
        """Return the texts that the rows may send, their other channel's included."""
        templates = self.env["creditbox.template"]
        for rule in self:
            if rule._needs_template():
                templates |= rule._template()
            if rule.fallback_code:
                templates |= rule._template(rule.fallback_code)
        return templates

    def _specificity(self):
        """Return how many classification columns of the row are filled."""
        self.ensure_one()
        return sum(bool(self[column]) for column in CLASSIFICATION)
