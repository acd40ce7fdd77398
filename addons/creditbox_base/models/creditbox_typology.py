from odoo import api, fields, models


class CreditboxTypology(models.AbstractModel):
    """A numbered list of the trade: the user adds rows, the flags drive the rules."""

    _name = "creditbox.typology"
    _description = "Typology"
    _order = "sequence, code"
    _rec_names_search = ["name", "code"]

    code = fields.Integer(required=True, aggregator=None)
    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _code_uniq = models.Constraint("UNIQUE(code)", "This code is already in use.")

    @api.model
    def _find_by_code_or_name(self, value):
        """The row that a billing system means by a value of its own.

        :param value: code (``2``, ``"2"``, ``2.0``) or name in any installed
            language, upper or lower case
        :return: a recordset of one row, or empty when none fits
        """
        text = str(value if value is not None else "").strip()
        try:
            return self.search([("code", "=", int(float(text)))], limit=1)
        except (ValueError, OverflowError):
            return self._find_by_name(text)

    @api.model
    def _find_by_name(self, text):
        for lang, _label in self.env["res.lang"].get_installed() if text else ():
            found = self.with_context(lang=lang).search(
                [("name", "=ilike", text.replace("_", r"\_").replace("%", r"\%"))],
                limit=1,
            )
            if found:
                return found.with_env(self.env)
        return self.browse()
