from odoo.http import request, route

from ..models.account_move import payment_qr
from .common import CreditboxPortal


class CreditboxPortalOutlook(CreditboxPortal):
    @route(["/my/overdue"], type="http", auth="user", website=True, readonly=True)
    def overdue(self, **options):
        """What is overdue, what comes next and when, and how to stop it."""
        customers = self._creditbox_customers(options.get("customer"))
        companies = request.env.user.company_ids
        outlooks = request.env["creditbox.outlook"]._of(customers, companies)
        return self._creditbox_page(
            "overdue",
            "creditbox_overdue",
            outlooks=outlooks,
            sellers=companies.browse({outlook.company.id for outlook in outlooks}),
            make_qr=lambda company, debt: payment_qr(
                request.env, company, debt.payment_code, debt.open_amount
            ),
        )
