from math import inf

from odoo import models

from ..tools import table_check
from .creditbox_rule import CLASSIFICATION


class CreditboxRule(models.Model):
    """What the check of a table reads of its rows, and how it names them."""

    _inherit = "creditbox.rule"

    def _checked_row(self, place):
        """:param int place: in the table
        :return: table_check.Row
        """
        self.ensure_one()
        return table_check.Row(
            key=place,
            step=self.step,
            columns=tuple(self[column].id or None for column in CLASSIFICATION),
            order=(self.sequence, place),
            low=self.amount_from,
            high=self.amount_to or inf,
            threshold=self.threshold,
        )

    def _quoted(self):
        return f"«{self.display_name}»"

    def _common_audience(self):
        """:return: str, whom all the rows are for; none excludes another"""
        names = [
            self.mapped(column)[:1].display_name
            for column in CLASSIFICATION
            if self.mapped(column)
        ]
        return ", ".join(names) or self.env._("all")
