"""The sums of each customer are new: fill them from the due dates."""

from odoo.api import SUPERUSER_ID, Environment


def migrate(cr, version):
    env = Environment(cr, SUPERUSER_ID, {})
    for company in env["res.company"].search([("active", "=", True)]):
        env["creditbox.console.customer"]._refresh(company)
