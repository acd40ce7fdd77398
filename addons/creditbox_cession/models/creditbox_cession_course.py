from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import SQL, format_amount


class CreditboxCession(models.Model):
    """How bills are chosen, assigned and taken back."""

    _inherit = "creditbox.cession"

    @api.model
    def _prepare_of(self, positions):
        """Prepare the assignment of all that is overdue on positions of one company.

        What somebody else takes care of already is left out.

        :param positions: creditbox.position that the user may see
        :return: creditbox.cession, a draft
        :raises UserError: nothing is left
        """
        self.check_access("create")
        company = positions.company_id
        if len(company) != 1:
            raise UserError(self.env._("Choose positions of one company."))
        lines = self._free_lines(positions)
        if not lines:
            raise UserError(
                self.env._("Nothing is overdue here that nobody else takes care of.")
            )
        of = {(p.partner_id, p.supply_id): p for p in positions}
        cession = self.create({"company_id": company.id})
        cession.sudo().line_ids = [  # nobody enters bills
            Command.create(
                {
                    "move_line_id": line.id,
                    "position_id": of[
                        line.partner_id.commercial_partner_id,
                        line.move_id.creditbox_supply_id,
                    ].id,
                    "partner_id": line.partner_id.commercial_partner_id.id,
                    "amount": line.amount_residual,
                }
            )
            for line in lines
        ]
        return cession

    def _free_lines(self, positions):
        """:return: account.move.line, overdue and with nobody else"""
        # supervisors need not have rights on entries
        lines = positions.sudo()._overdue_lines()
        items = self.env["creditbox.item"].search(
            [("move_line_id", "in", lines.ids), ("exclusion", "!=", False)]
        )
        return (lines - items.sudo().move_line_id).sorted("date_maturity")

    def action_assign(self):
        """The deed is signed: the bills are the assignee's from now on.

        What has been paid meanwhile is left out. The notices are to be sent then.

        :raises UserError: without assignee or price, or a bill is with somebody else
        """
        self._require("creditbox_base.group_manager")
        self._check_state("draft")
        for cession in self.sudo():  # the button has asked who
            cession.with_company(cession.company_id)._assign()

    def _assign(self):
        self.env["creditbox.evaluation"]._lock_positions(self.line_ids.position_id)
        self._measure()
        if not self.partner_id:
            raise UserError(self.env._("%s: say who the assignee is.", self.name))
        if not 0 < self.price <= self.amount:
            raise UserError(
                self.env._(
                    "%(name)s: the price is more than nothing, at most %(amount)s.",
                    name=self.name,
                    amount=format_amount(self.env, self.amount, self.currency_id),
                )
            )
        self._share_price()
        lines = self.line_ids
        self.env["creditbox.item"]._exclude(lines.move_line_id, "cession")
        self.write(
            {
                "state": "assigned",
                "date_assigned": self.company_id._creditbox_today(),
                "last_line": self._last("account_move_line"),
            }
        )
        lines.write(
            {"state": "assigned", "last_match": self._last("account_partial_reconcile")}
        )
        if self.kind == "without":
            self._close_bills()
        self._log_on_customers(
            lines,
            lambda amount: self.env._(
                "Assigned to %(assignee)s by %(name)s: %(amount)s",
                assignee=self.partner_id.name,
                name=self.name,
                amount=amount,
            ),
        )

    def _measure(self):
        """Write what is open of the chosen bills now; what is paid goes out."""
        paid = self.line_ids.filtered(lambda line: line.move_line_id.reconciled)
        paid.unlink()
        for line in self.line_ids:
            line.amount = line.move_line_id.amount_residual
        self.invalidate_recordset(["amount"])

    def _share_price(self):
        lines = self.line_ids
        for line, share in zip(
            lines, self._shares(self.price, lines.mapped("amount")), strict=True
        ):
            line.price = share

    def _shares(self, price, amounts):
        """To the cent: what is rounded away on one bill is the next one's.

        :param amounts: list of float, what is open of each bill
        :return: list of float, whose sum is the price
        """
        rounded = self.currency_id.round
        owed, given, shares, total = 0, 0, [], sum(amounts)
        for amount in amounts:
            owed += amount
            upto = rounded(price * owed / total)
            shares.append(rounded(upto - given))
            given = upto
        return shares

    def _last(self, table):
        """:return: int, the highest id of a table so far"""
        [(last,)] = self.env.execute_query(
            SQL("SELECT COALESCE(MAX(id), 0) FROM %s", SQL.identifier(table))
        )
        return last

    def _log_on_customers(self, lines, text):
        """:param text: function of an amount as text, what the chatters say"""
        groups = lines.grouped("partner_id")
        self.env["res.partner"].union(*groups)._message_log_batch(
            bodies={
                partner.id: text(
                    format_amount(self.env, sum(own.mapped("amount")), self.currency_id)
                )
                for partner, own in groups.items()
            }
        )

    def action_cancel(self):
        """It does not come to anything."""
        self._require("creditbox_base.group_supervisor")
        self._check_state("draft")
        self.sudo().state = "cancelled"

    def action_close(self):
        """Nothing more is expected: neither returns nor payments.

        :raises UserError: something is still to be turned over
        """
        self._require("creditbox_base.group_supervisor")
        self._check_state("assigned")
        if waiting := self.filtered("amount_to_turn_over"):
            raise UserError(
                self.env._(
                    "Something is still to be turned over: %s",
                    ", ".join(waiting.mapped("name")),
                )
            )
        self.sudo().state = "closed"

    # ------------------------------------------------------------------
    # bills that come back
    # ------------------------------------------------------------------
    def _take_back(self, lines, reason):
        """The assignee gives bills back: they go on in the action table.

        :param lines: creditbox.cession.line of this assignment
        """
        self.ensure_one()
        self.env["creditbox.evaluation"]._lock_positions(lines.position_id)
        if self.kind == "without":
            self._reopen_bills(lines)
        lines.write(
            {
                "state": "returned",
                "date_returned": self.company_id._creditbox_today(),
                "return_reason": reason,
            }
        )
        self.env["creditbox.item"]._include(lines.move_line_id, "cession")
        self._log_on_customers(
            lines,
            lambda amount: self.env._(
                "Taken back from %(assignee)s (%(name)s): %(amount)s. %(reason)s",
                assignee=self.partner_id.name,
                name=self.name,
                amount=amount,
                reason=reason,
            ),
        )
        self._message_log(
            body=self.env._(
                "%(count)s bills taken back: %(reason)s",
                count=len(lines),
                reason=reason,
            )
        )

    # ------------------------------------------------------------------
    # what debtors pay to the company
    # ------------------------------------------------------------------
    def _ask_to_turn_over(self):
        """One activity an assignment, whatever the number of payments."""
        if not self.activity_ids.filtered("automated"):
            self.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=(self.user_id or self.env.ref("base.user_admin")).id,
                date_deadline=self.company_id._creditbox_today(),
                summary=self.env._(
                    "Debtors have paid us: turn it over to the assignee"
                ),
                automated=True,
            )

    def _ask_back(self, receipts):
        self.activity_schedule(
            "mail.mail_activity_data_warning",
            user_id=(self.user_id or self.env.ref("base.user_admin")).id,
            date_deadline=self.company_id._creditbox_today(),
            summary=self.env._(
                "%s turned over, but the payments were taken back",
                format_amount(
                    self.env, sum(receipts.mapped("amount")), self.currency_id
                ),
            ),
        )
