{
    "name": "CreditBox Plans at the Meter",
    "summary": "What a repayment plan stops at the meter, and when it gives back",
    "version": "19.0.1.0.0",
    "license": "AGPL-3",
    "author": "CreditBox",
    "website": "https://github.com/creditbox/creditbox",
    "category": "Accounting/Credit",
    "depends": ["creditbox_plan", "creditbox_utility"],
    "data": ["wizard/creditbox_company_settings_views.xml"],
    "auto_install": True,
    "installable": True,
}
