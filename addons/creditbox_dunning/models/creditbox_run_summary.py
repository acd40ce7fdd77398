from odoo import fields, models
from odoo.tools import SQL


class CreditboxRunSummary(models.Model):
    """What a run does, by row of the table: the page that is read before approving."""

    _name = "creditbox.run.summary"
    _description = "Dunning Run by Row"
    _auto = False
    _order = "run_id, rule_id"

    run_id = fields.Many2one("creditbox.run", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    rule_id = fields.Many2one("creditbox.rule", string="Row", readonly=True)
    code = fields.Selection(related="rule_id.code")
    customer_type_id = fields.Many2one(related="rule_id.customer_type_id")
    service_type_id = fields.Many2one(related="rule_id.service_type_id")
    action_count = fields.Integer(string="Actions", readonly=True)
    exception_count = fields.Integer(string="Exceptions", readonly=True)
    done_count = fields.Integer(string="Done", readonly=True)
    stopped_count = fields.Integer(string="Stopped", readonly=True)
    amount = fields.Monetary(readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT MIN(id) AS id, run_id, company_id, rule_id,
                   COUNT(*) FILTER (
                       WHERE state <> 'planned' OR exception IS NULL) AS action_count,
                   COUNT(*) FILTER (
                       WHERE state = 'planned' AND exception IS NOT NULL
                   ) AS exception_count,
                   COUNT(*) FILTER (
                       WHERE state IN ('done', 'delivered')) AS done_count,
                   COUNT(*) FILTER (
                       WHERE state IN ('failed', 'cancelled', 'undone')
                   ) AS stopped_count,
                   SUM(amount) AS amount
              FROM creditbox_action
             GROUP BY run_id, company_id, rule_id
            """
        )

    def action_open(self):
        """:return: window action of the actions behind the figures"""
        self.ensure_one()
        return self.run_id._window_actions([("rule_id", "=", self.rule_id.id)])
