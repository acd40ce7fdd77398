from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date

from ..tools.office_sheet import to_pdf

STATES = [
    ("entered", "Entered"),
    ("suspended", "Suspended"),
    ("sent", "Sent"),
    ("accepted", "Accepted"),
    ("refused", "Refused"),
]


class CreditboxQuote(models.Model):
    """What works will cost: entered, sent, accepted within its validity."""

    _name = "creditbox.quote"
    _inherit = ["mail.thread", "creditbox.guarded"]
    _description = "Quote"
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(string="Number", readonly=True, copy=False)
    ticket_id = fields.Many2one(
        "helpdesk.ticket",
        string="Request",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    company_id = fields.Many2one(
        related="ticket_id.company_id", store=True, index=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        related="ticket_id.partner_id",
        string="Customer",
        store=True,
        index=True,
        precompute=True,
    )
    state = fields.Selection(
        STATES,
        required=True,
        default="entered",
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    survey = fields.Boolean(related="ticket_id.creditbox_survey", readonly=False)
    complexity = fields.Selection(
        related="ticket_id.creditbox_complexity", readonly=False
    )
    works = fields.Text(help="What will be done, and what is up to the customer.")
    line_ids = fields.One2many("creditbox.quote.line", "quote_id", copy=True)
    amount_untaxed = fields.Monetary(compute="_compute_amounts", store=True)
    amount_tax = fields.Monetary(string="Tax", compute="_compute_amounts", store=True)
    amount_total = fields.Monetary(
        string="Total", compute="_compute_amounts", store=True
    )
    days_valid = fields.Integer(
        string="Valid (Days)",
        compute="_compute_days_valid",
        store=True,
        readonly=False,
        precompute=True,
        aggregator=None,
    )
    date_sent = fields.Date(string="Sent on", readonly=True, copy=False)
    date_expiry = fields.Date(string="Valid until", readonly=True, copy=False)
    date_accepted = fields.Date(
        string="Accepted on", readonly=True, copy=False, tracking=True
    )

    _name_uniq = models.Constraint(
        "UNIQUE(company_id, name)", "This number is already in use."
    )

    @api.depends("ticket_id")
    def _compute_days_valid(self):
        for quote in self:
            quote.days_valid = quote.ticket_id.creditbox_procedure_id.quote_days

    @api.depends("line_ids.amount_untaxed", "line_ids.amount_tax")
    def _compute_amounts(self):
        for quote in self:
            quote.amount_untaxed = sum(quote.line_ids.mapped("amount_untaxed"))
            quote.amount_tax = sum(quote.line_ids.mapped("amount_tax"))
            quote.amount_total = quote.amount_untaxed + quote.amount_tax

    @api.model_create_multi
    def create(self, vals_list):
        quotes = super().create(vals_list)
        for ticket, group in quotes.grouped("ticket_id").items():
            count = self.search_count([("ticket_id", "=", ticket.id)]) - len(group)
            for number, quote in enumerate(group, start=count + 1):
                # the number follows from the request's
                quote.sudo().name = f"{ticket.creditbox_code}/{number}"
        return quotes

    def write(self, vals):
        if not self.env.su and self.filtered(
            lambda q: q.state not in ("entered", "suspended")
        ):
            raise UserError(self.env._("A quote that was sent stays as it is."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sent(self):
        if self.filtered("date_sent"):
            raise UserError(self.env._("A quote that was sent is not deleted."))

    # ------------------------------------------------------------------
    # buttons
    # ------------------------------------------------------------------
    def action_send(self):
        """Open the step «quote»: the text, and the PDF that goes with it."""
        self.ensure_one()
        self._check_ready()
        action = self.ticket_id.with_context(creditbox_quote=True).action_next_step()
        return dict(
            action,
            context=dict(action["context"], default_quote_id=self.id),
        )

    def _check_ready(self):
        if self.state != "entered":
            raise UserError(self.env._("%s is not in the making.", self.name))
        if not self.line_ids or self.amount_total <= 0:
            raise UserError(self.env._("%s: write what the works cost.", self.name))
        if not self.complexity:
            raise UserError(
                self.env._("%s: say whether the works are simple.", self.name)
            )

    def _send(self, moment):
        """The quote has been made available to the customer.

        :return: ir.attachment with its PDF
        """
        self.ensure_one()
        self._check_ready()
        day = self.ticket_id._local_day(moment)
        self.sudo().write(  # sent by the step alone
            {
                "state": "sent",
                "date_sent": day,
                "date_expiry": day + timedelta(days=self.days_valid),
            }
        )
        return self._pdf()

    def action_accept(self):
        """Open the step «acceptance»: on which day, with the signed copy."""
        self.ensure_one()
        action = self.ticket_id.with_context(creditbox_quote=True).action_next_step()
        return dict(
            action,
            context=dict(action["context"], default_quote_id=self.id),
        )

    def _accept(self, moment):
        self.ensure_one()
        day = self.ticket_id._local_day(moment)
        if self.state != "sent":
            raise UserError(self.env._("%s has not been sent.", self.name))
        if day > self.date_expiry:
            raise UserError(
                self.env._(
                    "%(quote)s was valid until %(day)s.",
                    quote=self.name,
                    day=format_date(self.env, self.date_expiry),
                )
            )
        self.sudo().write({"state": "accepted", "date_accepted": day})  # as above

    def action_refuse(self):
        """The customer does not want the works: the request is withdrawn."""
        self.ensure_one()
        self._require("creditbox_frontoffice.group_counter")
        if self.state != "sent":
            raise UserError(self.env._("%s has not been sent.", self.name))
        self.sudo().state = "refused"  # by this button alone
        self.ticket_id._withdraw(
            reason=self.env._("The customer refuses quote %s.", self.name)
        )

    def action_suspend(self):
        self._change_state("entered", "suspended")

    def action_resume(self):
        self._change_state("suspended", "entered")

    def _change_state(self, former, new):
        self._require("creditbox_frontoffice.group_back_office")
        # by these buttons alone
        self.filtered(lambda q: q.state == former).sudo().state = new

    # ------------------------------------------------------------------
    # paper
    # ------------------------------------------------------------------
    def action_print(self):
        """:return: action that opens the PDF"""
        self.ensure_one()
        self.check_access("read")
        return self.ticket_id._download(self._pdf())

    def _pdf(self):
        """:return: ir.attachment of the request with the quote as it is now"""
        ticket = self.ticket_id._in_customer_language()
        quote = self.sudo().with_env(ticket.env)
        kind = ticket.env._("Quote")
        name = f"{kind} {self.name.replace('/', '-')}.pdf"
        return ticket._keep_pdf(name, to_pdf(quote._paper(ticket)))

    def _paper(self, ticket):
        """:return: office_sheet.Sheet in the language of the environment"""

        def money(amount):
            return format_amount(self.env, amount, self.currency_id)

        complexity = dict(
            ticket._fields["creditbox_complexity"]._description_selection(self.env)
        )
        until = self.date_expiry or ticket._today() + timedelta(days=self.days_valid)
        facts = (
            *ticket._facts(),
            (self.env._("Complexity"), complexity.get(self.complexity)),
            (self.env._("Plants"), ticket.creditbox_quantity or None),
            (self.env._("Valid until"), format_date(self.env, until)),
        )
        return ticket._sheet(
            self.env._("Quote %s", self.name),
            recipient=ticket._address_lines(),
            facts=tuple((label, value) for label, value in facts if value),
            texts=((self.env._("Works"), self.works),) if self.works else (),
            head=(
                self.env._("Description"),
                self.env._("Quantity"),
                self.env._("Price"),
                self.env._("Tax"),
                self.env._("Amount"),
            ),
            rows=tuple(
                (
                    line.name,
                    f"{line.quantity:g}",
                    money(line.price_unit),
                    ", ".join(line.tax_ids.mapped("name")),
                    money(line.amount_untaxed),
                )
                for line in self.line_ids
            ),
            totals=(
                (self.env._("Untaxed"), money(self.amount_untaxed)),
                (self.env._("Tax"), money(self.amount_tax)),
                (self.env._("Total"), money(self.amount_total)),
            ),
            notes=(
                self.env._(
                    "To accept, give this quote back signed by the day above. Works "
                    "begin after the acceptance."
                ),
            ),
            signatures=(
                self.env._("Date"),
                self.env._("For acceptance, the customer"),
                self.env._("The company"),
            ),
        )
