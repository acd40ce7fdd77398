import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CreditboxPostalCode(models.Model):
    """What a supplier's code means. Without supplier: the State platform's own codes.

    A row with a code and no outcome means «as the cause says»; a row with a cause and
    no code says what the cause means.
    """

    _name = "creditbox.postal.code"
    _description = "Supplier's Outcome Code"
    _order = "provider_id, code, cause, id"
    _rec_name = "code"

    provider_id = fields.Many2one(
        "creditbox.provider",
        domain="[('kind', '=', 'postal')]",
        index=True,
        ondelete="cascade",
        help="Empty: standard, for all.",
    )
    company_id = fields.Many2one(
        related="provider_id.company_id", store=True, index="btree_not_null"
    )
    code = fields.Char()
    cause = fields.Char()
    outcome_id = fields.Many2one(
        "creditbox.postal.outcome", ondelete="restrict", help="Empty: see the cause."
    )
    preliminary = fields.Boolean(
        string="Announced only",
        help="Not yet closed by the supplier: it is listed, and does nothing.",
    )

    _code_uniq = models.UniqueIndex(
        "(COALESCE(provider_id, 0), upper(COALESCE(code, '')),"
        " upper(COALESCE(cause, '')))",
        "This code is already there.",
    )

    @api.constrains("code", "cause", "outcome_id")
    def _check_means_something(self):
        for row in self:
            if not (row.code or row.cause) or (not row.code and not row.outcome_id):
                raise ValidationError(
                    self.env._("A row needs a code, or a cause with its outcome.")
                )

    @api.model
    def _meanings(self, provider):
        """:return: {(code, cause): (outcome, preliminary)}, provider's own win"""
        rows = self.search([("provider_id", "in", [provider.id, False])])
        return {
            (_fold(row.code), _fold(row.cause)): (row.outcome_id, row.preliminary)
            for row in rows.sorted(lambda row: bool(row.provider_id))
        }

    @api.model
    def _meaning(self, table, code, cause):
        """:param table: what `_meanings` gives
        :return: (outcome, preliminary); no outcome: unknown
        """
        code, cause = _fold(code), _fold(cause)
        none = self.env["creditbox.postal.outcome"], False
        found = table.get((code, cause)) or table.get((code, ""))
        if found is None or found[0]:
            return found or none
        by_cause = table.get(("", cause)) or table.get(("", _new_cause(cause))) or none
        return by_cause[0], found[1]


def _fold(text):
    return (text or "").strip().upper()


def _new_cause(cause):
    """The older coding of the causes: 01-08 for M01-M08, in the same order."""
    return f"M0{int(cause)}" if re.fullmatch(r"0?[1-8]", cause) else cause
