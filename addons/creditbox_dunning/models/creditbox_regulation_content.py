from odoo import api, fields, models


class CreditboxRegulationContent(models.Model):
    """Something that the text of a step must say."""

    _name = "creditbox.regulation.content"
    _description = "Mandatory Content of a Regulation"
    _order = "step_id, sequence, id"

    step_id = fields.Many2one(
        "creditbox.regulation.step", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="step_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, translate=True)
    placeholders = fields.Char(
        help="Names, separated by commas: one of them must be in the text."
    )
    words = fields.Char(
        translate=True,
        help="Separated by commas: one of them must be in the text, in its language.",
    )
    source = fields.Char(translate=True)

    _says_what = models.Constraint(
        "CHECK(placeholders IS NOT NULL OR words IS NOT NULL)",
        "Say by which placeholders or words the content is found.",
    )

    @api.model
    def _list(self, text):
        return [
            part.strip().lower() for part in (text or "").split(",") if part.strip()
        ]

    def _cited(self):
        """:return: str, the act and the article"""
        self.ensure_one()
        return self.source or self.step_id._cited()

    def _is_in(self, text, placeholders):
        """Whether a text has this content.

        :param str text: what the customer reads, without placeholders
        :param placeholders: set of the names used in it
        """
        self.ensure_one()
        if not placeholders.isdisjoint(self._list(self.placeholders)):
            return True
        return any(words in text.lower() for words in self._list(self.words))
