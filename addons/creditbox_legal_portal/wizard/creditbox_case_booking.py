from odoo import api, fields, models
from odoo.exceptions import UserError


class CreditboxCaseBooking(models.TransientModel):
    """Book what was declared: a new payment of each, or one that is there already."""

    _name = "creditbox.case.booking"
    _description = "Book Declared Collections"

    declaration_ids = fields.Many2many("creditbox.case.declaration", required=True)
    company_id = fields.Many2one("res.company", compute="_compute_company_id")
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount = fields.Monetary(compute="_compute_company_id", string="Declared")
    single = fields.Boolean(compute="_compute_company_id")
    partner_id = fields.Many2one(
        "res.partner", string="Customer", compute="_compute_company_id"
    )
    how = fields.Selection(
        [
            ("new", "Make the payment"),
            ("known", "The payment is in the accounts already"),
        ],
        required=True,
        compute="_compute_how",
        store=True,
        precompute=True,
        readonly=False,
    )
    payment_id = fields.Many2one(
        "account.payment",
        compute="_compute_payment_id",
        store=True,
        precompute=True,
        readonly=False,
        domain="[('company_id', '=', company_id), ('payment_type', '=', 'inbound'),"
        " ('partner_id', 'child_of', partner_id),"
        " ('state', 'in', ('in_process', 'paid'))]",
    )
    journal_id = fields.Many2one(
        "account.journal",
        compute="_compute_journal_id",
        store=True,
        precompute=True,
        readonly=False,
        domain="[('company_id', '=', company_id), ('type', 'in', ('bank', 'cash'))]",
    )
    date = fields.Date(
        string="Day of the money", default=lambda self: self._default_date()
    )

    def _default_date(self):
        return self.env.company._creditbox_today()

    @api.depends("declaration_ids")
    def _compute_company_id(self):
        for booking in self:
            declared = booking.declaration_ids
            booking.company_id = declared.company_id[:1]
            booking.partner_id = declared.partner_id[:1]
            booking.amount = sum(declared.mapped("amount"))
            booking.single = len(declared) == 1

    @api.depends("declaration_ids")
    def _compute_payment_id(self):
        """One of the same amount since, that no other declaration has named."""
        for booking in self:
            one = booking.declaration_ids[:1]
            booking.payment_id = booking.single and self.env["account.payment"].search(
                [
                    ("partner_id", "child_of", one.partner_id.id),
                    ("company_id", "=", one.company_id.id),
                    ("payment_type", "=", "inbound"),
                    ("state", "in", ("in_process", "paid")),
                    ("amount", "=", one.amount),
                    ("date", ">=", one.date),
                    ("case_declaration_ids", "=", False),
                ],
                order="date, id",
                limit=1,
            )

    @api.depends("payment_id")
    def _compute_how(self):
        for booking in self:
            booking.how = "known" if booking.payment_id else "new"

    @api.depends("declaration_ids")
    def _compute_journal_id(self):
        for booking in self:
            booking.journal_id = self.env["account.journal"].search(
                [
                    ("company_id", "=", booking.company_id.id),
                    ("type", "in", ("bank", "cash")),
                ],
                limit=1,
            )

    def action_book(self):
        """Book them.

        :raises UserError: of two companies, or no journal or payment is named
        """
        declared = self.declaration_ids
        if len(declared.company_id) != 1:
            raise UserError(self.env._("Choose collections of one company."))
        if self.how == "known":
            if not self.payment_id or len(declared) != 1:
                raise UserError(self.env._("Choose one collection and its payment."))
            declared._book(self.payment_id)
        else:
            if not self.journal_id or not self.date:
                raise UserError(self.env._("Choose the journal and the day."))
            declared._book_new(self.journal_id, self.date)
        return {"type": "ir.actions.act_window_close"}
