{
    "name": "CreditBox Order Portal",
    "summary": "Orders at the meter for clients and contractors: pages and API",
    "version": "19.0.1.0.0",
    "license": "AGPL-3",
    "author": "CreditBox",
    "website": "https://github.com/creditbox/creditbox",
    "category": "Accounting/Credit",
    "depends": ["creditbox_utility", "portal"],
    "data": [
        "security/ir.model.access.csv",
        "security/creditbox_order_portal_rules.xml",
        "data/mail_activity_type_data.xml",
        "views/creditbox_order_client_views.xml",
        "views/creditbox_order_change_views.xml",
        "views/creditbox_order_upload_views.xml",
        "views/creditbox_order_portal_menus.xml",
        "views/portal_home_templates.xml",
        "views/portal_order_templates.xml",
        "views/portal_upload_templates.xml",
    ],
    "assets": {
        "web.assets_frontend": [
            "creditbox_order_portal/static/src/scss/field.scss",
            "creditbox_order_portal/static/src/js/order_states.js",
        ],
    },
    "installable": True,
}
