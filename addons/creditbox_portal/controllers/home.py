from odoo.http import request, route

from .common import CreditboxPortal


class CreditboxPortalHome(CreditboxPortal):
    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        # Odoo's own card leads to a list that knows nothing of holds and credits
        if "overdue_invoice_count" in values:
            values["overdue_invoice_count"] = 0
        counted = {
            "creditbox_overdue_count": self._count_overdue,
            "creditbox_bill_count": self._count_bills,
            "creditbox_supply_count": self._count_supplies,
            "creditbox_payment_count": self._count_payments,
        }
        for name, count in counted.items():
            if name in counters:
                values[name] = count()
        return values

    # ------------------------------------------------------------------
    # Odoo's own pages write contact data at once, unchecked: ours instead
    # ------------------------------------------------------------------
    @route()
    def account(self, **kwargs):
        return self._creditbox_contact_instead() or super().account(**kwargs)

    @route()
    def my_addresses(self, **query_params):
        return self._creditbox_contact_instead() or super().my_addresses(**query_params)

    @route()
    def portal_address(self, **query_params):
        instead = self._creditbox_contact_instead()
        return instead or super().portal_address(**query_params)

    def _creditbox_contact_instead(self):
        partner = request.env.user.partner_id.sudo()  # whoever it is, the own
        if partner._creditbox_is_customer():
            return request.redirect("/my/contact")
        return None

    def _count_overdue(self):
        """Positions with something overdue; as the system, see creditbox.outlook."""
        return (
            request.env["creditbox.position"]
            .sudo()
            .search_count(
                [
                    ("partner_id", "in", self._creditbox_customers().ids),
                    ("company_id", "in", request.env.user.company_ids.ids),
                    ("amount_overdue", ">", 0),
                ]
            )
        )

    def _count_bills(self):
        return self._count("account.move", self._bills_domain())

    def _count_supplies(self):
        return self._count("creditbox.supply", self._supplies_domain())

    def _count_payments(self):
        return self._count("account.payment", self._payments_domain())

    def _count(self, model, domain):
        records = request.env[model]
        return records.search_count(domain) if records.has_access("read") else 0
