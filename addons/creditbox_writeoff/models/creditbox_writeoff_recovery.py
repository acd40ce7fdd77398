from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class CreditboxWriteoff(models.Model):
    """Money that arrives after all: the debt revives as far as it is paid."""

    _inherit = "creditbox.writeoff"

    amount_arrived = fields.Monetary(
        string="Money that has arrived",
        compute="_compute_amount_arrived",
        help="Open credit of the position, as far as it was written off.",
    )

    def _compute_amount_arrived(self):
        posted = self.filtered(lambda request: request.state == "posted")
        (self - posted).amount_arrived = 0
        credits = posted._credit_lines()
        for request in posted:
            left = request.amount_written - request.amount_recovered
            arrived = -sum(credits[request].mapped("amount_residual"))
            request.amount_arrived = max(min(left, arrived), 0)

    @api.model
    def _tell_arrivals(self, partner_ids):
        """An operator looks at money of customers whose debt was written off."""
        posted = self.search(
            [("partner_id", "in", partner_ids), ("state", "=", "posted")]
        )
        posted.invalidate_recordset(["amount_arrived"])
        for request in posted.filtered("amount_arrived"):
            if not request.activity_ids.filtered("automated"):
                request.activity_schedule(
                    "mail.mail_activity_data_todo",
                    user_id=(request.approved_by_id or request.user_id).id,
                    summary=self.env._("Money has arrived after the write-off"),
                    automated=True,
                )

    def action_recover(self):
        """Take the open credit of the position as payment of what was written off.

        :raises UserError: no money has arrived
        """
        self._require("creditbox_base.group_supervisor")
        self._check_state("posted")
        for request in self.sudo():  # the button has asked who
            request.with_company(request.company_id)._recover()

    def _recover(self):
        company = self.company_id
        self.env["creditbox.evaluation"]._lock_positions(self.position_id)
        self.invalidate_recordset(["amount_arrived"])
        amount = self.amount_arrived
        if not amount:
            raise UserError(self.env._("%s: no money has arrived.", self.name))
        company._creditbox_prepare_writeoffs()
        credits = self._credit_lines()[self]
        move = self._make_recovery(company, amount, credits[:1].account_id)
        (credits | move.line_ids.filtered("debit")).reconcile()
        self.amount_recovered += amount
        if (
            self.currency_id.compare_amounts(self.amount_recovered, self.amount_written)
            >= 0
        ):
            self.state = "recovered"
        self._message_log(body=self.env._("Recovered: %s", move.name))
        self.activity_ids.filtered("automated").action_done()

    def _make_recovery(self, company, amount, receivable):
        label = self.env._("Recovery of %s", self.name)
        common = {"name": label, "partner_id": self.partner_id.id}
        revived = {**common, "account_id": receivable.id, "debit": amount}
        income = {
            **common,
            "account_id": company.creditbox_recovery_account_id.id,
            "credit": amount,
        }
        move = self.env["account.move"].create(
            {
                "move_type": "entry",
                "company_id": company.id,
                "journal_id": company.creditbox_writeoff_journal_id.id,
                "creditbox_supply_id": self.supply_id.id,
                "creditbox_writeoff_id": self.id,
                "date": company._creditbox_today(),
                "ref": label,
                "line_ids": [Command.create(values) for values in (revived, income)],
            }
        )
        move._post(soft=False)
        return move
