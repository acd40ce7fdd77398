{
    "name": "CreditBox Search",
    "summary": "One box that finds customers, supplies, meters and bills by anything",
    "version": "19.0.1.0.0",
    "license": "AGPL-3",
    "author": "CreditBox",
    "website": "https://github.com/creditbox/creditbox",
    "category": "Accounting/Credit",
    "depends": ["creditbox_base"],
    "data": [
        "views/res_partner_views.xml",
        "views/creditbox_supply_views.xml",
        "views/account_move_views.xml",
    ],
    "assets": {
        "web.assets_backend": ["creditbox_search/static/src/**/*"],
    },
    "auto_install": True,
}
