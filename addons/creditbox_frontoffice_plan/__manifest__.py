{
    "name": "CreditBox Front Office and Repayment Plans",
    "summary": "Instalments asked for at the counter become a plan",
    "version": "19.0.1.0.0",
    "license": "AGPL-3",
    "author": "CreditBox",
    "website": "https://github.com/creditbox/creditbox",
    "category": "Accounting/Credit",
    "depends": ["creditbox_frontoffice", "creditbox_plan"],
    "data": ["data/creditbox_procedure_data.xml", "views/helpdesk_ticket_views.xml"],
    "auto_install": True,
    "installable": True,
}
