from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from odoo import models
from odoo.tools import SQL

from .creditbox_evaluation_scratch import SCRATCH

# what is gathered once, whatever the table; all else a table decides
GATHERED = ("creditbox_tmp_busy", "creditbox_tmp_line", "creditbox_tmp_item")
DECIDED = tuple(table for table in SCRATCH if table not in GATHERED)


@dataclass(frozen=True)
class Trial:
    """What an evaluation reads of its run, where there is none.

    An unsaved record would lose its values whenever the cache is emptied.
    """

    company_id: models.Model  # res.company
    rule_set_id: models.Model  # creditbox.rule.set
    as_of: date

    def _speaking(self):
        """:return: a record in the language of whoever reads the notes"""
        company = self.company_id
        lang = company.env.context.get("lang") or company.partner_id.lang
        return company.with_context(lang=lang)


class CreditboxTrial(models.AbstractModel):
    """An evaluation that is only looked at: it writes no bill's state and no action."""

    _name = "creditbox.trial"
    _inherit = "creditbox.evaluation"
    _description = "Trial of the Action Table"

    @contextmanager
    def _on_day_of(self, run):
        """What is read inside is what was known on the day of ``run``, if it is past.

        :return: context manager that gives the model to read with
        """
        company = run.company_id
        moment = self.env["creditbox.run"]._moment_of(company, run.as_of)
        self.env.flush_all()
        if not moment:
            yield self
            return
        reading = self.with_context(creditbox_moment=moment)
        with self.env["creditbox.past"]._at(company, moment, run.as_of):
            yield reading

    def _sql_new_id(self, table):
        """Negative: nothing is saved, and no saved row may be taken for it."""
        return SQL("-(row_number() OVER ())::integer")
