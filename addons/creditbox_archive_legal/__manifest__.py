{
    "name": "CreditBox Digital Archive of Cases",
    "summary": "A folder in the customer's archive for each case",
    "version": "19.0.1.0.0",
    "license": "AGPL-3",
    "author": "CreditBox",
    "website": "https://github.com/creditbox/creditbox",
    "category": "Accounting/Credit",
    "depends": ["creditbox_archive", "creditbox_legal"],
    "data": ["views/creditbox_case_views.xml"],
    "installable": True,
    "auto_install": True,
}
