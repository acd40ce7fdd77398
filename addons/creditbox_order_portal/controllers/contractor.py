from odoo.exceptions import UserError
from odoo.http import request, route

from odoo.addons.creditbox_base.tools import sheet

from .common import FieldPortal


class FieldPortalContractor(FieldPortal):
    """What a contractor does with one order; results come by file, phone or API."""

    @route(
        "/my/field/contractor/<int:order_id>/<any(accept,refuse,plan,acknowledge):what>",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def field_act(self, order_id, what, **values):
        order = self._own("contractor", order_id)
        try:
            with request.env.cr.savepoint():
                self._act(order, what, values)
        except UserError as error:
            request.env.invalidate_all()
            return self._order_page("contractor", order, problem=str(error))
        if what == "refuse":
            return request.redirect("/my/field/contractor")
        return request.redirect(f"/my/field/contractor/{order_id}?sent={what}")

    def _act(self, order, what, values):
        if what == "accept":
            return order._portal_accept()
        if what == "refuse":
            return order._portal_refuse((values.get("note") or "")[:500])
        if what == "acknowledge":
            return order._portal_acknowledge()
        crew = values.get("crew_id") or ""
        try:
            zone = order.company_id._creditbox_zone()
            moment = sheet.as_moment(values.get("when"), zone)
        except ValueError:
            moment = None
        if not moment:
            raise UserError(request.env._("Say the day and the hour."))
        return order._portal_plan(int(crew) if crew.isdigit() else 0, moment)
