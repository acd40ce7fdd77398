{
    "name": "CreditBox RQSII",
    "summary": "Sheets of the Authority on contractual quality, macro-indicators",
    "version": "19.0.1.0.0",
    "license": "AGPL-3",
    "author": "CreditBox",
    "website": "https://github.com/creditbox/creditbox",
    "category": "Accounting/Credit",
    "depends": ["creditbox_quality"],
    "data": [
        "security/ir.model.access.csv",
        "security/creditbox_rqsii_rules.xml",
        "data/creditbox_quality_class_data.xml",
        "views/creditbox_quality_sheet_line_views.xml",
        "views/creditbox_quality_sheet_views.xml",
        "views/creditbox_quality_class_views.xml",
        "views/creditbox_rqsii_menus.xml",
    ],
    "assets": {
        "web.assets_backend": ["creditbox_rqsii/static/src/**/*"],
    },
    "installable": True,
}
