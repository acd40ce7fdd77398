from odoo import api, fields, models

from ..tools import row_matching
from .creditbox_rule import CLASSIFICATION

# what a row is made of is all its own fields but these
NOT_COMPARED = {
    *models.MAGIC_COLUMNS,
    "set_id",
    "company_id",
    "origin_id",
}


class CreditboxRule(models.Model):
    """Where a row comes from: what lets two versions of a table be compared."""

    _inherit = "creditbox.rule"

    origin_id = fields.Many2one(
        "creditbox.rule",
        string="Copied from",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        return [
            {**vals, "origin_id": rule.id}
            for rule, vals in zip(self, vals_list, strict=True)
        ]

    @api.model
    def _compared_fields(self):
        """:return: names of the fields that make a row what it is, in their order"""
        return [
            name
            for name, field in self._fields.items()
            if field.store
            and not field.related
            and field.type not in ("one2many", "binary")
            and name not in NOT_COMPARED
        ]

    def _matching_row(self):
        """:return: row_matching.Row"""
        self.ensure_one()
        lineage, origin = [], self.origin_id
        while origin:
            lineage.append(origin.id)
            origin = origin.origin_id
        return row_matching.Row(
            key=self.id,
            lineage=tuple(lineage),
            columns=tuple(self[column].id for column in CLASSIFICATION),
            step=self.step,
            sequence=self.sequence,
            code=self.code,
        )

    def _twins(self, before):
        """Return which of the rows ``before`` each of these rows was.

        :return: {creditbox.rule: creditbox.rule}, without those that are new
        """
        pairs = row_matching.match(
            [rule._matching_row() for rule in before],
            [rule._matching_row() for rule in self],
        )
        return {self.browse(new): self.browse(old) for new, old in pairs.items()}

    def _changes(self, before):
        """Return the names of the fields in which the row differs from ``before``."""
        self.ensure_one()
        return [name for name in self._compared_fields() if self[name] != before[name]]

    def _described(self, name):
        """:return: str, the value of a field as the screen would show it"""
        self.ensure_one()
        field, value = self._fields[name], self[name]
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value, "")
        if field.type == "boolean":
            return self.env._("yes") if value else self.env._("no")
        if field.type == "monetary":
            no_limit = name == "amount_to" and not value
            return "" if no_limit else self.currency_id.format(value)
        if field.relational:
            return ", ".join(value.mapped("display_name"))
        return "" if value is False or value is None else str(value)
