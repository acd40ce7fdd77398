from odoo import models
from odoo.tools import SQL


class CreditboxEvaluation(models.AbstractModel):
    """A position with an open case takes no other step."""

    _inherit = "creditbox.evaluation"

    def _fill_busy(self, run):
        res = super()._fill_busy(run)
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO creditbox_tmp_busy (position_id, left_out)
                SELECT DISTINCT l.position_id, FALSE
                  FROM creditbox_case_line l
                  JOIN creditbox_case c ON c.id = l.case_id
                 WHERE c.company_id = %(company)s AND c.date_open <= %(as_of)s
                   AND (c.date_closed IS NULL OR c.date_closed > %(as_of)s)
                """,
                company=run.company_id.id,
                as_of=run.as_of,
            )
        )
        return res
