from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Domain

STATES = [
    ("entered", "Started"),
    ("admitted", "Admissible"),
    ("done", "Done"),
    ("refused", "Not admissible"),
    ("withdrawn", "Withdrawn"),
    ("linked", "Reminder of another request"),
]
OPEN = ("entered", "admitted")
# what only the steps of the procedure write
GUARDED = {
    "creditbox_code",
    "creditbox_state",
    "creditbox_waiting",
    "creditbox_refused_reason",
    "creditbox_parent_id",
    "creditbox_date_closed",
}


class HelpdeskTicket(models.Model):
    """A request of a customer: the ticket follows a procedure, step by step."""

    _name = "helpdesk.ticket"
    _inherit = ["helpdesk.ticket", "creditbox.guarded"]
    _check_company_auto = True

    name = fields.Char(
        compute="_compute_creditbox_name", store=True, readonly=False, precompute=True
    )
    description = fields.Html(string="Text of the Request", required=False)
    partner_id = fields.Many2one(
        compute="_compute_creditbox_partner_id",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
    )
    team_id = fields.Many2one(tracking=True)
    channel_id = fields.Many2one(tracking=True)
    priority = fields.Selection(
        default=None,
        compute="_compute_creditbox_priority",
        store=True,
        readonly=False,
        precompute=True,
    )
    creditbox_code = fields.Char(
        string="Traceable Code", readonly=True, copy=False, index="trigram"
    )
    creditbox_procedure_id = fields.Many2one(
        "creditbox.procedure",
        string="Procedure",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
    )
    creditbox_state = fields.Selection(
        STATES,
        string="State of the Request",
        default="entered",
        readonly=True,
        copy=False,
        tracking=True,
    )
    creditbox_supply_id = fields.Many2one(
        "creditbox.supply",
        string="Supply",
        index="btree_not_null",
        check_company=True,
        tracking=True,
    )
    date_received = fields.Datetime(
        string="Received on",
        default=fields.Datetime.now,
        required=True,
        copy=False,
        tracking=True,
        help="When the customer's request came in: terms run from here. It may be "
        "earlier than the registration.",
    )
    creditbox_topic_id = fields.Many2one(
        "creditbox.topic",
        string="Topic",
        compute="_compute_creditbox_topic_id",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="restrict",
        tracking=True,
    )
    creditbox_refused_reason = fields.Char(
        string="Why not admissible", readonly=True, copy=False
    )
    creditbox_parent_id = fields.Many2one(
        "helpdesk.ticket",
        string="Reminder of",
        readonly=True,
        index="btree_not_null",
        copy=False,
        help="The request that the customer asks about again.",
    )
    creditbox_reminder_ids = fields.One2many(
        "helpdesk.ticket", "creditbox_parent_id", string="Reminders"
    )
    creditbox_similar_ids = fields.Many2many(
        "helpdesk.ticket", compute="_compute_creditbox_similar_ids"
    )
    creditbox_multiple = fields.Boolean(
        string="Many Signers", help="One answer goes to the first of them (RQSII)."
    )
    creditbox_signers = fields.Text(string="Signers", help="One a line.")
    creditbox_milestone_ids = fields.One2many(
        "creditbox.request.milestone", "ticket_id", string="Milestones", readonly=True
    )
    creditbox_wait_ids = fields.One2many(
        "creditbox.request.wait", "ticket_id", string="Waits", readonly=True
    )
    creditbox_waiting = fields.Boolean(string="Waiting", readonly=True, copy=False)
    creditbox_document_ids = fields.One2many(
        "creditbox.request.document", "ticket_id", string="Documents"
    )
    creditbox_date_closed = fields.Datetime(
        string="Ended on", readonly=True, copy=False
    )

    _creditbox_code_uniq = models.UniqueIndex(
        "(company_id, creditbox_code) WHERE creditbox_code IS NOT NULL",
        "This code is already in use.",
    )
    _creditbox_state_idx = models.Index(
        "(company_id, creditbox_state, creditbox_date_closed) "
        "WHERE creditbox_procedure_id IS NOT NULL"
    )
    _creditbox_open_idx = models.Index(
        "(company_id, creditbox_state, creditbox_procedure_id) "
        "WHERE creditbox_state IN ('entered', 'admitted')"
    )

    # ------------------------------------------------------------------
    # what is proposed
    # ------------------------------------------------------------------
    @api.depends("creditbox_procedure_id", "creditbox_supply_id", "partner_id")
    def _compute_creditbox_name(self):
        for ticket in self:
            if ticket.creditbox_procedure_id:
                names = (ticket.creditbox_procedure_id.name, ticket.partner_id.name)
                ticket.name = " – ".join(filter(None, names))
            else:
                ticket.name = ticket.name

    @api.depends("creditbox_supply_id")
    def _compute_creditbox_partner_id(self):
        for ticket in self:
            supply = ticket.creditbox_supply_id
            # whoever takes over a closed supply is not its former customer
            taken = ticket.creditbox_procedure_id.audience == "new"
            if supply and not taken:
                ticket.partner_id = supply.partner_id
            else:
                ticket.partner_id = ticket.partner_id

    @api.depends("creditbox_procedure_id")
    def _compute_creditbox_priority(self):
        for ticket in self:
            procedure = ticket.creditbox_procedure_id
            ticket.priority = procedure.priority or ticket.priority or "1"

    @api.depends("creditbox_procedure_id")
    def _compute_creditbox_topic_id(self):
        for ticket in self:
            topic = ticket.creditbox_procedure_id.topic_id
            ticket.creditbox_topic_id = topic or ticket.creditbox_topic_id

    @api.depends("creditbox_procedure_id", "creditbox_supply_id", "partner_id")
    def _compute_creditbox_similar_ids(self):
        """Open requests of the same customer, supply and procedure, taken before."""
        found = self.search(self._similar_domain()) if self else self
        for ticket in self:
            ticket.creditbox_similar_ids = found.filtered(
                lambda other, t=ticket: (
                    (not t._origin or other.id < t._origin.id)
                    and other._same_case() == t._same_case()
                )
            )

    def _similar_domain(self):
        return [
            ("creditbox_state", "in", OPEN),
            ("creditbox_procedure_id", "in", self.creditbox_procedure_id.ids),
            ("partner_id", "in", self.partner_id.ids),
        ]

    def _same_case(self):
        return (
            self.company_id.id,
            self.creditbox_procedure_id.id,
            self.partner_id._origin.id or self.partner_id.id,
            self.creditbox_supply_id.id,
        )

    @api.depends("name", "creditbox_code", "creditbox_procedure_id.name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        coded = self.filtered("creditbox_code")
        res = super(HelpdeskTicket, self - coded)._compute_display_name()
        for ticket in coded:
            name = ticket.creditbox_procedure_id.name or ticket.name
            ticket.display_name = f"{ticket.creditbox_code} – {name}"
        for ticket in self.filtered(lambda t: not t._origin):
            ticket.display_name = self.env._("New request")
        return res

    # ------------------------------------------------------------------
    # birth
    # ------------------------------------------------------------------
    @api.model
    def default_get(self, fields):
        """Who takes a request is not who works on it: the rules assign it."""
        defaults = super().default_get(fields)
        if self.env.context.get("creditbox_request"):
            defaults.pop("user_id", None)
        return defaults

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            for vals in vals_list:
                self._refuse_guarded(vals.keys())
        vals_list = [dict(vals) for vals in vals_list]
        for vals in vals_list:
            if vals.get("number", "/") == "/":
                vals["number"] = vals["creditbox_code"] = self._draw_code(vals)
        tickets = super().create(vals_list)
        requests = tickets.filtered("creditbox_procedure_id")
        requests._assign()
        requests._begin()
        return tickets

    @api.model
    def message_new(self, msg, custom_values=None):
        """Terms run from when the customer wrote, not from when it was fetched."""
        values = dict(custom_values or {})
        sent, now = msg.get("date"), fields.Datetime.now()
        if sent:
            values["date_received"] = min(fields.Datetime.to_datetime(sent), now)
        return super().message_new(msg, values)

    def _draw_code(self, vals):
        team = self.env["helpdesk.ticket.team"].browse(vals.get("team_id"))
        company = team.company_id.id or vals.get("company_id") or self.env.company.id
        # whoever takes a request need not see sequences
        sequences = self.env["ir.sequence"].sudo().with_company(company)
        domain = [("code", "=", "creditbox.request"), ("company_id", "=", company)]
        sequence = sequences.search(domain, limit=1)
        if not sequence:
            sequence = sequences.create(
                {
                    "name": "CreditBox: requests",
                    "code": "creditbox.request",
                    "prefix": "R%(year)s-",
                    "padding": 6,
                    "company_id": company,
                }
            )
        return sequence.next_by_id()

    def write(self, vals):
        if not self.env.su:
            self._refuse_guarded(vals.keys())
            if "stage_id" in vals and self.creditbox_procedure_id:
                raise UserError(
                    self.env._("The stage of a request follows from its steps.")
                )
        before = {ticket: ticket.creditbox_procedure_id for ticket in self}
        res = super().write(vals)
        if "creditbox_procedure_id" in vals:
            changed = self.filtered(lambda t: t.creditbox_procedure_id != before[t])
            changed._change_procedure(before)
        return res

    def _refuse_guarded(self, names):
        if GUARDED & set(names):
            raise AccessError(
                self.env._("A request goes on by its buttons, not by writing.")
            )

    def _change_procedure(self, before):
        """Begin again with another procedure, as long as nothing has been done."""
        for ticket in self:
            if ticket.creditbox_milestone_ids.filtered(lambda m: m.code != "request"):
                raise UserError(
                    self.env._(
                        "%(code)s has gone on with «%(procedure)s» already.",
                        code=ticket.creditbox_code,
                        procedure=before[ticket].name,
                    )
                )
        requests = self.sudo()  # the log is nobody's to write
        requests.creditbox_milestone_ids.unlink()
        documents = requests.creditbox_document_ids
        documents.filtered(lambda d: not d.received).unlink()
        self.filtered(lambda t: not t.user_id)._assign()
        self._begin()

    def _begin(self):
        """Write down the request itself, and which documents it needs."""
        for ticket in self:
            procedure = ticket.creditbox_procedure_id
            known = ticket.creditbox_document_ids.type_id
            ticket.creditbox_document_ids = [
                Command.create(
                    {
                        "type_id": line.type_id.id,
                        "sequence": line.sequence,
                        "required": line.required,
                        "milestone_id": line.milestone_id.id,
                    }
                )
                for line in procedure.document_ids
                if line.type_id not in known
            ]
            if procedure.milestone_ids:
                ticket._reach("request", ticket.date_received)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_coded(self):
        """Requests are kept for the Authority (register, RQSII art. 75)."""
        if self.filtered(
            lambda t: len(t.creditbox_milestone_ids) > 1
        ) and not self.env.user.has_group("creditbox_base.group_administrator"):
            raise UserError(
                self.env._("Requests that somebody has worked on are not deleted.")
            )

    def get_formview_id(self, access_uid=None):
        if self.creditbox_procedure_id and self.env.user.has_group(
            "creditbox_base.group_reader"
        ):
            return self.env.ref("creditbox_frontoffice.creditbox_request_view_form").id
        return super().get_formview_id(access_uid=access_uid)

    @api.model
    def _open_domain(self):
        return Domain("creditbox_state", "in", OPEN) & Domain(
            "creditbox_procedure_id", "!=", False
        )
