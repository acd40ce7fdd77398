from markupsafe import Markup

from odoo import api, fields, models

# what procedures may ask for, in the order of the form
DATA = (
    "partner_id",
    "creditbox_supply_id",
    "creditbox_service_type_id",
    "creditbox_place",
    "creditbox_quantity",
    "creditbox_new_partner_id",
    "creditbox_cause",
    "creditbox_date_effect",
    "creditbox_reading",
    "creditbox_reading_date",
    "creditbox_move_id",
    "creditbox_amount",
    "creditbox_journal_id",
    "creditbox_instalments",
    "creditbox_iban",
    "creditbox_holder",
    "creditbox_cadastral",
    "creditbox_new_codes",
    "creditbox_change_ids",
    "description",
)


class HelpdeskTicket(models.Model):
    """The data that procedures ask for; the form shows those of the procedure."""

    _inherit = "helpdesk.ticket"

    creditbox_asks = fields.Char(compute="_compute_creditbox_asks")
    creditbox_service_type_id = fields.Many2one(
        "creditbox.service.type",
        string="Service",
        compute="_compute_creditbox_service_type_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    creditbox_place = fields.Char(
        string="Place of the Supply", help="Street, number and municipality."
    )
    creditbox_quantity = fields.Integer(
        string="Number of Plants", default=1, aggregator=None
    )
    creditbox_new_partner_id = fields.Many2one(
        "res.partner", string="New Customer", check_company=True
    )
    creditbox_cause = fields.Selection(
        [
            ("ordinary", "Sale, rent or other"),
            ("death", "Death of the customer"),
            ("separation", "Separation"),
            ("household", "Household of the customer"),
        ],
        string="Because of",
    )
    creditbox_date_effect = fields.Date(string="With Effect from")
    creditbox_reading = fields.Float(string="Reading", digits=(16, 3), aggregator=None)
    creditbox_reading_date = fields.Date(string="Read on")
    creditbox_move_id = fields.Many2one(
        "account.move",
        string="Bill",
        check_company=True,
        domain="[('move_type', 'in', ('out_invoice', 'out_refund')), "
        "('state', '=', 'posted'), "
        "('commercial_partner_id', '=', commercial_partner_id)]",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    creditbox_amount = fields.Monetary(string="Amount", aggregator=None)
    creditbox_journal_id = fields.Many2one(
        "account.journal",
        string="Paid in",
        check_company=True,
        domain="[('type', 'in', ('cash', 'bank'))]",
    )
    creditbox_instalments = fields.Integer(
        string="Instalments Asked for", aggregator=None
    )
    creditbox_iban = fields.Char(string="IBAN")
    creditbox_holder = fields.Char(string="Holder of the Account")
    creditbox_cadastral = fields.Char(
        string="Cadastral Data", help="Municipality, sheet, parcel, subaltern."
    )
    creditbox_new_codes = fields.Text(
        string="Codes of the New Supplies", help="One a line."
    )
    creditbox_change_ids = fields.One2many(
        "creditbox.request.change", "ticket_id", string="Changes"
    )
    creditbox_survey = fields.Boolean(
        string="Survey Needed", tracking=True, help="Terms of quotes depend on it."
    )
    creditbox_complexity = fields.Selection(
        [("simple", "Simple"), ("complex", "Complex")],
        string="Complexity",
        tracking=True,
        help="Complex: a permit, an adaptation of the network, or an interruption of "
        "other users.",
    )

    creditbox_distributor = fields.Boolean(
        string="Through the Distributor",
        compute="_compute_creditbox_distributor",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
        help="The request is handed over to the distributor, who carries it out: usual "
        "for electricity and gas.",
    )

    @api.model
    def _creditbox_data_fields(self):
        """:return: names of the fields that procedures may ask for"""
        return list(DATA)

    @api.depends("creditbox_procedure_id")
    def _compute_creditbox_asks(self):
        """Names with blanks around, for the conditions of the form."""
        for ticket in self:
            names = ticket.creditbox_procedure_id.data_ids.mapped("field_name")
            ticket.creditbox_asks = f" {' '.join(names)} "

    @api.depends("creditbox_supply_id")
    def _compute_creditbox_service_type_id(self):
        for ticket in self:
            service = ticket.creditbox_supply_id.service_type_id
            ticket.creditbox_service_type_id = (
                service or ticket.creditbox_service_type_id
            )

    @api.depends("creditbox_service_type_id")
    def _compute_creditbox_distributor(self):
        """Supplies with a national code hang on somebody else's network."""
        for ticket in self:
            ticket.creditbox_distributor = bool(
                ticket.creditbox_service_type_id.code_format
            )

    def _missing(self, step):
        """What a step needs and the request has not got.

        :param step: creditbox.procedure.milestone
        :return: list of str
        """
        self.ensure_one()
        steps = step.procedure_id.milestone_ids
        places = {s.milestone_id: place for place, s in enumerate(steps)}
        here = places[step.milestone_id]

        def due(line):
            # a milestone that the procedure has not got any more: at once
            return line.required and here >= max(places.get(line.milestone_id, 1), 1)

        data = step.procedure_id.data_ids.filtered(due)
        missing = [line.display_name for line in data if self._lacks(line.field_name)]
        documents = self.creditbox_document_ids.filtered(due)
        missing += documents.filtered(lambda d: not d.received).mapped("type_id.name")
        return missing

    def _lacks(self, name):
        value = self[name]
        if isinstance(value, Markup):  # the editor leaves empty paragraphs
            return not value.striptags().strip()
        if self._fields[name].type in ("float", "integer", "monetary"):
            return not value and name != "creditbox_reading"
        return not value
