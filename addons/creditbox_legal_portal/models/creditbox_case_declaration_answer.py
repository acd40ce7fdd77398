from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date

PAID = ("in_process", "paid")


class CreditboxCaseDeclaration(models.Model):
    """The office books what was declared, or refuses it."""

    _inherit = "creditbox.case.declaration"

    def action_book(self):
        """:return: window that asks for the journal, or for the payment itself"""
        self._require("creditbox_base.group_supervisor")
        waiting = self.filtered(lambda one: one.state == "declared")
        if not waiting:
            raise UserError(self.env._("Nothing here is to be booked."))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Book"),
            "res_model": "creditbox.case.booking",
            "view_mode": "form",
            "target": "new",
            "context": {"default_declaration_ids": waiting.ids},
        }

    def _check_waiting(self):
        """Nobody else answers meanwhile.

        :raises UserError: one has been answered already
        """
        self.lock_for_update()
        self.invalidate_recordset(["state"])
        if any(one.state != "declared" for one in self):
            raise UserError(self.env._("This has been answered already."))

    # -- booked --------------------------------------------------------------------

    def _book_new(self, journal, date):
        """Make a payment of each, which pays the bills of its case, the oldest first.

        :param journal: account.journal, bank or cash, of their company
        :param date: datetime.date on which the money has come to the office
        """
        self._require("creditbox_base.group_supervisor")
        self._check_waiting()
        declared = self.sudo()  # supervisors book this, and no other payments
        payments = declared.env["account.payment"].with_company(journal.company_id)
        method = journal.sudo()._get_available_payment_method_lines("inbound")[:1]
        payments = payments.create(
            [one._payment_values(journal, date) for one in declared]
        )
        for payment in payments.filtered(lambda p: not p.outstanding_account_id):
            payment.outstanding_account_id = (
                method.payment_account_id or journal.sudo().default_account_id
            )
        payments.action_post()
        for one, payment in zip(declared, payments, strict=True):
            one.payment_id = payment
        declared._match()
        declared._answer("booked")

    def _payment_values(self, journal, date):
        debts = self._debts()
        return {
            "payment_type": "inbound",
            "partner_type": "customer",
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "journal_id": journal.id,
            "amount": self.amount,
            "date": date,
            "memo": " ".join(filter(None, (self.case_id.name, self.reference))),
            "creditbox_channel": self.provider_id.name,
            **({"destination_account_id": debts[0].account_id.id} if debts else {}),
        }

    def _book(self, payment):
        """The payment is in the accounts already: match it, or only note it.

        :param payment: account.payment
        :raises UserError: it is another customer's, or used for something else
        """
        self.ensure_one()
        self._require("creditbox_base.group_supervisor")
        self._check_waiting()
        payment = payment.sudo()  # as above
        mine = payment.partner_id.commercial_partner_id == self.partner_id
        if (
            not mine
            or payment.company_id != self.company_id
            or payment.payment_type != "inbound"
            or payment.state not in PAID
        ):
            raise UserError(
                self.env._("Choose a posted payment of %s.", self.partner_id.name)
            )
        others = self.sudo().search([("payment_id", "=", payment.id)])
        used = sum(others.mapped("amount")) + self.amount
        if self.currency_id.compare_amounts(used, payment.amount) > 0:
            raise UserError(
                self.env._(
                    "The payment is of %(amount)s: less than what was declared.",
                    amount=format_amount(self.env, payment.amount, self.currency_id),
                )
            )
        declared = self.sudo()  # as above
        declared.payment_id = payment
        declared._match()
        declared._answer("booked")

    def _debts(self):
        """:return: account.move.line of the case's bills that are still to be paid"""
        lines = self.case_id.line_ids.move_line_id
        return lines.filtered(lambda line: not line.reconciled).sorted("date_maturity")

    def _match(self):
        """Match the payments with the bills of their cases, all at once."""
        plan = []
        for one in self:
            credit = one._credit()
            debts = one._debts().filtered(
                lambda line: line.account_id == credit.account_id  # noqa: B023
            )
            if credit and debts:
                plan.append(debts + credit)
        if plan:
            self.env["account.move.line"]._reconcile_plan(plan)
        # they know it: it is what they had declared
        matches = self.payment_id.move_id.line_ids.matched_debit_ids
        self.env["creditbox.case.collection"].search(
            [("match_id", "in", matches.ids)]
        ).to_tell = False

    def _credit(self):
        """:return: account.move.line, what the payment has not covered yet"""
        return self.payment_id.move_id.line_ids.filtered(
            lambda line: (
                line.account_id.account_type == "asset_receivable"
                and not line.reconciled
            )
        )

    # -- refused -------------------------------------------------------------------

    def action_refuse(self):
        """It is not so: the bills are no longer held, whoever declared it is told.

        :raises UserError: without the reason that they read
        """
        self._require("creditbox_base.group_operator")
        refused = self.filtered(lambda one: one.state == "declared")
        refused._check_waiting()
        if any(not (one.refusal or "").strip() for one in refused):
            raise UserError(
                self.env._(
                    "Write why it is refused first: whoever declared it reads it."
                )
            )
        refused.sudo()._answer("refused")  # asked for above
        for one in refused.sudo():  # portal users are no office's business
            one._tell_refused()

    def _tell_refused(self):
        one = self.with_context(lang=self.user_id.lang or self.env.lang)
        one.case_id.message_post(
            body=one.env._(
                "The collection of %(amount)s of %(day)s that you declared is refused:"
                " %(reason)s",
                amount=format_amount(one.env, one.amount, one.currency_id),
                day=format_date(one.env, one.date),
                reason=one.refusal.strip(),
            ),
            partner_ids=one.user_id.partner_id.ids,
            subtype_xmlid="mail.mt_comment",
        )

    def _answer(self, state):
        """As the system: nobody writes what was declared."""
        self.state = state
        self.hold_ids.action_release()
        waiting = self.search(
            [("case_id", "in", self.case_id.ids), ("state", "=", "declared")]
        )
        answered = self.case_id - waiting.case_id
        answered.activity_feedback(
            ["creditbox_legal_portal.mail_activity_type_declared"]
        )
        if state == "booked":
            self._log_booked()

    def _log_booked(self):
        bodies = {}
        for case, booked in self.grouped("case_id").items():
            bodies[case.id] = "; ".join(
                self.env._(
                    "Booked: %(amount)s declared by %(provider)s, %(payment)s",
                    amount=format_amount(self.env, one.amount, one.currency_id),
                    provider=one.provider_id.name,
                    payment=one.payment_id.name or one.payment_id.memo or "",
                )
                for one in booked
            )
        self.case_id._message_log_batch(bodies=bodies)

    def action_open_payment(self):
        """:return: window action of the payment"""
        self.ensure_one()
        return self.payment_id.get_formview_action()
