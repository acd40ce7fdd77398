import re

from odoo import api, models

# Numbers of Italy are kept and asked for with or without the country's prefix.
PREFIX = r"^(\+|00)39"
PHONE = re.compile(r"[\d\s().+/-]{5,}")


def _digits(column):
    return rf"regexp_replace({column}, '{PREFIX}|\D', '', 'g')"


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner", "creditbox.searchable"]

    _creditbox_search_columns = (
        "name",
        "creditbox_code",
        "creditbox_fiscal_code",
        "vat",
        "email",
        "creditbox_pec",
        "street",
        "zip",
        "city",
        _digits("phone"),
        _digits("creditbox_mobile"),
    )

    @api.model
    def _creditbox_search_words(self, value):
        """A phone number is one word, in whatever rhythm it is read out."""
        value = value.strip()
        if not PHONE.fullmatch(value):
            return super()._creditbox_search_words(value)
        return [re.sub(rf"{PREFIX}|\D", "", value)]

    def _creditbox_search_results(self):
        return [
            {
                "id": partner.id,
                "name": partner.display_name,
                "detail": " · ".join(
                    filter(
                        None,
                        (
                            partner.creditbox_code,
                            partner.creditbox_fiscal_code or partner.vat,
                            partner.creditbox_mobile or partner.phone,
                            partner.city,
                        ),
                    )
                ),
                "amount": self._creditbox_search_amount(
                    partner.creditbox_amount_overdue, partner.currency_id
                ),
            }
            for partner in self
        ]
