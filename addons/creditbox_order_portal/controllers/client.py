import math

from werkzeug.exceptions import NotFound

from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.http import request, route

from odoo.addons.creditbox_base.tools import sheet

from .common import FieldPortal

MAX_FOUND = 20


class FieldPortalClient(FieldPortal):
    """What a client company asks for: orders, changes, a stop."""

    @route(
        "/my/field/client/new",
        type="http",
        auth="user",
        methods=["GET", "POST"],
        website=True,
    )
    def field_new(self, search="", supply_id=None, **values):
        self._require_side("client")
        search = search.strip()[:64]
        supply = self._own_supply(supply_id) if supply_id else None
        problem = None
        if request.httprequest.method == "POST" and supply:
            answer = self._order(supply, values)
            if answer["ok"]:
                return request.redirect(
                    f"/my/field/client/{answer['order_id']}?sent=order"
                )
            problem = answer["message"]
        return self._render(
            "new",
            "client",
            search=search,
            found=self._supplies(search),
            supply=supply,
            values=values,
            problem=problem,
        )

    def _supplies(self, search):
        supplies = request.env["creditbox.supply"].sudo()  # among the client's own
        if len(search) < 2:
            return supplies
        own = request.env["fsm.order"]._portal_supplies(request.env.user)
        words = Domain.OR(
            Domain(name, "ilike", search)
            for name in ("code", "street", "city", "meter_id.serial", "partner_id.name")
        )
        return supplies.search(own & words, limit=MAX_FOUND)

    def _own_supply(self, supply_id):
        own = request.env["fsm.order"]._portal_supplies(request.env.user)
        if str(supply_id).isdigit():
            supply = (
                request.env["creditbox.supply"]
                .sudo()  # among the client's own
                .search(own & Domain("id", "=", int(supply_id)))
            )
            if supply:
                return supply
        raise NotFound()

    def _order(self, supply, values):
        try:
            day = sheet.as_date(values.get("date"))
        except ValueError:
            return {"ok": False, "message": request.env._("Choose a day.")}
        (answer,) = request.env["fsm.order"]._ask_by_client(
            request.env.user,
            [
                {
                    "row": 1,
                    "supply": supply.code,
                    "operation": values.get("operation"),
                    "date": day,
                    "note": (values.get("note") or "").strip()[:500],
                }
            ],
        )
        return answer

    @route(
        "/my/field/client/<int:order_id>/change",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def field_change(self, order_id, **values):
        order = self._own("client", order_id)
        try:
            with request.env.cr.savepoint():
                request.env["creditbox.order.change"].sudo()._ask_for(  # own order
                    request.env.user,
                    order,
                    {
                        "kind": values.get("kind"),
                        "wanted_date": self._day(values.get("wanted_date")),
                        "note": (values.get("note") or "")[:1000],
                    },
                )
        except UserError as error:
            return self._order_page("client", order, problem=str(error))
        return request.redirect(f"/my/field/client/{order_id}?sent=change")

    def _day(self, text):
        try:
            return sheet.as_date(text)
        except ValueError:
            raise UserError(request.env._("Choose a day.")) from None

    @route(
        "/my/field/client/<int:order_id>/paid",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def field_paid(self, order_id, amount="", reference="", **_values):
        """Paid at the client's counter: the order stops in this very request."""
        order = self._own("client", order_id)
        try:
            with request.env.cr.savepoint():
                order._stop_for_counter(
                    request.env.user, self._amount(amount), self._reference(reference)
                )
        except UserError as error:
            return self._order_page("client", order, problem=str(error))
        return request.redirect(f"/my/field/client/{order_id}?sent=paid")

    def _amount(self, text):
        try:
            amount = sheet.as_number(text)
        except ValueError:
            amount = None
        if not amount or not math.isfinite(amount):
            raise UserError(request.env._("Write how much was paid, as 123,45."))
        return amount

    def _reference(self, text):
        if not text.strip():
            raise UserError(request.env._("Write the number of the receipt."))
        return text.strip()[:64]
