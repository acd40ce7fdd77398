{
    "name": "CreditBox Repayment Plans on the Customer's Area",
    "summary": "Customers ask for instalments, accept offers, see what to pay and when",
    "version": "19.0.1.0.0",
    "license": "AGPL-3",
    "author": "CreditBox",
    "website": "https://github.com/creditbox/creditbox",
    "category": "Accounting/Credit",
    "depends": ["creditbox_plan", "creditbox_portal"],
    "data": [
        "views/portal_plan_templates.xml",
        "views/portal_home_templates.xml",
    ],
    "installable": True,
    "auto_install": True,
}
