from odoo import models
from odoo.tools import SQL

# The fiscal code of the res_partner ``partner``, else its VAT number. An Italian VAT
# number is written with or without its IT, and is the fiscal code of a company.
# Without regular expressions: it is asked of every debtor.
TAX_CODE = """
    COALESCE(
        NULLIF(REPLACE(UPPER(partner.creditbox_fiscal_code), ' ', ''), ''),
        NULLIF(CASE WHEN UPPER(partner.vat) LIKE 'IT%'
                    THEN SUBSTR(REPLACE(partner.vat, ' ', ''), 3)
                    ELSE REPLACE(UPPER(partner.vat), ' ', '') END, ''))
"""
SQL_TAX_CODE = SQL(TAX_CODE.replace("%", "%%"))


class ResPartner(models.Model):
    _inherit = "res.partner"

    # the same person in other companies
    _creditbox_tax_code_idx = models.Index(f"(({TAX_CODE.replace('partner.', '')}))")

    def write(self, vals):
        result = super().write(vals)
        if not {"vat", "creditbox_fiscal_code"}.isdisjoint(vals):
            self._creditbox_tax_codes_changed()
        return result

    def _creditbox_tax_codes_changed(self):
        """The kept sums follow, all at once before the commit.

        An acquisition writes its customers one by one.
        """
        precommit = self.env.cr.precommit
        changed = precommit.data.setdefault("creditbox_tax_codes", set())
        if not changed:
            precommit.add(lambda: self._creditbox_refresh_tax_codes(changed))
        changed.update(self.ids)

    def _creditbox_refresh_tax_codes(self, ids):
        self.env["creditbox.console.customer"]._refresh_tax_codes(
            self.browse(tuple(ids))
        )
