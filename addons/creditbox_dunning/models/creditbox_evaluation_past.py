from odoo import api, models
from odoo.tools import SQL


class CreditboxEvaluation(models.AbstractModel):
    """A simulation on the data of a past moment (see creditbox.past).

    The statements of the evaluation are the same; the tables that they name are not.
    """

    _inherit = "creditbox.evaluation"

    @api.model
    def _evaluate(self, run, live):
        if not self._is_past(live):
            return super()._evaluate(run, live)
        moment = self.env.context["creditbox_moment"]
        with self.env["creditbox.past"]._at(run.company_id, moment, run.as_of):
            return super()._evaluate(run, live)

    def _is_past(self, live):
        return not live and self.env.context.get("creditbox_moment")

    def _miss_positions(self):
        if self.env.context.get("creditbox_moment"):
            return []  # what was not known then has no position now either
        return super()._miss_positions()

    def _save_items(self, run, live):
        """Write into the tables of today; only bills with an action get a state."""
        if self._is_past(live):
            self.env["creditbox.past"]._leave()
            self._drop_idle_items()
        return super()._save_items(run, live)

    def _drop_idle_items(self):
        """Bills of then, paid since, need no dunning state unless an action names them.

        Nor one when they have got it in the meantime.
        """
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM creditbox_tmp_ripe i
                 WHERE i.is_new AND NOT EXISTS (
                       SELECT FROM creditbox_tmp_proposal t
                        WHERE t.position_id = i.position_id AND t.rule_id = i.rule_id)
                """
            )
        )
