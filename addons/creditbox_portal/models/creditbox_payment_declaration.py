from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import format_amount, format_date

OPEN_STATES = ("declared", "confirmed")
OLDEST = timedelta(days=365)
LARGEST = 10**8


class CreditboxPaymentDeclaration(models.Model):
    """A customer says to have paid, with the receipt: the bills are held for a while.

    declared → confirmed or refused by the office; closed by itself when the payment
    is in the accounts. Each bill is held once only, whatever is declared later.
    """

    _name = "creditbox.payment.declaration"
    _description = "Declared Payment"
    _inherit = ["creditbox.portal.request"]
    _check_company_auto = True
    _activity_xmlid = "creditbox_portal.mail_activity_type_declaration"

    move_ids = fields.Many2many(
        "account.move",
        "creditbox_payment_declaration_move_rel",
        "declaration_id",
        "move_id",
        string="Bills",
        readonly=True,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount = fields.Monetary(required=True, readonly=True)
    amount_open = fields.Monetary(
        string="Open now",
        compute="_compute_amount_open",
        help="What is open of these bills in the accounts.",
    )
    date_paid = fields.Date(string="Paid on", required=True, readonly=True)
    method = fields.Selection(
        [
            ("transfer", "Bank transfer"),
            ("pagopa", "pagoPA notice"),
            ("post", "Post office slip"),
            ("card", "Card"),
            ("counter", "At our counter"),
            ("other", "Other"),
        ],
        string="Paid by",
        required=True,
        readonly=True,
    )
    reference = fields.Char(readonly=True, help="CRO, TRN, number of the receipt…")
    attachment_id = fields.Many2one(
        "ir.attachment", string="Receipt", readonly=True, ondelete="restrict"
    )
    hold_ids = fields.One2many("creditbox.hold", "declaration_id", string="Holds")
    held_until = fields.Date(readonly=True, help="Empty: no bill was held for it.")
    state = fields.Selection(
        [
            ("declared", "To be checked"),
            ("confirmed", "Confirmed"),
            ("refused", "Refused"),
            ("acquired", "Payment acquired"),
        ],
        required=True,
        default="declared",
        readonly=True,
        tracking=True,
    )

    _amount_check = models.Constraint(
        "CHECK(amount > 0)", "The amount paid must be more than zero."
    )
    _open_idx = models.Index("(company_id) WHERE state IN ('declared', 'confirmed')")

    @api.depends("partner_id", "amount")
    def _compute_display_name(self):
        for record in self:
            amount = format_amount(self.env, record.amount, record.currency_id)
            record.display_name = f"{record.partner_id.name}: {amount}"

    @api.depends("move_ids.amount_residual")
    def _compute_amount_open(self):
        for record in self:
            # the customer's access rules need not reach these bills any more
            moves = record.sudo().move_ids
            record.amount_open = sum(moves.mapped("amount_residual"))

    # ------------------------------------------------------------------
    # what the customer does
    # ------------------------------------------------------------------
    @api.model
    def _declare(self, user, moves, values, receipt):
        """Take what a customer declares; the caller has checked whose bills these are.

        :param user: res.users who declares
        :param moves: account.move, bills of one customer and one company
        :param values: {amount, date_paid, method, reference}
        :param receipt: upload.Upload
        :return: creditbox.payment.declaration
        :raises UserError: it cannot be taken, in words for the customer
        """
        moves.lock_for_update()  # two windows at once: the second waits, then sees
        self._check_bills(moves)
        self._check_values(moves.company_id, values)
        self._check_number(moves.company_id, moves.commercial_partner_id)
        declaration = self.create(
            {
                **values,
                "user_id": user.id,
                "partner_id": moves.commercial_partner_id.id,
                "company_id": moves.company_id.id,
                "move_ids": [Command.set(moves.ids)],
            }
        )
        declaration.attachment_id = self.env["ir.attachment"].create(
            {
                "name": receipt.name,
                "raw": receipt.content,
                "mimetype": receipt.mimetype,
                "res_model": self._name,
                "res_id": declaration.id,
            }
        )
        declaration._hold()
        declaration._ask_office()
        return declaration

    def _check_bills(self, moves):
        if not moves:
            raise UserError(self.env._("Choose the bills that you have paid."))
        payable = moves.filtered(
            lambda move: (
                move.state == "posted"
                and move.move_type == "out_invoice"
                and not move.currency_id.is_zero(move.amount_residual)
            )
        )
        one_account = len(moves.company_id) == len(moves.commercial_partner_id) == 1
        if payable != moves or not one_account:
            raise UserError(
                self.env._("One of these bills has nothing to pay any more.")
            )
        known = self.search(
            [("move_ids", "in", moves.ids), ("state", "in", OPEN_STATES)], limit=1
        )
        if known:
            raise UserError(
                self.env._(
                    "You have already told us about a payment of this bill on %s. We "
                    "are checking it: there is no need to send it again.",
                    format_date(self.env, known.create_date.date()),
                )
            )

    def _check_values(self, company, values):
        today = company._creditbox_today()
        if not 0 < values["amount"] < LARGEST:
            raise UserError(self.env._("Write how much you have paid."))
        if not today - OLDEST <= values["date_paid"] <= today:
            raise UserError(
                self.env._("The day of the payment must be within the last year.")
            )

    def _check_number(self, company, customer):
        sent = self.search_count(
            [
                ("partner_id", "=", customer.id),
                ("company_id", "=", company.id),
                ("create_date", ">=", fields.Datetime.now() - timedelta(days=1)),
            ]
        )
        if sent >= company.creditbox_declarations_a_day:
            raise UserError(
                self.env._(
                    "You have sent the most that can be sent in a day. Please try "
                    "again tomorrow, or call us."
                )
            )

    def _hold(self):
        """Hold the bills that were never held for a declared payment."""
        self.ensure_one()
        company = self.company_id
        days = company.creditbox_declaration_days
        held = self.env["creditbox.hold"].search(
            [("move_id", "in", self.move_ids.ids), ("declaration_id", "!=", False)]
        )
        moves = self.move_ids - held.move_id
        if not days or not moves:
            return
        today = company._creditbox_today()
        until = company._creditbox_working_day(today, days)
        owner = self._who_answers() or self.env.ref("base.user_root")
        self.env["creditbox.hold"].create(
            [
                {
                    "level": "bill",
                    "move_id": move.id,
                    "company_id": company.id,
                    "reason_id": self.env.ref(
                        "creditbox_portal.hold_reason_declared"
                    ).id,
                    "user_id": owner.id,
                    "date_from": today,
                    "date_to": until,
                    "declaration_id": self.id,
                }
                for move in moves
            ]
        )
        self.held_until = until

    # ------------------------------------------------------------------
    # what the office does
    # ------------------------------------------------------------------
    def action_confirm(self):
        """The receipt is good: wait for the payment. The hold keeps its end."""
        self._require("creditbox_base.group_operator")
        self.filtered(lambda r: r.state == "declared")._end("confirmed")

    def action_refuse(self):
        """The receipt is not good: the bills are no longer held, the customer is told.

        :raises UserError: without the reason that the customer reads
        """
        self._require("creditbox_base.group_operator")
        refused = self.filtered(lambda r: r.state in OPEN_STATES)
        refused._require_refusal()
        refused._end("refused")
        refused.sudo().hold_ids.action_release()  # asked for above
        for record in refused:
            record._tell_refused()

    def _tell_refused(self):
        """Write to the customer, in the own language."""
        user = self.sudo().user_id
        record = self.with_context(lang=user.lang or self.env.lang)
        record.message_notify(
            partner_ids=user.partner_id.ids,
            subject=record.env._("The payment that you told us about"),
            body=record.env._(
                "We could not accept the payment of %(amount)s that you told us about "
                "on %(date)s. %(reason)s The bill is no longer on hold. For any doubt, "
                "please call us or answer this message.",
                amount=format_amount(record.env, self.amount, self.currency_id),
                date=format_date(record.env, self.create_date.date()),
                reason=self.refusal.strip(),
            ),
        )

    @api.model
    def _close_paid(self, partner_ids=None):
        """Close what has been paid in the meantime.

        :param partner_ids: ids of the customers to look at; None: all
        """
        waiting = self.sudo().search([("state", "in", OPEN_STATES)])
        if partner_ids is not None:
            known = set(partner_ids)
            waiting = waiting.filtered(lambda r: r.partner_id.id in known)
        paid = waiting.filtered(
            lambda r: all(
                move.currency_id.is_zero(move.amount_residual) for move in r.move_ids
            )
        )
        if paid:
            paid._end("acquired")
            paid.hold_ids.action_release()

    @api.model
    def _cron_close(self):
        self._close_paid()

    def action_open_customer(self):
        """:return: window action of the customer"""
        self.ensure_one()
        return self.partner_id.get_formview_action()
