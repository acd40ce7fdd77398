{
    "name": "CreditBox Front Office on the Portal",
    "summary": "Customers make requests in their area and on a public form",
    "version": "19.0.1.0.0",
    "license": "AGPL-3",
    "author": "CreditBox",
    "website": "https://github.com/creditbox/creditbox",
    "category": "Accounting/Credit",
    "depends": ["creditbox_frontoffice", "creditbox_portal"],
    "data": [
        "security/creditbox_frontoffice_portal_rules.xml",
        "views/portal_home_templates.xml",
        "views/portal_request_templates.xml",
        "views/public_request_templates.xml",
    ],
    "auto_install": True,
    "installable": True,
}
