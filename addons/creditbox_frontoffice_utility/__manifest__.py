{
    "name": "CreditBox Front Office at the Meter",
    "summary": "Requests that send a crew, and security deposits",
    "version": "19.0.1.0.0",
    "license": "AGPL-3",
    "author": "CreditBox",
    "website": "https://github.com/creditbox/creditbox",
    "category": "Accounting/Credit",
    "depends": ["creditbox_frontoffice", "creditbox_utility"],
    "data": [
        "data/creditbox_procedure_data.xml",
        "views/creditbox_procedure_views.xml",
        "views/fsm_order_views.xml",
        "views/helpdesk_ticket_views.xml",
    ],
    "auto_install": True,
    "installable": True,
}
