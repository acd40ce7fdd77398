{
    "name": "CreditBox Repayment Plans on the Customer Page",
    "summary": "The plan and its next instalment at the head of the customer's page",
    "version": "19.0.1.0.0",
    "license": "AGPL-3",
    "author": "CreditBox",
    "website": "https://github.com/creditbox/creditbox",
    "category": "Accounting/Credit",
    "depends": ["creditbox_plan", "creditbox_desk"],
    "installable": True,
    "auto_install": True,
}
