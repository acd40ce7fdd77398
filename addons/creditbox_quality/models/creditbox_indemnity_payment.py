from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command


class CreditboxIndemnity(models.Model):
    """How indemnities are paid: credit note, next bill, payment."""

    _inherit = "creditbox.indemnity"

    def action_credit_note(self):
        """A posted credit note each, with the wording that the Authority wants."""
        payable = self._payable()
        moves = payable._credit_notes()
        for indemnity, move in zip(payable, moves, strict=True):
            indemnity._pay("credit_note", indemnity.company_id._creditbox_today(), move)
        return moves._get_records_action(name=self.env._("Credit notes"))

    def action_next_bill(self):
        """They go to the billing system with its next list."""
        self._payable().write({"state": "to_bill", "way": "bill"})

    def action_back(self):
        """Not in the next bill after all."""
        self._require("creditbox_base.group_operator")
        back = self.filtered(lambda indemnity: indemnity.state == "to_bill")
        # guarded records: buttons write them after they asked for a role
        back.sudo().write({"state": "due", "way": False})

    def action_pay(self):
        """A credit note each, and the payment that goes with it."""
        payable = self._payable()
        moves = payable._credit_notes()
        for indemnity, move in zip(payable, moves, strict=True):
            payment = indemnity._payment(move)
            day = indemnity.company_id._creditbox_today()
            indemnity._pay("payment", day, move, payment)
        return payable.payment_id._get_records_action(name=self.env._("Payments"))

    def action_export(self):
        """:return: action that downloads the lines for the next bill"""
        self._require("creditbox_base.group_operator")
        return self.env["creditbox.indemnity.list"]._download(self)

    def _billed(self, number, day):
        """The billing system has put them into a bill.

        :param number: of the bill
        :param day: datetime.date of the bill
        """
        billed = self.filtered(lambda indemnity: indemnity.state == "to_bill").sudo()
        billed.bill_number = number
        billed._pay("bill", day)

    # -- help ----------------------------------------------------------------------

    def _payable(self):
        """:return: those that may be paid now, as the system

        :raises UserError: one of them may not, and why
        """
        self._require("creditbox_base.group_operator")
        indemnities = self.sudo()  # guarded records: buttons ask for a role, then write
        indemnities._hold_arrears()
        labels = dict(self._fields["state"]._description_selection(self.env))
        for indemnity in indemnities:
            if indemnity.state != "due":
                raise UserError(
                    self.env._(
                        "%(number)s of %(customer)s cannot be paid now: %(state)s.",
                        number=indemnity.name,
                        customer=indemnity.partner_id.display_name,
                        state=labels[indemnity.state],
                    )
                )
        return indemnities

    def _pay(self, way, day, move=None, payment=None):
        self.write(
            {
                "state": "paid",
                "way": way,
                "date_paid": day,
                "move_id": move and move.id,
                "payment_id": payment and payment.id,
            }
        )
        self._done_watching()

    def _wording(self):
        """The two texts of the Authority, in the language of the customer.

        :return: (text of the line, sentence that follows)
        """
        text = self.standard_id._regulation(self.date_arisen)
        text = text.with_context(lang=self.partner_id.lang)
        return text.bill_text, text.bill_sentence

    def _credit_notes(self):
        """:return: account.move, posted, in the order of the indemnities"""
        moves = self.env["account.move"]
        for company, own in self.grouped("company_id").items():
            own_moves = moves.with_company(company).create(
                [indemnity._credit_note_vals() for indemnity in own]
            )
            own_moves.action_post()
            moves |= own_moves
        by_name = {move.invoice_origin: move for move in moves}
        return self.env["account.move"].concat(
            *(by_name[indemnity.name] for indemnity in self)
        )

    def _credit_note_vals(self):
        settings = self.env["creditbox.quality.setting"]
        own, journal = settings._of(self.company_id), settings._journal(self.company_id)
        text, sentence = self._wording()
        label = f"{text} – {self._standard_name()}"
        lines = [
            {
                "name": label,
                "price_unit": self.amount,
                "quantity": 1,
                "tax_ids": [Command.set(own.tax_id.ids)],
                **({"account_id": own.account_id.id} if own.account_id else {}),
            }
        ]
        if sentence:
            lines.append({"display_type": "line_note", "name": sentence})
        return {
            "move_type": "out_refund",
            "company_id": self.company_id.id,
            "journal_id": journal.id,
            "partner_id": self.partner_id.id,
            "creditbox_supply_id": self.supply_id.id,
            "invoice_date": self.company_id._creditbox_today(),
            "invoice_origin": self.name,
            "ref": self.reference or self.name,
            "invoice_line_ids": [Command.create(line) for line in lines],
        }

    def _standard_name(self):
        standard = self.standard_id.with_context(lang=self.partner_id.lang)
        return standard.name

    def _payment(self, move):
        """:return: account.payment to the customer, posted and matched"""
        company = self.company_id
        journal = self.env["account.journal"].search(
            [("type", "in", ("bank", "cash")), ("company_id", "=", company.id)], limit=1
        )
        if not journal:
            raise UserError(self.env._("%s has no bank.", company.display_name))
        payment = (
            self.env["account.payment"]
            .with_company(company)
            .create(
                {
                    "payment_type": "outbound",
                    "partner_type": "customer",
                    "partner_id": self.partner_id.id,
                    "amount": self.amount,
                    "journal_id": journal.id,
                    "memo": self.name,
                    "date": company._creditbox_today(),
                }
            )
        )
        payment.action_post()
        lines = (move | payment.move_id).line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        if len(lines) > 1:
            lines.reconcile()
        return payment
