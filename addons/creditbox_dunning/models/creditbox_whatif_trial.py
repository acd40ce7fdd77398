from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from .creditbox_action_postal import POSTAL_CODES
from .creditbox_trial import DECIDED, Trial

# letters of the past that tell how many pages one has
LOTS_LOOKED_AT = 20
LETTERS_LOOKED_AT = 100


class CreditboxWhatifTrial(models.AbstractModel):
    """Two tables on the same bills of a company at the same date, compared by SQL."""

    _name = "creditbox.whatif.trial"
    _inherit = "creditbox.trial"
    _description = "Trial of Two Action Tables"

    def _try(self, part):
        """Fill the what-if with what its two tables give in one company.

        :param part: creditbox.whatif.company
        :return: {"position_count", "bill_count", "amount": what was looked at}
        """
        whatif, company = part.whatif_id, part.company_id
        before, after = (
            Trial(company, table, whatif.as_of)
            for table in (whatif.baseline_id, whatif.rule_set_id)
        )
        with self._on_day_of(after) as reading:
            reading._gather(after)
            reading._decide(before)
            self._make_scratch(
                "creditbox_tmp_before", SQL("SELECT * FROM creditbox_tmp_proposal")
            )
            self._drop_scratch(DECIDED)
            reading._decide(after)
        self._compare(whatif, company)
        self._save_changes(whatif, company)
        self._save_positions(company)
        looked_at = self._looked_at()
        self._clean_up()
        return looked_at

    def _states_under_way(self):
        """What nobody has approved yet is proposed anew by either table."""
        return tuple(
            state for state in super()._states_under_way() if state != "to_approve"
        )

    def _scratch_tables(self):
        own = ("creditbox_tmp_before", "creditbox_tmp_compared", "creditbox_tmp_change")
        return (*super()._scratch_tables(), *own)

    def _looked_at(self):
        [row] = self.env.execute_query_dict(
            SQL(
                """
                SELECT COUNT(*) AS bill_count, COALESCE(SUM(amount_open), 0) AS amount,
                       COUNT(DISTINCT position_id) AS position_count
                  FROM creditbox_tmp_item
                """
            )
        )
        return {**row, "amount": float(row["amount"])}

    # ------------------------------------------------------------------
    # position by position
    # ------------------------------------------------------------------
    def _compare(self, whatif, company):
        """Each position with what either table does to it.

        An exception is no action: somebody would have to solve it first. The same: the
        same row, or its copy, by the same channel for the same amount.
        """
        self._make_scratch(
            "creditbox_tmp_compared",
            SQL(
                """
                WITH twin (after_id, before_id) AS (VALUES %(twins)s),
                price (code, cost) AS (VALUES %(prices)s),
                pair AS (
                    SELECT position_id,
                           b.rule_id AS rule_before_id, a.rule_id AS rule_after_id,
                           b.code AS code_before, a.code AS code_after,
                           b.exception AS exception_before,
                           a.exception AS exception_after,
                           COALESCE(b.amount, 0) AS amount_before,
                           COALESCE(a.amount, 0) AS amount_after,
                           COALESCE(price_b.cost, 0) AS cost_before,
                           COALESCE(price_a.cost, 0) AS cost_after,
                           COALESCE(b.exception IS NULL AND b.rule_id IS NOT NULL,
                                    FALSE) AS goes_before,
                           COALESCE(a.exception IS NULL AND a.rule_id IS NOT NULL,
                                    FALSE) AS goes_after,
                           twin.before_id AS twin_id
                      FROM creditbox_tmp_before b
                      FULL JOIN creditbox_tmp_proposal a USING (position_id)
                      LEFT JOIN twin ON twin.after_id = a.rule_id
                      LEFT JOIN price price_b ON price_b.code = b.code
                      LEFT JOIN price price_a ON price_a.code = a.code
                )
                SELECT pair.*,
                       CASE WHEN goes_before AND goes_after THEN
                                 CASE WHEN rule_before_id = COALESCE(twin_id, 0)
                                       AND code_before = code_after
                                       AND amount_before = amount_after
                                      THEN 'same' ELSE 'changed' END
                            WHEN goes_after THEN 'added'
                            WHEN goes_before THEN 'removed'
                            ELSE 'held' END AS kind
                  FROM pair
                """,
                twins=SQL(", ").join(self._sql_twins(whatif)),
                prices=SQL(", ").join(self._sql_prices(company)),
            ),
        )

    def _sql_twins(self, whatif):
        """Yield which row after was which row before."""
        yield SQL("(0, NULL::integer)")  # types; no row has it
        before = whatif.baseline_id.rule_ids
        for new, old in whatif.rule_set_id.rule_ids._twins(before).items():
            yield SQL("(%s, %s)", new.id, old.id)

    def _sql_prices(self, company):
        """Yield what a letter costs at the post, by code."""
        provider = self.env["creditbox.provider"]._of_company(
            "postal", company, Domain.TRUE
        )
        pages = self._usual_pages(company)
        yield SQL("(''::varchar, 0::numeric)")  # types; no action has it
        for code in POSTAL_CODES:
            cost = provider._postal_cost(code, pages.get(code, 1)) if provider else 0
            yield SQL("(%s::varchar, %s::numeric)", code, cost)

    def _usual_pages(self, company):
        """:return: {code: pages that a letter of it has had of late}"""
        return dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT letter.code, round(avg(letter.pages))::integer
                      FROM (SELECT id FROM creditbox_letter_lot
                             WHERE company_id = %(company)s
                             ORDER BY id DESC LIMIT %(lots)s) AS lot
                     CROSS JOIN LATERAL (
                        SELECT code, letter_page_count AS pages FROM creditbox_action
                         WHERE letter_lot_id = lot.id AND letter_page_count > 0
                         LIMIT %(letters)s) AS letter
                     GROUP BY letter.code
                    """,
                    company=company.id,
                    lots=LOTS_LOOKED_AT,
                    letters=LETTERS_LOOKED_AT,
                )
            )
        )

    # ------------------------------------------------------------------
    # what is kept
    # ------------------------------------------------------------------
    def _save_changes(self, whatif, company):
        """One row for all positions to which the same happens."""
        same = SQL(
            "kind, rule_before_id, rule_after_id, twin_id, code_before, code_after,"
            " exception_before, exception_after"
        )
        self._make_scratch(
            "creditbox_tmp_change",
            SQL(
                """
                SELECT nextval('creditbox_whatif_change_id_seq')::integer AS change_id,
                       g.*
                  FROM (
                    SELECT %(same)s,
                           COUNT(*) AS position_count,
                           SUM(amount_before) AS amount_before,
                           SUM(amount_after) AS amount_after,
                           SUM(cost_before) AS cost_before,
                           SUM(cost_after) AS cost_after
                      FROM creditbox_tmp_compared
                     GROUP BY %(same)s
                     ORDER BY COUNT(*) DESC) g
                """,
                same=same,
            ),
        )
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO creditbox_whatif_change (
                    id, whatif_id, company_id, %(same)s, position_count, amount_before,
                    amount_after, cost_before, cost_after)
                SELECT change_id, %(whatif)s, %(company)s, %(same)s, position_count,
                       amount_before, amount_after, cost_before, cost_after
                  FROM creditbox_tmp_change
                """,
                same=same,
                whatif=whatif.id,
                company=company.id,
            )
        )

    def _save_positions(self, company):
        """The positions behind each change, the largest amounts first."""
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO creditbox_whatif_position (
                    change_id, company_id, position_id, amount_before, amount_after)
                SELECT change_id, %s, p.position_id, p.amount_before, p.amount_after
                  FROM creditbox_tmp_compared p
                  JOIN creditbox_tmp_change c
                    ON (c.kind, c.exception_before, c.exception_after)
                       IS NOT DISTINCT FROM
                       (p.kind, p.exception_before, p.exception_after)
                   AND COALESCE(c.rule_before_id, 0) = COALESCE(p.rule_before_id, 0)
                   AND COALESCE(c.rule_after_id, 0) = COALESCE(p.rule_after_id, 0)
                   AND COALESCE(c.code_before, '') = COALESCE(p.code_before, '')
                   AND COALESCE(c.code_after, '') = COALESCE(p.code_after, '')
                 ORDER BY change_id, GREATEST(p.amount_before, p.amount_after) DESC
                """,
                company.id,
            )
        )
        self._analyze("creditbox_whatif_position", self.env.cr.rowcount)
