{
    "name": "CreditBox Crew",
    "summary": "The crew's phone: orders of the day, photos, outcome, with a bad network",
    "version": "19.0.1.0.0",
    "license": "AGPL-3",
    "author": "CreditBox",
    "website": "https://github.com/creditbox/creditbox",
    "category": "Accounting/Credit",
    "depends": ["creditbox_utility"],
    "data": [
        "data/creditbox_hold_reason_data.xml",
        "views/crew_templates.xml",
        "views/fsm_order_views.xml",
        "wizard/creditbox_company_settings_views.xml",
    ],
    "installable": True,
}
