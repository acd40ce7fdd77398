import base64
import binascii
import json
from datetime import datetime, timedelta, timezone

from werkzeug.exceptions import NotFound

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.http import Controller, request, route

VERSION = "v1"
MAX_LIMIT = 200
MAX_BODY = 40 * 1024 * 1024
MAX_PHOTOS = 10
OVERLAP = timedelta(minutes=5)  # longer than any transaction that changes orders
API = {
    "type": "http",
    "auth": "bearer",
    "csrf": False,
    "save_session": False,
}
ACTIONS = "accept,refuse,plan,arrived,outcome,photos,acknowledge"


class _Bad(Exception):
    """A request that cannot be understood: status, code, message."""


class CreditboxOrderApi(Controller):
    """Orders for the systems of contractors: see docs/order-api.md."""

    # ------------------------------------------------------------------
    # read
    # ------------------------------------------------------------------
    @route("/creditbox/api/v1/orders", methods=["GET"], readonly=True, **API)
    def orders(self, since=None, cursor=None, limit="100", **_options):
        """Orders that have changed since, the oldest change first."""
        try:
            domain = self._after(since, cursor)
            if not limit.isdigit() or not 1 <= int(limit) <= MAX_LIMIT:
                raise _Bad(400, "limit", f"limit is 1 to {MAX_LIMIT}")
        except _Bad as bad:
            return self._error(*bad.args)
        orders = request.env["fsm.order"]._portal_orders(
            "contractor",
            request.env.user,
            domain,
            order="write_date, id",
            limit=int(limit) + 1,
        )
        page = orders[: int(limit)]
        more = len(orders) > len(page)
        return self._answer(
            {
                "orders": self._orders(page),
                "more": more,
                "cursor": self._cursor(page[-1:], more, cursor),
            }
        )

    def _cursor(self, last, more, cursor):
        """Where to go on. At the end of the list a little before: a change counts from
        the beginning of its transaction, and may be seen later than a younger one.

        :return: str, or what was given when nothing has changed
        """
        if not last:
            return cursor
        settled = fields.Datetime.now() - OVERLAP
        if more or last.write_date < settled:
            return f"{last.write_date.isoformat()}|{last.id}"
        return f"{settled.isoformat()}|0"

    def _after(self, since, cursor):
        if cursor:
            moment, _bar, number = cursor.partition("|")
            if not number.isdigit():
                raise _Bad(400, "cursor", "unknown cursor")
            at = self._moment(moment, "cursor")
            return Domain("write_date", ">", at) | (
                Domain("write_date", "=", at) & Domain("id", ">", int(number))
            )
        if since:
            return Domain("write_date", ">=", self._moment(since, "since"))
        return Domain.TRUE

    @route(
        "/creditbox/api/v1/orders/<int:order_id>", methods=["GET"], readonly=True, **API
    )
    def order(self, order_id, **_options):
        try:
            return self._answer(self._orders(self._own(order_id))[0])
        except NotFound:
            return self._error(404, "not_found", "no such order")

    def _own(self, order_id):
        order = request.env["fsm.order"]._portal_orders(
            "contractor", request.env.user, [("id", "=", order_id)]
        )
        if not order:
            raise NotFound()
        return order

    def _orders(self, orders):
        missing = orders._missing_photos()
        return [self._order(order, missing[order]) for order in orders]

    def _order(self, order, missing):
        supply = order.creditbox_supply_id
        return {
            "id": order.id,
            "name": order.name,
            "operation": order.creditbox_operation,
            "state": order.creditbox_state,
            "reason": order.creditbox_note or None,
            "planned_for": _iso(order.scheduled_date_start),
            "deadline": order.creditbox_deadline
            and order.creditbox_deadline.isoformat(),
            "crew": {"id": order.person_id.id, "name": order.person_id.name},
            "supply": {
                "code": supply.code,
                "service": supply.service_type_id.name,
                "street": supply.street or None,
                "zip": supply.zip or None,
                "city": supply.city or None,
                "latitude": supply.latitude or None,
                "longitude": supply.longitude or None,
                "meter": order.creditbox_meter_id.serial or None,
            },
            "photos": len(order.creditbox_photo_ids),
            "photos_missing": missing,
            "reading": order.creditbox_reading if order.creditbox_read else None,
            "seal": order.creditbox_seal or None,
            "changed_at": order.write_date.isoformat(),
        }

    # ------------------------------------------------------------------
    # act
    # ------------------------------------------------------------------
    @route(
        f"/creditbox/api/v1/orders/<int:order_id>/<any({ACTIONS}):what>",
        methods=["POST"],
        **API,
    )
    def act(self, order_id, what, **_options):
        """Do once what is asked for: the header Idempotency-Key says what "once" is."""
        try:
            order = self._own(order_id)
            body = self._body()
            work = getattr(self, f"_work_{what}")(order, body)
            key = request.httprequest.headers.get("Idempotency-Key") or ""
            answer = request.env["creditbox.order.event"]._once(
                key,
                what,
                work,
                order=order,
                happened_at=self._moment(body.get("at"), "at"),
                sent_at=self._moment(body.get("sent_at"), "sent_at"),
            )
        except NotFound:
            return self._error(404, "not_found", "no such order")
        except _Bad as bad:
            return self._error(*bad.args)
        except UserError as error:
            return self._error(400, "key", str(error))
        if not answer["ok"]:
            code = answer.get("code", "refused")
            status = 409 if code == "stopped" else 422
            return self._error(status, code, answer["message"], answer)
        return self._answer(answer)

    def _body(self):
        if (request.httprequest.content_length or 0) > MAX_BODY:
            raise _Bad(413, "too_large", f"at most {MAX_BODY // 1024**2} MB")
        raw = request.httprequest.get_data()
        try:
            body = json.loads(raw or b"{}")
        except ValueError:
            raise _Bad(400, "json", "the body is no JSON") from None
        if not isinstance(body, dict):
            raise _Bad(400, "json", "the body is no object")
        return body

    def _work_accept(self, order, body):
        return order._portal_accept

    def _work_refuse(self, order, body):
        note = self._text(body, "note")
        return lambda: order._portal_refuse(note)

    def _work_plan(self, order, body):
        crew, moment = body.get("crew_id"), self._moment(body.get("planned_for"), "at")
        if not isinstance(crew, int) or not moment:
            raise _Bad(400, "plan", "crew_id and planned_for are required")
        return lambda: order._portal_plan(crew, moment)

    def _work_arrived(self, order, body):
        when = self._moment(body.get("at"), "at")
        return lambda: order._portal_arrive(when)

    def _work_outcome(self, order, body):
        reading = body.get("reading")
        if reading is not None and (
            isinstance(reading, bool)
            or not isinstance(reading, int | float)
            or not 0 <= reading < 1e12
        ):
            raise _Bad(400, "reading", "reading is a number")
        names = ("reason", "note", "seal", "meter")
        what = {name: self._text(body, name) for name in names}
        when = self._moment(body.get("at"), "at")
        outcome = self._text(body, "outcome")
        return lambda: order._portal_outcome(outcome, when, reading=reading, **what)

    def _work_acknowledge(self, order, body):
        return order._portal_acknowledge

    def _work_photos(self, order, body):
        sent = body.get("photos")
        if not isinstance(sent, list) or not 1 <= len(sent) <= MAX_PHOTOS:
            raise _Bad(400, "photos", f"photos is a list of 1 to {MAX_PHOTOS}")
        photos = [self._photo(photo) for photo in sent]
        return lambda: {
            **order._portal_answer(),
            "photos": order._add_photos(photos).ids,
        }

    def _photo(self, photo):
        if not isinstance(photo, dict):
            raise _Bad(400, "photos", "a photo is an object")
        try:
            image = base64.b64decode(photo.get("image") or "", validate=True)
        except (binascii.Error, TypeError, ValueError):
            raise _Bad(400, "image", "image is not base64") from None
        values = {
            "kind": self._text(photo, "kind"),
            "image": image,
            "taken_at": self._moment(photo.get("taken_at"), "taken_at"),
            "note": self._text(photo, "note"),
            "filename": self._text(photo, "filename"),
        }
        for name in ("latitude", "longitude", "accuracy"):
            value = photo.get(name)
            if value is not None and (
                isinstance(value, bool) or not isinstance(value, int | float)
            ):
                raise _Bad(400, name, f"{name} is a number")
            values[name] = value
        return values

    # ------------------------------------------------------------------
    # values
    # ------------------------------------------------------------------
    def _text(self, body, name):
        value = body.get(name)
        if value is not None and not isinstance(value, str):
            raise _Bad(400, name, f"{name} is a text")
        return (value or "").strip()[:500]

    def _moment(self, text, name):
        """:return: naive datetime.datetime, UTC, of ISO 8601, or None"""
        if text is None:
            return None
        try:
            # until Python 3.11 fromisoformat knows no «Z»
            moment = datetime.fromisoformat(str(text).replace("Z", "+00:00"))
            if moment.tzinfo:
                moment = moment.astimezone(timezone.utc).replace(tzinfo=None)
        except (ValueError, OverflowError):
            raise _Bad(
                400, name, f"{name}: ISO 8601, as 2026-11-26T08:30:00Z"
            ) from None
        return moment

    def _answer(self, content, status=200):
        return request.make_json_response(
            content, headers={"X-Api-Version": VERSION}, status=status
        )

    def _error(self, status, code, message, answer=None):
        content = {"error": {"code": code, "message": message}}
        if answer:
            content |= {k: answer[k] for k in ("id", "state", "known") if k in answer}
        return self._answer(content, status)


def _iso(moment):
    return f"{moment.isoformat()}Z" if moment else None
