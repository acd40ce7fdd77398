from odoo import models
from odoo.tools import SQL


class CreditboxEvaluation(models.AbstractModel):
    """Point 8: what turns a proposal into an exception, or takes another channel."""

    _inherit = "creditbox.evaluation"

    def _guard_proposals(self, run):
        """Mark the proposals that cannot be carried out as they are."""
        self._guard_address()
        for exception, condition in self._guards(run):
            self.env.cr.execute(
                SQL(
                    """
                    UPDATE creditbox_tmp_proposal t
                       SET exception = %(exception)s
                      FROM creditbox_position p
                      LEFT JOIN creditbox_supply s ON s.id = p.supply_id
                      LEFT JOIN creditbox_meter m ON m.id = s.meter_id
                      LEFT JOIN creditbox_meter_type mt ON mt.id = m.meter_type_id
                     WHERE p.id = t.position_id AND t.exception IS NULL
                       AND (%(condition)s)
                    """,
                    exception=exception,
                    condition=condition,
                )
            )

    def _guards(self, run):
        """Return [(exception, SQL condition on t, p, s, m, mt)], first one wins."""
        available = tuple(self.env["creditbox.channel"]._channel_models())
        return [
            (
                "protected",
                SQL("t.code = 'technical' AND s.protected_until >= %s", run.as_of),
            ),
            (
                "not_suspendable",
                SQL(
                    "t.code = 'technical' AND"
                    " NOT COALESCE(mt.suspendable OR mt.removable, FALSE)"
                ),
            ),
            ("no_channel", SQL("t.code NOT IN %s", available)),
        ]

    def _guard_address(self):
        """Use the row's fallback channel where the customer has no address."""
        reachable = self._sql_reachable()
        self.env.cr.execute(
            SQL(
                """
                UPDATE creditbox_tmp_proposal t
                   SET code = CASE WHEN %(fallback)s THEN t.fallback_code
                                   ELSE t.code END,
                       exception = CASE WHEN %(fallback)s THEN NULL
                                        ELSE 'no_address' END
                  FROM res_partner c
                 WHERE c.id = t.partner_id AND NOT (%(rule_code)s)
                """,
                fallback=SQL(
                    "t.fallback_code IS NOT NULL AND (%s)",
                    reachable(SQL("t.fallback_code")),
                ),
                rule_code=reachable(SQL("t.rule_code")),
            )
        )

    def _sql_reachable(self):
        """Return a function: SQL code → SQL condition «customer c has an address»."""
        conditions = self.env["creditbox.channel"]._sql_address_conditions()

        def reachable(code):
            cases = SQL(" ").join(
                SQL("WHEN %s THEN COALESCE(%s, FALSE)", name, condition)
                for name, condition in conditions.items()
            )
            return SQL("CASE %s %s ELSE TRUE END", code, cases)

        return reachable
