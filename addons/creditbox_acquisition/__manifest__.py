{
    "name": "CreditBox Acquisition",
    "summary": "Customers, supplies, bills and payments taken from the billing system",
    "version": "19.0.1.0.0",
    "category": "Accounting/Credit",
    "author": "CreditBox",
    "website": "https://github.com/creditbox/creditbox",
    "license": "AGPL-3",
    "depends": [
        "creditbox_base",
        "queue_job",
        "fs_storage",
        "base_external_dbsource",
    ],
    "external_dependencies": {"python": ["python-calamine", "XlsxWriter"]},
    "data": [
        "security/ir.model.access.csv",
        "security/creditbox_acquisition_rules.xml",
        "data/queue_job_data.xml",
        "data/ir_cron_data.xml",
    ],
}
