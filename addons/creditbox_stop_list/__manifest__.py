{
    "name": "CreditBox Stop List",
    "summary": "Whom no company of the group writes to: insolvent, deceased, protected",
    "version": "19.0.1.0.0",
    "license": "AGPL-3",
    "author": "CreditBox",
    "website": "https://github.com/creditbox/creditbox",
    "category": "Accounting/Credit",
    "depends": ["creditbox_base"],
    "data": [
        "security/ir.model.access.csv",
        "security/creditbox_stop_list_rules.xml",
        "data/creditbox_hold_reason_data.xml",
        "data/ir_cron_data.xml",
        "views/creditbox_hold_views.xml",
        "views/creditbox_stop_views.xml",
    ],
    "installable": True,
}
