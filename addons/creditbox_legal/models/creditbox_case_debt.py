from odoo import api, models
from odoo.tools import SQL, format_amount

from .creditbox_case import OPEN_STATES


class CreditboxCase(models.Model):
    """Payments reach the case, and whoever has it, in their own transaction."""

    _inherit = "creditbox.case"

    @api.model
    def _follow_debt(self, partner_ids):
        """Note what has been collected, or taken back, on the cases of customers.

        As often as you like: a matching in the accounts is noted once.

        :param partner_ids: ids of customers whose debt has changed
        """
        touched = self.search([("partner_id", "in", list(partner_ids))])
        if not touched:
            return
        self.env.flush_all()
        changed = touched._note_collections() | touched._note_reversals()
        touched._sum_up()
        live = changed.filtered(lambda case: case.state in OPEN_STATES)
        paid = live.filtered(
            lambda case: case.currency_id.compare_amounts(case.amount_due, 0) <= 0
        )
        live._tell_payment()
        paid._close("paid", self.env._("Paid: nothing more is to be done"))

    def _tell_payment(self):
        """Something has been paid, or taken back. Whoever has the case is written to
        within minutes: see ``creditbox.case.collection``."""
        self._message_log_batch(bodies={case.id: case._payment_text() for case in self})

    def _payment_text(self):
        return self.env._(
            "Payment: %(amount)s collected so far, %(due)s still due",
            amount=format_amount(self.env, self.amount_collected, self.currency_id),
            due=format_amount(self.env, self.amount_due, self.currency_id),
        )

    def _note_collections(self):
        """An entry of a general journal is no money of the debtor, and earns no fee: an
        insurer's indemnity, a write-off, a plan.

        :return: the cases that something new has been collected on
        """
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT line.id AS line_id, part.id AS match_id, part.amount,
                       part.max_date AS date,
                       move.move_type = 'out_refund' OR journal.type = 'general'
                           AS is_credit
                  FROM creditbox_case_line line
                  JOIN account_partial_reconcile part
                    ON part.debit_move_id = line.move_line_id
                   AND part.id > line.last_match
                  JOIN account_move_line credit ON credit.id = part.credit_move_id
                  JOIN account_move move ON move.id = credit.move_id
                  JOIN account_journal journal ON journal.id = move.journal_id
                 WHERE line.live AND line.case_id = ANY(%s)
                   AND NOT EXISTS (
                       SELECT FROM creditbox_case_collection known
                        WHERE known.match_id = part.id)
                 ORDER BY part.id
                """,
                self.ids,
            )
        )
        collections = self.env["creditbox.case.collection"]._note(rows)
        return collections.case_id.with_env(self.env)

    def _note_reversals(self):
        """Payments that have been taken back: a cheque, a direct debit."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT k.id FROM creditbox_case_collection k
                  JOIN creditbox_case_line l ON l.id = k.line_id
                 WHERE l.case_id = ANY(%s) AND k.reversed IS NOT TRUE AND NOT EXISTS (
                       SELECT FROM account_partial_reconcile p WHERE p.id = k.match_id)
                """,
                self.ids,
            )
        )
        gone = self.env["creditbox.case.collection"].sudo().browse(i for (i,) in rows)
        gone.write({"reversed": True, "fee": 0})
        for case in gone.case_id.filtered(lambda case: case.state == "closed"):
            case._ask_again()
        return gone.case_id.with_env(self.env)

    def _ask_again(self):
        """A payment that had closed a case has been taken back."""
        user = self.user_id or self.env.ref("base.user_admin")
        self.activity_schedule(
            "mail.mail_activity_data_warning",
            date_deadline=self.company_id._creditbox_today(),
            summary=self.env._("A payment was taken back: open the case again?"),
            user_id=user.id,
        )

    def _sum_up(self):
        """Write what is due and collected now, by one statement."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE creditbox_case c
                   SET amount_due = CASE WHEN c.state = 'closed' THEN c.amount_due
                                    ELSE s.due END,
                       amount_collected = s.collected, amount_fees = s.fees
                  FROM (
                    SELECT l.case_id, SUM(m.amount_residual) AS due,
                           SUM(COALESCE(k.amount, 0)) AS collected,
                           SUM(COALESCE(k.fee, 0)) AS fees
                      FROM creditbox_case_line l
                      JOIN account_move_line m ON m.id = l.move_line_id
                      LEFT JOIN LATERAL (
                           SELECT SUM(amount) AS amount, SUM(fee) AS fee
                             FROM creditbox_case_collection k
                            WHERE k.line_id = l.id AND k.reversed IS NOT TRUE
                              AND k.is_credit IS NOT TRUE) k ON TRUE
                     WHERE l.case_id = ANY(%s)
                     GROUP BY l.case_id) s
                 WHERE c.id = s.case_id
                """,
                self.ids,
            )
        )
        self.invalidate_recordset(["amount_due", "amount_collected", "amount_fees"])
