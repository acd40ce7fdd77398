{
    "name": "CreditBox Front Office and Communications",
    "summary": "Statements of account and requests from the PEC inbox",
    "version": "19.0.1.0.0",
    "license": "AGPL-3",
    "author": "CreditBox",
    "website": "https://github.com/creditbox/creditbox",
    "category": "Accounting/Credit",
    "depends": ["creditbox_frontoffice", "creditbox_dunning"],
    "data": [
        "data/creditbox_procedure_data.xml",
        "views/creditbox_pec_message_views.xml",
    ],
    "auto_install": True,
    "installable": True,
}
