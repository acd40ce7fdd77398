from odoo import models
from odoo.tools import SQL


class CreditboxPrescription(models.Model):
    """Who agrees to a plan acknowledges the debt: prescription starts anew."""

    _inherit = "creditbox.prescription"

    def _sql_acts(self):
        """The last act of the two kinds (c.c. art. 2943 and 2944)."""
        return SQL(
            """
            SELECT id, date_proof
              FROM ((%(notices)s) UNION ALL (
                    SELECT NULL::int AS id, plan.date_start AS date_proof
                      FROM creditbox_plan_bill AS part
                      JOIN creditbox_plan AS plan ON plan.id = part.plan_id
                     WHERE part.move_line_id = bill.line_id
                       AND plan.date_start IS NOT NULL
                       AND plan.state <> 'cancelled'
                     ORDER BY plan.date_start DESC
                     LIMIT 1)) AS act
             ORDER BY date_proof DESC
             LIMIT 1
            """,
            notices=super()._sql_acts(),
        )
