from odoo import models
from odoo.tools import SQL


class ResCompany(models.Model):
    _inherit = "res.company"

    def _creditbox_feed_problems(self):
        """Billing systems whose data is late, or whose control totals do not square."""
        problems = super()._creditbox_feed_problems()
        # whoever sends reminders need not see the billing systems
        sources = self.env["creditbox.source"].sudo()
        sources = sources.search([("company_id", "=", self.id)])
        problems += [source._problem_late() for source in sources.filtered("is_late")]
        problems += [
            self.env._("the control totals of «%s» do not square", name)
            for name in self._creditbox_unsquared(sources).mapped("display_name")
        ]
        return problems

    def _creditbox_unsquared(self, sources):
        """:return: of each kind, the last acquisition that declared totals, if wrong"""
        acquisitions = sources.acquisition_ids
        acquisitions.flush_model(["source_id", "kind", "control_state"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id
                  FROM (SELECT DISTINCT ON (source_id, kind) id, control_state
                          FROM creditbox_acquisition
                         WHERE source_id = ANY(%s) AND control_state <> 'none'
                         ORDER BY source_id, kind, id DESC) AS last
                 WHERE control_state = 'mismatch'
                """,
                sources.ids,
            )
        )
        return acquisitions.browse(id_ for (id_,) in rows)
