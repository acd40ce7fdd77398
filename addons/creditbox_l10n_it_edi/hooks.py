"""E-invoicing's columns: read once at the start, given back at the end."""

from odoo.tools import SQL


def post_init_hook(env):
    """Keep what was entered before in the fields of e-invoicing."""
    env.flush_all()
    env.cr.execute(
        SQL(
            """
            UPDATE res_partner
               SET creditbox_fiscal_code = COALESCE(
                       NULLIF(creditbox_fiscal_code, ''), l10n_it_codice_fiscale),
                   creditbox_pec = COALESCE(
                       NULLIF(creditbox_pec, ''), l10n_it_pec_email)
             WHERE l10n_it_codice_fiscale <> '' OR l10n_it_pec_email <> ''
            """
        )
    )
    env["res.partner"].invalidate_model()


def uninstall_hook(env):
    """Give the good values back to the columns of e-invoicing."""
    env.flush_all()
    env.cr.execute(
        SQL(
            """
            UPDATE res_partner
               SET l10n_it_codice_fiscale =
                       CASE WHEN length(creditbox_fiscal_code) BETWEEN 11 AND 16
                            THEN creditbox_fiscal_code END,
                   l10n_it_pec_email = creditbox_pec
             WHERE creditbox_fiscal_code <> '' OR creditbox_pec <> ''
            """
        )
    )
