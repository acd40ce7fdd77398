from odoo import models
from odoo.tools import SQL


class CreditboxEvaluation(models.AbstractModel):
    """Point 8: what turns a proposal into an exception, or takes another channel."""

    _inherit = "creditbox.evaluation"

    def _guard_proposals(self, run):
        """Mark the proposals that cannot be carried out as they are; one cause each."""
        self._guard_channel(run)
        if "technical" in run.rule_set_id.rule_ids.mapped("code"):
            self._guard_supply(run)
        self._guard_law(run)
        self.env.cr.execute(
            SQL(
                """
                UPDATE creditbox_tmp_proposal t
                   SET exception = 'no_channel'
                 WHERE t.exception IS NULL AND NOT (%s)
                """,
                self._sql_available(run, SQL("t.code")),
            )
        )

    def _guard_supply(self, run):
        """What forbids the technical office to touch the supply."""
        for exception, condition in self._guards_of_supply(run):
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
                       AND t.code = 'technical' AND (%(condition)s)
                    """,
                    exception=exception,
                    condition=condition,
                )
            )

    def _guards_of_supply(self, run):
        """:return: [(exception, SQL condition on t, p, s, m, mt)], first one wins"""
        return [
            (
                "protected",
                SQL(
                    "s.protected_until >= %s AND NOT (%s)",
                    run.as_of,
                    self._sql_reaches_protected(run),
                ),
            ),
            (
                "not_suspendable",
                SQL("NOT COALESCE(mt.suspendable OR mt.removable, FALSE)"),
            ),
        ]

    def _guard_channel(self, run):
        """Use the row's fallback channel where its own cannot reach the customer.

        It cannot without an address, in a company that does not have it, and where it
        has failed to deliver this very communication: that is not tried again by
        itself.
        """
        reachable = self._sql_reachable()

        def usable(code):
            return SQL("%s AND %s", self._sql_available(run, code), reachable(code))

        failed = self._sql_failed_before(SQL("t.rule_code"))
        self.env.cr.execute(
            SQL(
                """
                UPDATE creditbox_tmp_proposal t
                   SET code = CASE WHEN %(fallback)s THEN t.fallback_code
                                   ELSE t.code END,
                       exception = CASE WHEN %(fallback)s THEN NULL
                                        WHEN NOT %(has_address)s THEN 'no_address'
                                        WHEN %(failed)s THEN 'not_delivered' END
                  FROM res_partner c
                 WHERE c.id = t.partner_id
                   AND (NOT (%(usable)s) OR %(failed)s)
                """,
                fallback=SQL(
                    "(t.fallback_code IS NOT NULL AND %s AND NOT %s)",
                    usable(SQL("t.fallback_code")),
                    self._sql_failed_before(SQL("t.fallback_code")),
                ),
                has_address=reachable(SQL("t.rule_code")),
                usable=usable(SQL("t.rule_code")),
                failed=failed,
            )
        )

    def _sql_available(self, run, code):
        """SQL condition «the company can carry out ``code``»."""
        codes = self.env["creditbox.channel"]._available_codes(run.company_id)
        return SQL("%s = ANY(%s)", code, codes)

    def _sql_failed_before(self, code):
        """SQL condition «``code`` has not reached the customer for these bills».

        Another address is another try.
        """
        return SQL(
            """
            (t.position_id IN (
                SELECT position_id FROM creditbox_action WHERE unreachable)
             AND EXISTS (
                SELECT FROM creditbox_action a
                  JOIN creditbox_action_line l ON l.action_id = a.id
                  JOIN creditbox_tmp_ripe i ON i.item_id = l.item_id
                 WHERE a.unreachable AND a.position_id = t.position_id
                   AND a.step = t.step AND a.code = %(code)s
                   AND CASE
                       WHEN a.code IN ('letter', 'registered')
                       THEN a.postal_address = %(postal)s
                       ELSE strpos(lower(a.recipient), CASE a.code
                            WHEN 'pec' THEN %(pec)s WHEN 'sms' THEN %(mobile)s
                            ELSE c.email_normalized END) > 0
                       END))
            """,
            code=code,
            pec=self.env["creditbox.channel"]._sql_pec(),
            mobile=self.env["creditbox.channel"]._sql_mobile(),
            postal=self.env["creditbox.channel"]._sql_postal(),
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
