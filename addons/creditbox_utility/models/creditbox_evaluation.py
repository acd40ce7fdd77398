from odoo import models
from odoo.tools import SQL


class CreditboxEvaluation(models.AbstractModel):
    """Orders by hand count in the legal chain, here as in creditbox.chain."""

    _inherit = "creditbox.evaluation"

    def _sql_steps_done(self, run):
        return SQL(
            """
            %s
             UNION ALL
            SELECT bill.action_id, bill.item_id,
                   CASE o.creditbox_operation
                        WHEN 'power_reduction' THEN 'limitation'
                        ELSE o.creditbox_operation END,
                   %s, NULL::date, NULL::date
              FROM bill
              JOIN creditbox_item i ON i.id = bill.item_id
              JOIN creditbox_order_move_line l ON l.move_line_id = i.move_line_id
              JOIN fsm_order o ON o.id = l.order_id
             WHERE o.creditbox_state = 'done' AND o.creditbox_legal
               AND o.creditbox_action_id IS NULL
            """,
            super()._sql_steps_done(run),
            SQL(
                "(COALESCE(o.creditbox_on_site_at, o.creditbox_closed_at)"
                " AT TIME ZONE 'UTC' AT TIME ZONE %s)::date",
                str(run.company_id._creditbox_zone()),
            ),
        )
