from odoo import models
from odoo.tools import SQL

from .creditbox_evaluation_scratch import SCRATCH

# the tables that a decision makes: made anew for another action table
DECIDED = tuple(table for table in SCRATCH if table not in (
    "creditbox_tmp_busy",
    "creditbox_tmp_line",
    "creditbox_tmp_item",
))


class CreditboxTrial(models.AbstractModel):
    """An evaluation that is only looked at: it writes no bill's state and no action."""

    _name = "creditbox.trial"
    _inherit = "creditbox.evaluation"
    _description = "Trial of the Action Table"

    def _run_of(self, company, table, as_of):
        """:return: a run that is never saved, as the evaluation wants one"""
        return self.env["creditbox.run"].new(
            {"company_id": company.id, "rule_set_id": table.id, "as_of": as_of}
        )

    def _sql_new_id(self, table):
        """Negative: nothing is saved, and no saved row may be taken for it."""
        return SQL("-(row_number() OVER ())::integer")
