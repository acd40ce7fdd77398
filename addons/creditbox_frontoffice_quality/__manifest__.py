{
    "name": "CreditBox Front Office: Quality",
    "summary": "The steps of requests start and stop the regulated clocks",
    "version": "19.0.1.0.0",
    "license": "AGPL-3",
    "author": "CreditBox",
    "website": "https://github.com/creditbox/creditbox",
    "category": "Accounting/Credit",
    "depends": ["creditbox_frontoffice", "creditbox_quality"],
    "data": [
        "security/ir.model.access.csv",
        "data/creditbox_procedure_standard_data.xml",
        "views/creditbox_procedure_views.xml",
        "views/helpdesk_ticket_views.xml",
    ],
    "installable": True,
    "auto_install": True,
}
