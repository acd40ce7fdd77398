from odoo import models
from odoo.tools import SQL

from odoo.addons.creditbox_base.models.creditbox_past import MOMENT

from .creditbox_action import DONE_STATES


class CreditboxPast(models.AbstractModel):
    """What had been done, was under way, had been proved at a past moment."""

    _inherit = "creditbox.past"

    def _views(self):
        yield from super()._views()
        yield "creditbox_action", self._sql_actions()
        yield "creditbox_action_line", self._sql_action_lines()
        yield "creditbox_item", self._sql_items()
        yield "creditbox_failed_address", self._sql_failed_addresses()
        yield (
            "mail_blacklist",
            SQL("SELECT * FROM public.mail_blacklist WHERE create_date <= %s", MOMENT),
        )

    def _sql_actions(self):
        """An action that has ended since was under way, a proof not yet there.

        Those of the run itself are made at its moment: not yet seen by it.
        """
        under_way = SQL("t.ended_at > %s", MOMENT)
        unproved = SQL("t.proof_at > %s", MOMENT)
        return SQL(
            "SELECT %s FROM (%s) t WHERE create_date < %s",
            self._sql_replaced(
                "creditbox_action",
                state=SQL(
                    "CASE WHEN %s THEN 'sending' WHEN t.state = 'delivered' AND %s"
                    " THEN 'done' ELSE t.state END",
                    under_way,
                    unproved,
                ),
                date_done=SQL("CASE WHEN %s THEN NULL ELSE t.date_done END", under_way),
                date_proof=SQL(
                    "CASE WHEN %s OR %s THEN NULL ELSE t.date_proof END",
                    under_way,
                    unproved,
                ),
                unreachable=SQL("t.unreachable AND (%s) IS NOT TRUE", under_way),
            ),
            self._sql_versions("creditbox.action"),
            MOMENT,
        )

    def _sql_action_lines(self):
        return SQL(
            """
            SELECT %s
              FROM public.creditbox_action_line t
              JOIN creditbox_action a ON a.id = t.action_id
            """,
            self._sql_replaced(
                "creditbox_action_line", executed=SQL("a.state IN %s", DONE_STATES)
            ),
        )

    def _sql_items(self):
        """Bills stand where the furthest action that counted then had put them."""
        return SQL(
            """
            SELECT %s
              FROM (%s) t
              LEFT JOIN (
                SELECT DISTINCT ON (l.item_id) l.item_id, a.id, a.step, a.date_done
                  FROM creditbox_action_line l
                  JOIN creditbox_action a ON a.id = l.action_id
                 WHERE l.executed
                 ORDER BY l.item_id, a.step DESC, a.id DESC
              ) last ON last.item_id = t.id
            """,
            self._sql_replaced(
                "creditbox_item",
                step=SQL("COALESCE(last.step, 0)"),
                last_action_id=SQL("last.id"),
                last_action_date=SQL("last.date_done"),
            ),
            self._sql_versions("creditbox.item"),
        )

    def _sql_failed_addresses(self):
        return SQL(
            "SELECT * FROM (%s) t WHERE date <= %s",
            self._sql_versions("creditbox.failed.address"),
            MOMENT,
        )
