from odoo import api, fields, models
from odoo.tools import SQL

from .loose_many2one import LooseMany2one


class CreditboxItem(models.Model):
    """Dunning state of one overdue receivable line.

    Rows are made and moved forward by SQL (``creditbox.evaluation``): a company
    has a million of them, so the table keeps just what it needs.
    """

    _name = "creditbox.item"
    _description = "Dunning Item"
    _order = "next_date, id"
    _rec_name = "move_line_id"
    _log_access = False  # its actions tell who did what, and when

    move_line_id = LooseMany2one("account.move.line", required=True, readonly=True)
    position_id = LooseMany2one(
        "creditbox.position", required=True, index=True, readonly=True
    )
    company_id = LooseMany2one("res.company", required=True, readonly=True)
    step = fields.Integer(default=0, readonly=True)
    last_action_id = LooseMany2one("creditbox.action", readonly=True)
    last_action_date = fields.Date(readonly=True)
    next_rule_id = LooseMany2one("creditbox.rule", readonly=True)
    next_date = fields.Date(readonly=True)
    exclusion = fields.Selection(
        [
            ("plan", "Repayment plan"),
            ("agency", "With an agency"),
            ("litigation", "In litigation"),
            ("writeoff", "Proposed for write-off"),
        ],
        readonly=True,
        help="Takes no part in the action table while this is set.",
    )
    partner_id = fields.Many2one(related="position_id.partner_id")
    supply_id = fields.Many2one(related="position_id.supply_id")
    move_id = fields.Many2one(related="move_line_id.move_id", string="Bill")
    date_due = fields.Date(related="move_line_id.date_maturity")
    amount_residual = fields.Monetary(
        related="move_line_id.amount_residual", currency_field="currency_id"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    line_ids = fields.One2many("creditbox.action.line", "item_id", readonly=True)

    _move_line_uniq = models.Constraint(
        "UNIQUE(move_line_id)", "A receivable line has one dunning state."
    )
    _order_idx = models.Index("(next_date, id)")

    @api.depends("move_line_id", "step")
    def _compute_display_name(self):
        for item in self:
            name = item.move_id.creditbox_ref or item.move_id.name
            item.display_name = f"{name} ({item.step})"

    def write(self, vals):
        self.env["creditbox.former"]._keep(self, ("exclusion",), vals)
        return super().write(vals)

    def _date_due(self):
        """:return: datetime.date, as the evaluation reads it"""
        self.ensure_one()
        return self.move_line_id.date_maturity or self.move_line_id.date

    @api.model
    def _follow_bills(self, partner_ids):
        """Take the items along whose bill has moved to another position.

        :param partner_ids: ids of the customers to look at, before and after
        """
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """
                WITH moved AS MATERIALIZED (
                    SELECT i.id, i.position_id, move.company_id,
                           move.commercial_partner_id, move.creditbox_supply_id
                      FROM creditbox_item i
                      JOIN account_move_line line ON line.id = i.move_line_id
                      JOIN account_move move ON move.id = line.move_id
                     WHERE i.position_id IN (
                           SELECT id FROM creditbox_position WHERE partner_id = ANY(%s))
                )
                UPDATE creditbox_item i
                   SET position_id = p.id
                  FROM moved
                  JOIN creditbox_position p
                    ON p.company_id = moved.company_id
                   AND p.partner_id = moved.commercial_partner_id
                   AND COALESCE(p.supply_id, 0)
                       = COALESCE(moved.creditbox_supply_id, 0)
                 WHERE i.id = moved.id AND p.id <> moved.position_id
                """,
                list(partner_ids),
            )
        )
        if self.env.cr.rowcount:
            self.invalidate_model(["position_id"])

    # ------------------------------------------------------------------
    # steps: by actions only, in the transaction that hands over
    # ------------------------------------------------------------------
    @api.model
    def _advance(self, actions, day):
        """Set the bills of ``actions`` on the steps that these have carried out.

        :param day: datetime.date of handing over
        :raises psycopg2.errors.UniqueViolation: a row done twice for a bill
        """
        self._write_pending(actions)
        params = {"actions": tuple(actions.ids), "day": day}
        self.env.cr.execute(
            SQL(
                """
                UPDATE creditbox_action_line
                   SET executed = TRUE
                 WHERE action_id IN %(actions)s
                """,
                **params,
            )
        )
        self.env.cr.execute(
            SQL(
                """
                UPDATE creditbox_item i
                   SET step = a.step, last_action_id = a.id,
                       last_action_date = %(day)s,
                       next_rule_id = NULL, next_date = NULL
                  FROM creditbox_action_line l
                  JOIN creditbox_action a ON a.id = l.action_id
                 WHERE l.item_id = i.id AND a.id IN %(actions)s
                """,
                **params,
            )
        )
        self._forget_cache()

    @api.model
    def _give_back(self, actions):
        """Put the bills back where the actions that still count have brought them.

        Not where they stood before: what had been done then may have failed since.
        """
        self._write_pending(actions)
        self.env.cr.execute(
            SQL(
                """
                WITH back AS (
                    UPDATE creditbox_action_line SET executed = FALSE
                     WHERE executed AND action_id IN %(actions)s
                 RETURNING item_id
                )
                UPDATE creditbox_item i
                   SET step = COALESCE(last.step, 0), last_action_id = last.id,
                       last_action_date = last.date_done
                  FROM (SELECT DISTINCT item_id FROM back) AS back
                  LEFT JOIN LATERAL (
                    SELECT a.id, a.step, a.date_done
                      FROM creditbox_action_line l
                      JOIN creditbox_action a ON a.id = l.action_id
                     WHERE l.item_id = back.item_id AND l.executed
                       AND l.action_id NOT IN %(actions)s
                     ORDER BY a.step DESC, a.id DESC
                     LIMIT 1
                  ) AS last ON TRUE
                 WHERE i.id = back.item_id
                """,
                actions=tuple(actions.ids),
            )
        )
        self._forget_cache()

    def _write_pending(self, actions):
        actions.flush_recordset()
        actions.line_ids.flush_recordset()
        self.flush_model()

    def _forget_cache(self):
        self.env["creditbox.action.line"].invalidate_model()
        self.invalidate_model()
