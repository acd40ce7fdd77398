from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.creditbox_base.tools import checks


class ResPartner(models.Model):
    """E-invoicing reads and writes the fiscal code and the PEC of CreditBox.

    Not the other way round: its own field refuses a wrong code, while the dirty data
    of a billing system must come in, with a warning.
    """

    _inherit = "res.partner"

    l10n_it_codice_fiscale = fields.Char(
        compute="_compute_l10n_it_codice_fiscale",
        inverse="_inverse_l10n_it_codice_fiscale",
        search="_search_l10n_it_codice_fiscale",
        store=False,
    )
    l10n_it_pec_email = fields.Char(
        related="creditbox_pec", store=False, readonly=False
    )

    @api.depends("creditbox_fiscal_code")
    def _compute_l10n_it_codice_fiscale(self):
        """A wrong code goes into no invoice."""
        for partner in self:
            code = checks.compact(partner.creditbox_fiscal_code)
            good = code and not checks.check_fiscal_code(code)
            partner.l10n_it_codice_fiscale = good and code

    def _inverse_l10n_it_codice_fiscale(self):
        for partner in self:
            partner.creditbox_fiscal_code = partner.l10n_it_codice_fiscale

    def _search_l10n_it_codice_fiscale(self, operator, value):
        return Domain("creditbox_fiscal_code", operator, value)
