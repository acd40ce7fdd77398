{
    "name": "CreditBox Quality: At the Meter",
    "summary": "Reactivations after arrears are measured as the regulation says",
    "version": "19.0.1.0.0",
    "license": "AGPL-3",
    "author": "CreditBox",
    "website": "https://github.com/creditbox/creditbox",
    "category": "Accounting/Credit",
    "depends": ["creditbox_quality", "creditbox_utility"],
    "data": [
        "data/creditbox_service_type_data.xml",
        "views/creditbox_service_type_views.xml",
    ],
    "installable": True,
    "auto_install": True,
}
