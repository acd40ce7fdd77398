from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_amount


class CreditboxCessionReceipt(models.Model):
    """Money of an assigned bill that reached the company all the same.

    With recourse: a payment that was matched with the bill. Without recourse, the bill
    being closed: an open credit of the position that arrived afterwards; a person says
    whether it is the assignee's.
    """

    _name = "creditbox.cession.receipt"
    _description = "Received for an Assignee"
    _inherit = ["creditbox.guarded"]
    _order = "date desc, id desc"
    _rec_name = "credit_line_id"

    cession_id = fields.Many2one(
        "creditbox.cession",
        string="Assignment",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="cession_id.company_id", store=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    assignee_id = fields.Many2one(
        related="cession_id.partner_id", string="Assignee", store=True
    )
    kind = fields.Selection(related="cession_id.kind")
    line_id = fields.Many2one(
        "creditbox.cession.line",
        string="Bill",
        readonly=True,
        index="btree_not_null",
        help="With recourse: that it was matched with.",
    )
    position_id = fields.Many2one(
        "creditbox.position", required=True, readonly=True, index=True
    )
    partner_id = fields.Many2one(related="position_id.partner_id", store=True)
    credit_line_id = fields.Many2one(
        "account.move.line", required=True, readonly=True, index=True
    )
    move_id = fields.Many2one(related="credit_line_id.move_id", string="Payment")
    match_id = fields.Integer(string="Matching", readonly=True, aggregator=None)
    date = fields.Date(string="Received on", readonly=True)
    amount = fields.Monetary(readonly=True)
    state = fields.Selection(
        [
            ("received", "To turn over"),
            ("turned_over", "Turned over"),
            ("dismissed", "Not the assignee's"),
            ("taken_back", "Payment taken back"),
        ],
        required=True,
        readonly=True,
        default="received",
    )
    date_turned_over = fields.Date(string="Turned over on", readonly=True)
    turned_over_move_id = fields.Many2one(
        "account.move", string="Entry", readonly=True, index="btree_not_null"
    )

    _match_uniq = models.UniqueIndex(
        "(match_id) WHERE match_id IS NOT NULL AND match_id <> 0",
        "This is noted already.",
    )
    _credit_uniq = models.UniqueIndex(
        "(cession_id, position_id, credit_line_id) WHERE line_id IS NULL",
        "This is noted already.",
    )

    # ------------------------------------------------------------------
    # noted in the transaction of the payment
    # ------------------------------------------------------------------
    @api.model
    def _follow(self, partner_ids):
        """Note what has come in for assignees, or was taken back.

        :param partner_ids: ids of customers whose debt has changed
        """
        lines = self.env["creditbox.cession.line"].search(
            [
                ("partner_id", "in", list(partner_ids)),
                ("state", "=", "assigned"),
                ("cession_id.state", "=", "assigned"),
            ]
        )
        if not lines:
            return
        self.env.flush_all()
        self._note_taken_back(lines)
        rows = [*self._matched_rows(lines), *self._credit_rows(lines)]
        new = self.create(rows)
        for cession in new.cession_id:
            cession._ask_to_turn_over()

    def _matched_rows(self, lines):
        """:return: list of values: matchings with assigned bills, not noted yet"""
        return self.env.execute_query_dict(
            SQL(
                """
                SELECT line.cession_id, line.id AS line_id, line.position_id,
                       part.credit_move_id AS credit_line_id, part.id AS match_id,
                       part.max_date AS date, part.amount::float AS amount
                  FROM creditbox_cession_line AS line
                  JOIN creditbox_cession AS cession ON cession.id = line.cession_id
                  JOIN account_partial_reconcile AS part
                    ON part.debit_move_id = line.move_line_id
                   AND part.id > line.last_match
                 WHERE line.id = ANY(%s) AND cession.kind = 'with'
                   AND NOT EXISTS (
                       SELECT FROM creditbox_cession_receipt AS known
                        WHERE known.match_id = part.id)
                 ORDER BY part.id
                """,
                lines.ids,
            )
        )

    def _credit_rows(self, lines):
        """:return: list of values: open credits that came after bills were closed

        No more of a position than was assigned of it; the oldest first.
        """
        return self.env.execute_query_dict(
            SQL(
                """
                WITH assigned AS (
                    SELECT line.cession_id, line.position_id, line.company_id,
                           line.partner_id, position.supply_id, cession.last_line,
                           SUM(line.amount) - COALESCE((
                               SELECT SUM(known.amount)
                                 FROM creditbox_cession_receipt AS known
                                WHERE known.cession_id = line.cession_id
                                  AND known.position_id = line.position_id
                                  AND known.state IN ('received', 'turned_over')), 0)
                               AS nominal
                      FROM creditbox_cession_line AS line
                      JOIN creditbox_cession AS cession
                        ON cession.id = line.cession_id AND cession.kind = 'without'
                      JOIN creditbox_position AS position
                        ON position.id = line.position_id
                     WHERE line.id = ANY(%(lines)s)
                     GROUP BY line.cession_id, line.position_id, line.company_id,
                              line.partner_id, position.supply_id, cession.last_line
                ), credit AS (
                    SELECT assigned.*, item.id AS credit_line_id, item.date,
                           -item.amount_residual AS residual,
                           -SUM(item.amount_residual) OVER (
                               PARTITION BY assigned.cession_id, assigned.position_id
                               ORDER BY item.date, item.id) AS upto
                      FROM assigned
                      JOIN res_partner AS partner
                        ON partner.commercial_partner_id = assigned.partner_id
                      JOIN account_move_line AS item
                        ON item.partner_id = partner.id AND item.id > assigned.last_line
                       AND item.company_id = assigned.company_id
                       AND item.parent_state = 'posted'
                       AND item.amount_residual < 0
                       AND item.reconciled IS NOT TRUE
                      JOIN account_account AS account
                        ON account.id = item.account_id
                       AND account.account_type = 'asset_receivable'
                      JOIN account_move AS move
                        ON move.id = item.move_id
                       AND move.creditbox_cession_id IS NULL
                       AND (move.creditbox_supply_id IS NULL
                            OR move.creditbox_supply_id = assigned.supply_id)
                     WHERE NOT EXISTS (
                           SELECT FROM creditbox_cession_receipt AS known
                            WHERE known.credit_line_id = item.id
                              AND (known.cession_id = assigned.cession_id
                                   OR known.state <> 'dismissed'))
                )
                SELECT cession_id, position_id, credit_line_id, date,
                       (LEAST(upto, nominal) - LEAST(upto - residual, nominal))::float
                           AS amount
                  FROM credit
                 WHERE upto - residual < nominal
                 ORDER BY credit_line_id
                """,
                lines=lines.ids,
            )
        )

    def _note_taken_back(self, lines):
        """What was not money of theirs after all: a direct debit that came back, a
        credit that has paid another bill or is another supply's."""
        gone = self.env.execute_query(
            SQL(
                """
                SELECT receipt.id
                  FROM creditbox_cession_receipt AS receipt
                  JOIN creditbox_position AS position
                    ON position.id = receipt.position_id
                  JOIN account_move_line AS item ON item.id = receipt.credit_line_id
                  JOIN account_move AS move ON move.id = item.move_id
                 WHERE receipt.cession_id = ANY(%s)
                   AND receipt.position_id = ANY(%s)
                   AND CASE WHEN receipt.line_id IS NULL
                       THEN receipt.state = 'received'
                            AND (item.reconciled OR move.state <> 'posted'
                                 OR move.creditbox_supply_id <> position.supply_id)
                       ELSE receipt.state IN ('received', 'turned_over')
                            AND NOT EXISTS (
                                SELECT FROM account_partial_reconcile AS part
                                 WHERE part.id = receipt.match_id) END
                """,
                lines.cession_id.ids,
                lines.position_id.ids,
            )
        )
        receipts = self.browse(id_ for (id_,) in gone)
        told = receipts.filtered(lambda receipt: receipt.state == "turned_over")
        (receipts - told).unlink()  # nothing has been decided about them
        told.state = "taken_back"
        for cession, own in told.grouped("cession_id").items():
            cession._ask_back(own)

    # ------------------------------------------------------------------
    # buttons
    # ------------------------------------------------------------------
    def action_turn_over(self):
        """It goes to the assignee: booked, where the bill was closed for him.

        :raises UserError: it is decided already
        """
        self._require("creditbox_base.group_supervisor")
        self._check_received()
        receipts = self.sudo()  # the button has asked who
        for company, own in receipts.grouped("company_id").items():
            own.write(
                {
                    "state": "turned_over",
                    "date_turned_over": company._creditbox_today(),
                }
            )
        # decided above: _follow comes by when the credit is used
        for receipt in receipts.filtered(lambda receipt: not receipt.line_id):
            company = receipt.company_id
            company._creditbox_prepare_cessions()
            cession = receipt.cession_id.with_company(company)
            receipt.turned_over_move_id = cession._turn_over_credit(receipt)
        self._log_decision(self.env._("Turned over"))

    def action_dismiss(self):
        """It is not the assignee's: it pays something else.

        :raises UserError: it was matched with an assigned bill, or is decided already
        """
        self._require("creditbox_base.group_supervisor")
        self._check_received()
        if self.line_id:
            raise UserError(
                self.env._("What was matched with an assigned bill is the assignee's.")
            )
        self.sudo().state = "dismissed"
        self._log_decision(self.env._("Not the assignee's"))

    def _check_received(self):
        if self.filtered(lambda receipt: receipt.state != "received"):
            raise UserError(self.env._("This has been decided already."))

    def _log_decision(self, decision):
        for cession, own in self.grouped("cession_id").items():
            amount = sum(own.mapped("amount"))
            names = ", ".join(own.sudo().move_id.mapped("name"))
            cession._message_log(
                body=f"{decision}: "
                f"{format_amount(self.env, amount, cession.currency_id)} ({names})"
            )
            if not cession.amount_to_turn_over:
                cession.sudo().activity_ids.filtered("automated").action_done()
