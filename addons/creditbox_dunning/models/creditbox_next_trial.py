from odoo import api, models
from odoo.tools import SQL

from .creditbox_trial import Trial

# positions from which the whole company is looked at instead
WHOLE_COMPANY = 20_000


class CreditboxNextTrial(models.AbstractModel):
    """What comes next for the bills of some positions: the evaluation up to the day on
    which a bill is ripe, without proposals."""

    _name = "creditbox.next.trial"
    _inherit = "creditbox.trial"
    _description = "Next Row of Bills"

    @api.model
    def _foretell(self, positions):
        """Write the next row and its day on the bills of ``positions``.

        By the table in force, as of today; as many statements for a thousand positions
        as for one.
        """
        for company, group in positions.grouped("company_id").items():
            table = self.env["creditbox.rule.set"]._published(company)
            if table:
                looking = self.with_context(creditbox_customers=self._customers(group))
                looking._foretell_in(
                    Trial(company, table, company._creditbox_today()), group
                )

    def _customers(self, positions):
        """:return: ids of whose bills are read, as credits cover all of a customer's"""
        if len(positions) <= WHOLE_COMPANY:
            return tuple(positions.partner_id.ids)
        return None

    def _foretell_in(self, run, positions):
        self.env.flush_all()
        self._gather(run)
        self._fill_positions(run)
        self._fill_classes()
        self._fill_decisions(run)
        self._fill_ripe(run)
        self.env.cr.execute(
            SQL(
                """
                UPDATE creditbox_item i
                   SET next_rule_id = t.rule_id, next_date = t.ripe_date
                  FROM creditbox_item own
                  LEFT JOIN creditbox_tmp_ripe t ON t.item_id = own.id
                 WHERE own.id = i.id AND own.position_id = ANY(%s)
                   AND (i.next_rule_id, i.next_date) IS DISTINCT FROM
                       (t.rule_id, t.ripe_date)
                """,
                positions.ids,
            )
        )
        self._clean_up()

    def _fill_lines(self, run):
        self._make_scratch(
            "creditbox_tmp_line",
            self._sql_lines(
                run.company_id, run.as_of, self.env.context["creditbox_customers"]
            ),
        )

    def _miss_positions(self):
        return []  # a bill without a position has no state to be written either
