import base64
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date
from odoo.tools.mimetypes import guess_mimetype

from odoo.addons.creditbox_base.tools import terms

RECEIPTS = ("application/pdf", "image/jpeg", "image/png")
LARGEST = 10 * 1024 * 1024  # bytes of a receipt
OLDEST = timedelta(days=365)


class CreditboxCounterPayment(models.TransientModel):
    """A customer shows that he has paid: orders at the meter stop at once.

    What stops them is a hold that ends by itself; the payment arrives later, with the
    bank's file. What was cut is given back: the customer has paid and said so.
    """

    _name = "creditbox.counter.payment"
    _description = "Payment Shown at the Counter"

    supply_id = fields.Many2one("creditbox.supply", string="Supply")
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        compute="_compute_partner_id",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        compute="_compute_company_id",
        store=True,
        precompute=True,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount_due = fields.Monetary(string="Due now", compute="_compute_amount_due")
    amount = fields.Monetary(string="Paid", required=True)
    date_paid = fields.Date(
        string="Paid on",
        required=True,
        default=lambda self: self._default_date_paid(),
    )
    channel = fields.Selection(
        [
            ("counter", "At this counter"),
            ("post", "Post office"),
            ("bank", "Bank transfer"),
            ("pagopa", "pagoPA"),
            ("card", "Card"),
            ("on_site", "Shown to the crew"),
            ("other", "Other"),
        ],
        required=True,
        default="post",
    )
    reference = fields.Char(string="Number of the receipt")
    receipt = fields.Binary()
    receipt_name = fields.Char()
    note = fields.Char(string="Remarks")

    def _default_date_paid(self):
        return self.env.company._creditbox_today()

    @api.depends("supply_id")
    def _compute_partner_id(self):
        for payment in self:
            payment.partner_id = payment.supply_id.partner_id or payment.partner_id

    @api.depends("supply_id")
    def _compute_company_id(self):
        for payment in self:
            payment.company_id = payment.supply_id.company_id or self.env.company

    @api.depends("supply_id", "partner_id", "company_id")
    def _compute_amount_due(self):
        for payment in self:
            positions = payment._positions()
            lines = self.env["fsm.order"]._due_lines(positions)
            payment.amount_due = sum(sum(due.values()) for due in lines.values())

    def _positions(self):
        """:return: creditbox.position that the payment is for"""
        self.ensure_one()
        partner = self.partner_id.commercial_partner_id
        if not partner:
            return self.env["creditbox.position"]
        domain = [
            ("partner_id", "=", partner._origin.id or partner.id),
            ("company_id", "=", self.company_id.id),
        ]
        if self.supply_id:
            domain.append(("supply_id", "=", self.supply_id.id))
        return self.env["creditbox.position"].search(domain)

    # ------------------------------------------------------------------
    def action_declare(self):
        """Hold what was paid, in this transaction; a part leaves orders as they are.

        :return: client action that says what has come of it
        :raises UserError: amount, day or receipt that cannot be; told already
        """
        self.ensure_one()
        self.env["fsm.order"]._require("creditbox_base.group_operator")
        receipt = self._checked_receipt()
        self._check_values()
        positions = self._positions()
        # a crew that is about to finish waits for us, or we for it
        self.env["fsm.order"]._lock_debts(positions)
        self._check_not_told()
        orders = self._orders(positions)
        if self._covers(positions):
            record = self._hold(positions)
        else:
            record = self.partner_id.commercial_partner_id
        self._keep(record, receipt)
        return self._say(record, orders)

    def _check_values(self):
        today = self.company_id._creditbox_today()
        if self.amount <= 0:
            raise UserError(self.env._("Paid: write how much was paid."))
        if not today - OLDEST <= self.date_paid <= today:
            raise UserError(
                self.env._(
                    "Paid on: %s is not within the last year.",
                    format_date(self.env, self.date_paid),
                )
            )

    def _checked_receipt(self):
        """:return: (name, bytes, mimetype) or None"""
        if not self.receipt:
            return None
        # with bin_size the field says how large it is, not what it is
        content = base64.b64decode(self.with_context(bin_size=False).receipt)
        mimetype = guess_mimetype(content)
        if len(content) > LARGEST or mimetype not in RECEIPTS:
            raise UserError(
                self.env._(
                    "Receipt: a PDF, JPEG or PNG of at most %s MB, please.",
                    LARGEST // 1024 // 1024,
                )
            )
        return self.receipt_name or self.env._("Receipt"), content, mimetype

    def _check_not_told(self):
        """A second click, or a second counter, must not make a second hold."""
        hold = self.env["creditbox.hold"].search(
            [
                ("reason_id", "=", self._reason().id),
                ("state", "=", "active"),
                ("company_id", "=", self.company_id.id),
                ("supply_id", "=", self.supply_id.id),
                ("customer_id", "=", self.partner_id.commercial_partner_id.id),
            ],
            limit=1,
        )
        if hold:
            raise UserError(
                self.env._(
                    "Told already, by %(user)s: it is on hold until %(day)s.",
                    user=hold.user_id.name,
                    day=format_date(self.env, hold.date_to),
                )
            )

    def _reason(self):
        return self.env.ref("creditbox_utility.hold_reason_counter")

    def _orders(self, positions):
        orders = self.env["fsm.order"].search(
            [("creditbox_position_id", "in", positions.ids)]
        )
        return orders._open_ones()._against()

    def _covers(self, positions):
        """:return: bool, whether orders stop: what is left is under their limits, or
        the share that is enough of a condominium"""
        left = self.amount_due - self.amount
        company = self.company_id
        if company.currency_id.compare_amounts(left, 0) <= 0:
            return True
        if left < company.creditbox_order_threshold:
            return True
        supply = self.supply_id
        if not supply.condominium:
            return False
        law = self.env["creditbox.chain"]._law(company, company._creditbox_today())
        share = law.figure("condominium_share", supply.service_type_id)
        return bool(share) and self.amount >= self.amount_due * share / 100

    def _hold(self, positions):
        today = self.company_id._creditbox_today()
        held = (
            {"level": "supply", "supply_id": self.supply_id.id}
            if self.supply_id
            else {
                "level": "customer",
                "partner_id": self.partner_id.commercial_partner_id.id,
            }
        )
        return self.env["creditbox.hold"].create(
            {
                **held,
                "company_id": self.company_id.id,
                "reason_id": self._reason().id,
                "user_id": self._owner(positions).id,
                "date_from": today,
                "date_to": terms.end_of_term(
                    today, self.company_id.creditbox_counter_days, terms.WORKING
                ),
                "note": self._text(),
            }
        )

    def _owner(self, positions):
        """:return: res.users, who follows the hold: of the office, never a firm's"""
        user = self.env.user
        return positions[:1]._who_answers(user) or user if user.share else user

    def _text(self):
        channel = dict(self._fields["channel"]._description_selection(self.env))
        parts = [
            self.env._(
                "Paid %(amount)s on %(day)s (%(channel)s)",
                amount=format_amount(self.env, self.amount, self.currency_id),
                day=format_date(self.env, self.date_paid),
                channel=channel[self.channel],
            ),
            self.reference,
            self.note,
        ]
        return " – ".join(filter(None, parts))

    def _keep(self, record, receipt):
        """What was told and shown stays with the hold, or with the customer."""
        files = [(receipt[0], receipt[1])] if receipt else []
        record.message_post(body=self._text(), attachments=files)

    def _say(self, record, orders):
        stopped = orders.filtered(lambda order: order.creditbox_state == "stopped")
        if record._name != "creditbox.hold":
            message = self.env._(
                "Noted on the customer. %s are due: the orders go on until they are "
                "paid.",
                format_amount(
                    self.env, self.amount_due - self.amount, self.currency_id
                ),
            )
        elif stopped:
            message = self.env._(
                "Stopped: %(orders)s. On hold until %(day)s.",
                orders=", ".join(stopped.mapped("name")),
                day=format_date(self.env, record.date_to),
            )
        else:
            message = self.env._(
                "No order was open. On hold until %s.",
                format_date(self.env, record.date_to),
            )
        held = record._name == "creditbox.hold"
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if held else "warning",
                "sticky": not held,
                "message": message,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
