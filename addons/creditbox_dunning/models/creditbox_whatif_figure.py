from odoo import fields, models
from odoo.tools import SQL


class CreditboxWhatifFigure(models.AbstractModel):
    """The figures of a what-if side by side, by something.

    A view: each change counts once for what it was and once for what it becomes. Of the
    companies that the user has chosen only.
    """

    _name = "creditbox.whatif.figure"
    _description = "What If? Figure"
    _auto = False

    whatif_id = fields.Many2one("creditbox.whatif", readonly=True)
    action_before = fields.Integer(string="Actions before", readonly=True)
    action_after = fields.Integer(string="Actions after", readonly=True)
    action_more = fields.Integer(string="Difference", readonly=True)
    exception_before = fields.Integer(string="Exceptions before", readonly=True)
    exception_after = fields.Integer(string="Exceptions after", readonly=True)
    amount_before = fields.Monetary(string="Money before", readonly=True)
    amount_after = fields.Monetary(string="Money after", readonly=True)
    cost_before = fields.Monetary(string="Letters before", readonly=True)
    cost_after = fields.Monetary(string="Letters after", readonly=True)
    currency_id = fields.Many2one(related="whatif_id.currency_id")

    def _sql_by(self):
        """:return: SQL of (expression to group the halves by, further columns)"""
        raise NotImplementedError

    @property
    def _table_query(self):
        key, columns = self._sql_by()
        return SQL(
            """
            WITH half AS (
                SELECT 2 * id AS id, whatif_id, TRUE AS is_before,
                       rule_before_id AS rule_id, rule_before_id AS row_id,
                       code_before AS code, exception_before AS exception,
                       position_count, amount_before AS amount, cost_before AS cost
                  FROM creditbox_whatif_change
                 WHERE company_id = ANY(%(companies)s) AND rule_before_id IS NOT NULL
                 UNION ALL
                SELECT 2 * id + 1, whatif_id, FALSE,
                       rule_after_id, COALESCE(twin_id, rule_after_id),
                       code_after, exception_after,
                       position_count, amount_after, cost_after
                  FROM creditbox_whatif_change
                 WHERE company_id = ANY(%(companies)s) AND rule_after_id IS NOT NULL
            ), figure AS (
                SELECT MIN(id)::integer AS id, whatif_id, %(key)s %(columns)s,
                       %(sums)s
                  FROM half
                 GROUP BY whatif_id, %(key)s
            )
            SELECT figure.*, action_after - action_before AS action_more FROM figure
            """,
            companies=self.env.companies.ids,
            key=key,
            columns=columns,
            sums=SQL(", ").join(self._sql_sums()),
        )

    def _sql_sums(self):
        """Yield the figures; what is held back is no action."""
        for side, is_side in (("before", "is_before"), ("after", "NOT is_before")):
            side_only = SQL(is_side)
            goes = SQL("%s AND exception IS NULL", side_only)
            for name, value, where in (
                ("action", "position_count", goes),
                (
                    "exception",
                    "position_count",
                    SQL("%s AND exception <> ''", side_only),
                ),
                ("amount", "amount", goes),
                ("cost", "cost", goes),
            ):
                yield SQL(
                    "COALESCE(SUM(%s) FILTER (WHERE %s), 0) AS %s",
                    SQL.identifier(value),
                    where,
                    SQL.identifier(f"{name}_{side}"),
                )

    def _domain_side(self, side):
        """:return: domain of the what-if's positions behind the figures of a side"""
        raise NotImplementedError

    def action_open_before(self):
        """:return: window action of the positions on which the table before acts"""
        self.ensure_one()
        return self.whatif_id._window_positions(self._domain_side("before"))

    def action_open_after(self):
        """:return: window action of the positions on which the table tried acts"""
        self.ensure_one()
        return self.whatif_id._window_positions(self._domain_side("after"))
