{
    "name": "CreditBox with Italian e-invoicing",
    "summary": "One fiscal code and one PEC on the customer, whoever asks for them",
    "version": "19.0.1.0.0",
    "category": "Accounting/Credit",
    "author": "CreditBox",
    "website": "https://github.com/creditbox/creditbox",
    "license": "AGPL-3",
    "depends": ["creditbox_base", "l10n_it_edi"],
    "data": ["views/res_partner_views.xml"],
    "auto_install": True,
    "post_init_hook": "post_init_hook",
    "uninstall_hook": "uninstall_hook",
}
