from odoo import Command, fields, models
from odoo.exceptions import UserError

from odoo.addons.creditbox_base.tools import checks


class HelpdeskTicket(models.Model):
    """What procedures bring about, a method each.

    Whoever does the step has been checked; the effects act as the system, because a
    clerk at the counter may carry out a transfer without being allowed to write
    supplies at will.
    """

    _inherit = "helpdesk.ticket"

    creditbox_payment_id = fields.Many2one(
        "account.payment", string="Payment", readonly=True, copy=False
    )
    creditbox_new_supply_ids = fields.Many2many(
        "creditbox.supply", string="New Supplies", readonly=True, copy=False
    )

    def _apply_effect(self, moment):
        """:param moment: datetime in UTC of the step"""
        effect = self.creditbox_procedure_id.effect
        if effect != "none":
            ticket = self.sudo()  # see the class
            day = ticket.creditbox_date_effect or self._local_day(moment)
            getattr(ticket, f"_effect_{effect}")(day)

    def _local_day(self, moment):
        return self.company_id._creditbox_local(moment).date()

    # ------------------------------------------------------------------
    # contracts
    # ------------------------------------------------------------------
    def _effect_transfer(self, day):
        """Voltura: the old customer keeps his debts, the new one begins without."""
        supply = self.creditbox_supply_id
        supply._transfer_contract(self.creditbox_new_partner_id, day, self)
        self._effect_reading(day)

    def _effect_take_over(self, day):
        """Subentro: a new contract on a supply that was closed."""
        supply = self.creditbox_supply_id
        supply._begin_contract(self.partner_id, day, self)
        supply._set_meter_state(
            "creditbox_base.meter_state_active", self.creditbox_code
        )
        self._effect_reading(day)

    def _effect_deactivation(self, day):
        supply = self.creditbox_supply_id
        supply._end_contract(day, self)
        supply._set_meter_state(
            "creditbox_base.meter_state_closed", self.creditbox_code
        )
        self._effect_reading(day)

    def _effect_reactivation(self, day):
        self.creditbox_supply_id._set_meter_state(
            "creditbox_base.meter_state_active", self.creditbox_code
        )
        self._effect_reading(day)

    def _effect_new_supply(self, day):
        """The plants of a quote become supplies of the customer."""
        codes = (self.creditbox_new_codes or "").split()
        if len(codes) != self.creditbox_quantity:
            raise UserError(
                self.env._(
                    "%(plants)s plants need as many codes; there are %(codes)s.",
                    plants=self.creditbox_quantity,
                    codes=len(codes),
                )
            )
        service = self.creditbox_service_type_id
        for code in codes:
            if problem := checks.check_supply_code(code, service.code_format):
                raise UserError(
                    self.env._("%(datum)s: %(problem)s", datum=code, problem=problem)
                )
        self.creditbox_new_supply_ids = [
            Command.create(
                {
                    "code": code,
                    "company_id": self.company_id.id,
                    "partner_id": self.partner_id.id,
                    "service_type_id": service.id,
                    "street": self.creditbox_place,
                    "date_start": day,
                }
            )
            for code in codes
        ]

    # ------------------------------------------------------------------
    # readings, payments
    # ------------------------------------------------------------------
    def _effect_reading(self, day):
        """The reading that came with the request, if one did."""
        if not self.creditbox_reading_date:
            return
        meter = self.creditbox_supply_id.meter_id
        if not meter:
            raise UserError(
                self.env._("%s has no meter.", self.creditbox_supply_id.code)
            )
        # customers give one reading a day; what a step needs, the office has read
        own = self.creditbox_procedure_id.effect == "reading"
        source = "customer" if own else "operator"
        self._check_reading(meter, source)
        self.env["creditbox.meter.reading"].create(
            {
                "meter_id": meter.id,
                "date": self.creditbox_reading_date,
                "value": self.creditbox_reading,
                "source": source,
            }
        )

    def _check_reading(self, meter, source):
        value, day = self.creditbox_reading, self.creditbox_reading_date
        if value < 0 or day > self.company_id._creditbox_today():
            raise UserError(
                self.env._("Reading: neither below zero nor in the future, please.")
            )
        same = meter.reading_ids.filtered(
            lambda r: r.date == day and r.source == source == "customer"
        )[:1]
        if same:
            raise UserError(
                self.env._(
                    "Reading: the customer has given one of that day, %s.", same.value
                )
            )
        before = meter.reading_ids.filtered(
            lambda r: r.date <= day and r.source != "estimate"
        )[:1]
        if before and value < before.value:
            raise UserError(
                self.env._(
                    "Reading: on %(day)s the meter showed %(value)s already.",
                    day=before.date,
                    value=before.value,
                )
            )

    def _effect_payment(self, day):
        """A payment at the counter, on the bill that the customer has named."""
        if self.currency_id.compare_amounts(self.creditbox_amount, 0) <= 0:
            raise UserError(self.env._("Amount: write how much was paid."))
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": self.partner_id.commercial_partner_id.id,
                "amount": self.creditbox_amount,
                "date": self._local_day(fields.Datetime.now()),
                "journal_id": self.creditbox_journal_id.id,
                "company_id": self.company_id.id,
                "memo": self.creditbox_code,
                "creditbox_channel": self.env._("Counter"),
            }
        )
        payment.action_post()
        payment.move_id.creditbox_supply_id = self.creditbox_supply_id
        self._pay_bill(payment)
        self.creditbox_payment_id = payment

    def _pay_bill(self, payment):
        lines = (payment.move_id | self.creditbox_move_id).line_ids.filtered(
            lambda line: (
                line.account_id.account_type == "asset_receivable"
                and not line.reconciled
            )
        )
        if self.creditbox_move_id and len(lines.account_id) == 1:
            lines.reconcile()

    # ------------------------------------------------------------------
    # data
    # ------------------------------------------------------------------
    def _effect_master_data(self, day):
        """What the customer asked to change, once somebody has confirmed it."""
        labels = dict(
            self.creditbox_change_ids._fields["field_name"]._description_selection(
                self.env
            )
        )
        self.partner_id.write(
            {line.field_name: line.new_value for line in self.creditbox_change_ids}
        )
        self.partner_id._message_log(
            body=f"{self.creditbox_code}: "
            + "; ".join(
                f"{labels[line.field_name]}: {line.old_value or '–'} → {line.new_value}"
                for line in self.creditbox_change_ids
            )
        )

    def _effect_direct_debit(self, day):
        iban = checks.compact(self.creditbox_iban)
        if problem := checks.check_iban(iban):
            raise UserError(
                self.env._("%(datum)s: %(problem)s", datum="IBAN", problem=problem)
            )
        partner = self.partner_id.commercial_partner_id
        banks = self.env["res.partner.bank"]
        bank = banks.search(
            [("sanitized_acc_number", "=", iban), ("partner_id", "=", partner.id)],
            limit=1,
        ) or banks.create(
            {
                "acc_number": iban,
                "partner_id": partner.id,
                "acc_holder_name": self.creditbox_holder,
            }
        )
        self.creditbox_supply_id.creditbox_debit_bank_id = bank

    def _effect_cadastral(self, day):
        self.creditbox_supply_id.creditbox_cadastral = self.creditbox_cadastral
