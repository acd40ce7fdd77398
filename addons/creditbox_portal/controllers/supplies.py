from psycopg2.errors import UniqueViolation

from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.http import request, route

from odoo.addons.creditbox_base.tools.upload import Refused

from ..models.creditbox_supply import DoubtfulReading
from .common import CreditboxPortal


class CreditboxPortalSupplies(CreditboxPortal):
    def _supplies_domain(self, customers=None):
        customers = customers or self._creditbox_customers()
        return Domain("partner_id.commercial_partner_id", "in", customers.ids)

    @route(
        ["/my/supplies", "/my/supplies/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def supplies(self, page=1, **options):
        customers = self._creditbox_customers(options.get("customer"))
        supplies, values = self._creditbox_list(
            "creditbox.supply",
            self._supplies_domain(customers),
            "/my/supplies",
            page,
            options,
        )
        return self._creditbox_page(
            "supplies",
            "creditbox_supplies",
            # meters have no rights for customers: of a supply that is theirs its own
            supplies=supplies.sudo(),
            customer=customers if len(customers) == 1 else None,
            **values,
        )

    @route(
        ["/my/supplies/<int:supply_id>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def supply(self, supply_id, sent=None, **options):
        """One supply with its meter, its readings, and the form for a new one."""
        return self._supply_page(
            self._creditbox_own("creditbox.supply", supply_id), sent=sent
        )

    def _supply_page(self, supply, **values):
        # readings of who lived there before are not shown, see _creditbox_readings
        supply = supply.sudo()
        return self._creditbox_page(
            "supply",
            "creditbox_supply",
            supply=supply,
            readings=supply._creditbox_readings(),
            may_read=supply._creditbox_may_read(),
            **{"error": None, "doubt": None, "value": "", "sent": None, **values},
        )

    @route(
        ["/my/supplies/<int:supply_id>/reading"],
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def send_reading(self, supply_id, value="", photo=None, confirmed=None, **options):
        supply = self._creditbox_own("creditbox.supply", supply_id)
        answer = {"value": value}
        try:
            # taken by the system: users of the portal have no rights on readings
            with request.env.cr.savepoint():
                supply.sudo()._creditbox_self_reading(
                    request.env.user,
                    self._creditbox_number(value),
                    self._creditbox_upload(photo, ("jpg", "png")) if photo else None,
                    confirmed=bool(confirmed),
                )
        except DoubtfulReading as doubt:
            answer["doubt"] = str(doubt)
        except (UserError, Refused, ValueError, UniqueViolation) as error:
            answer["error"] = self._why_no_reading(error)
        else:
            return request.redirect(f"/my/supplies/{supply_id}?sent=1")
        return self._supply_page(supply, **answer)

    def _why_no_reading(self, error):
        if isinstance(error, Refused):
            if error.reason == "kind":
                return request.env._("The photo must be a JPG or PNG file.")
            return self._creditbox_why_refused(error)
        if isinstance(error, UserError):
            return str(error)
        if isinstance(error, UniqueViolation):
            return request.env._("You have already sent a reading today.")
        return request.env._("Write the figure that the meter shows, for example 1234.")
