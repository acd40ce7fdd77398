"""What the pages of client companies and contractors have in common."""

from urllib.parse import urlencode

from werkzeug.exceptions import NotFound

from odoo.fields import Domain
from odoo.http import content_disposition, request, route

from odoo.addons.creditbox_base.tools import sheet
from odoo.addons.creditbox_utility.models.fsm_order import OPEN_STATES
from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager

STEP = 30
MAX_EXPORT = 10_000
SIDES = "<any(client,contractor):side>"


class FieldPortal(CustomerPortal):
    """Orders of the user's firm: looked for among its own, then read as system."""

    def _require_side(self, side):
        """:raises NotFound: the user's firm is no client, or no contractor"""
        if not self._is_on(side):
            raise NotFound()

    def _is_on(self, side):
        user = request.env.user
        if side == "client":
            return not request.env["fsm.order"]._portal_supplies(user).is_false()
        return bool(self._crews())

    def _crews(self):
        user = request.env.user.sudo()  # the own firm and its crews
        return user.env["fsm.person"].search(
            [
                ("creditbox_contractor_id", "=", user.commercial_partner_id.id),
                ("company_id", "in", [*user.company_ids.ids, False]),
            ]
        )

    def _own(self, side, order_id):
        """:raises NotFound: it is not there, or somebody else's: never say which"""
        order = request.env["fsm.order"]._portal_orders(
            side, request.env.user, [("id", "=", order_id)]
        )
        if not order:
            raise NotFound()
        return order

    def _render(self, template, side, **values):
        return request.render(
            f"creditbox_order_portal.{template}",
            {
                **self._prepare_portal_layout_values(),
                "page_name": "field",
                "side": side,
                "base": f"/my/field/{side}",
                "states": self._labels("creditbox_state"),
                "operations": self._labels("creditbox_operation"),
                # hours are those of where the meter is, whoever looks from wherever
                "zone_of": lambda order: str(order.company_id._creditbox_zone()),
                **values,
            },
            headers={"X-Frame-Options": "SAMEORIGIN", "Cache-Control": "no-store"},
        )

    def _labels(self, name):
        field = request.env["fsm.order"]._fields[name]
        return dict(field._description_selection(request.env))

    # ------------------------------------------------------------------
    # list, and the same list to take away
    # ------------------------------------------------------------------
    def _filtered(self, options):
        """:return: (Domain, {name: value} of what was chosen)"""
        chosen = {
            "state": options.get("state") or "",
            "operation": options.get("operation") or "",
            "search": (options.get("search") or "").strip()[:64],
        }
        domain = Domain.TRUE
        if chosen["state"] == "open":
            domain &= Domain("creditbox_state", "in", OPEN_STATES)
        elif chosen["state"] in self._labels("creditbox_state"):
            domain &= Domain("creditbox_state", "=", chosen["state"])
        if chosen["operation"] in self._labels("creditbox_operation"):
            domain &= Domain("creditbox_operation", "=", chosen["operation"])
        if chosen["search"]:
            words = chosen["search"]
            domain &= (
                Domain("name", "ilike", words)
                | Domain("creditbox_supply_id.code", "ilike", words)
                | Domain("creditbox_supply_id.street", "ilike", words)
                | Domain("creditbox_supply_id.city", "ilike", words)
            )
        return domain, chosen

    @route(
        [f"/my/field/{SIDES}", f"/my/field/{SIDES}/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def field_orders(self, side, page=1, **options):
        self._require_side(side)
        domain, chosen = self._filtered(options)
        orders = request.env["fsm.order"]
        user = request.env.user
        own = orders._portal_domain(side, user) & domain
        total = orders.sudo().search_count(own)  # within the own, see fsm_order
        pager = portal_pager(
            url=f"/my/field/{side}",
            url_args={name: value for name, value in chosen.items() if value},
            total=total,
            page=page,
            step=STEP,
        )
        found = orders._portal_orders(
            side, user, domain, order="id desc", limit=STEP, offset=pager["offset"]
        )
        return self._render(
            "orders",
            side,
            orders=found,
            pager=pager,
            total=total,
            chosen=chosen,
            query=urlencode(chosen),
        )

    @route(f"/my/field/{SIDES}/export.<any(xlsx,csv):kind>", type="http", auth="user")
    def field_export(self, side, kind, **options):
        self._require_side(side)
        domain, _chosen = self._filtered(options)
        orders = request.env["fsm.order"]._portal_orders(
            side, request.env.user, domain, order="id desc", limit=MAX_EXPORT
        )
        headings, rows = self._table(orders)
        return self._send_table(request.env._("Orders"), "orders", kind, headings, rows)

    def _table(self, orders):
        headings = [
            request.env._("Order"),
            request.env._("Operation"),
            request.env._("State"),
            request.env._("Reason"),
            request.env._("Supply"),
            request.env._("Street"),
            request.env._("City"),
            request.env._("Meter"),
            request.env._("Planned for"),
            request.env._("Closed on"),
            request.env._("Reading"),
            request.env._("Seal"),
            request.env._("Photos"),
        ]
        states, operations = (
            self._labels("creditbox_state"),
            self._labels("creditbox_operation"),
        )

        def local(order, moment):
            if not moment:
                return ""
            return order.company_id._creditbox_local(moment).replace(tzinfo=None)

        return headings, [
            [
                order.name,
                operations[order.creditbox_operation],
                states[order.creditbox_state],
                order.creditbox_note,
                order.creditbox_supply_id.code,
                order.creditbox_supply_id.street,
                order.creditbox_supply_id.city,
                order.creditbox_meter_id.serial,
                local(order, order.scheduled_date_start),
                local(order, order.creditbox_closed_at),
                order.creditbox_reading if order.creditbox_read else "",
                order.creditbox_seal,
                len(order.creditbox_photo_ids),
            ]
            for order in orders
        ]

    def _send_table(self, title, name, kind, headings, rows):
        if kind == "csv":
            return self._send(
                sheet.write_csv(headings, rows), "text/csv;charset=utf-8", f"{name}.csv"
            )
        content = sheet.write(title, headings, rows)
        return self._send(content, sheet.XLSX, f"{name}.xlsx")

    def _send(self, content, mimetype, filename):
        return request.make_response(
            content,
            [
                ("Content-Type", mimetype),
                ("Content-Disposition", content_disposition(filename)),
                ("X-Content-Type-Options", "nosniff"),
                ("Cache-Control", "no-store"),
            ],
        )

    # ------------------------------------------------------------------
    # one order, its photos
    # ------------------------------------------------------------------
    @route(f"/my/field/{SIDES}/<int:order_id>", type="http", auth="user", website=True)
    def field_order(self, side, order_id, sent=None, **_options):
        return self._order_page(side, self._own(side, order_id), sent=sent)

    def _order_page(self, side, order, problem=None, sent=None):
        changes = request.env["creditbox.order.change"].sudo()  # of the own order
        return self._render(
            "order",
            side,
            order=order,
            crumb=order.name,
            history=self._history(order),
            changes=changes.search([("order_id", "=", order.id)])
            if side == "client"
            else changes,
            kinds=dict(
                order.creditbox_photo_ids._fields["kind"]._description_selection(
                    request.env
                )
            ),
            crews=self._crews() if side == "contractor" else (),
            is_open=order.creditbox_state in OPEN_STATES,
            is_against=order in order._against()._open_ones(),
            problem=problem,
            sent=sent,
        )

    def _history(self, order):
        """:return: list of (moment, words) of what the order has been through"""
        moments = [
            (order[f"creditbox_{state}_at"], self._labels("creditbox_state")[state])
            for state in OPEN_STATES
        ]
        closed = self._labels("creditbox_state")[order.creditbox_state]
        moments.append((order.creditbox_closed_at, closed))
        # of the same moment: in their course
        return sorted(
            (
                (order.company_id._creditbox_local(moment).replace(tzinfo=None), words)
                for moment, words in moments
                if moment
            ),
            key=lambda step: step[0],
        )

    @route(
        f"/my/field/{SIDES}/<int:order_id>/photo/<int:photo_id>",
        type="http",
        auth="user",
    )
    def field_photo(self, side, order_id, photo_id, **_options):
        photo = self._own(side, order_id).creditbox_photo_ids.filtered(
            lambda photo: photo.id == photo_id
        )
        if not photo:
            raise NotFound()
        stream = request.env["ir.binary"]._get_stream_from(photo, "image")
        return stream.get_response(as_attachment=False)
