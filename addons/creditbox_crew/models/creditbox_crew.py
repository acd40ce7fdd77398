from datetime import datetime

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import html2plaintext

from odoo.addons.creditbox_utility.models.fsm_order import AGAINST

from ..tools.entry import Entry

HANDED = ("sent", "on_site")
ENTRIES = ("start", "check", "photo", "done", "not_executable", "paid", "ack")


class CreditboxCrew(models.AbstractModel):
    """What a crew's phone shows and sends: its own orders, nobody else's.

    A crew has no right on orders. All it may do passes here, where the one question
    is asked, whose order it is; what is asked for is then done as the system.
    """

    _name = "creditbox.crew"
    _description = "The Crew's Phone"

    @api.model
    def _domain_own(self):
        user = self.env.user
        return Domain("person_id.partner_id", "=", user.partner_id.id) & Domain(
            [
                ("creditbox_operation", "!=", False),
                ("creditbox_sent_at", "!=", False),
                ("company_id", "in", user.company_ids.ids),
            ]
        )

    @api.model
    def _is_crew(self):
        """:return: whether the user is a crew"""
        persons = self.env["fsm.person"].sudo()  # see the class
        return bool(
            persons.search_count([("partner_id", "=", self.env.user.partner_id.id)])
        )

    @api.model
    def _day(self):
        """Return what the phone shows: orders handed out, and those ended today.

        :return: dict (JSON): ``now``, ``orders`` in the order of the route, ``reasons``
        """
        today = self.env.company._creditbox_today()
        midnight = self.env.company._creditbox_moment(today, 0)
        orders = self.env["fsm.order"].sudo()  # see the class
        own = orders.search(
            self._domain_own()
            & (
                Domain("creditbox_state", "in", HANDED)
                | Domain("creditbox_closed_at", ">=", midnight)
            )
        )
        own = own.sorted(
            lambda order: (
                (order.scheduled_date_start or datetime.max).date(),
                order.creditbox_route_sequence or 9999,
                order.scheduled_date_start or datetime.max,
                order.id,
            )
        )
        reasons = self.env["creditbox.order.reason"].sudo()  # see the class
        return {
            "now": _iso(fields.Datetime.now()),
            "orders": self._seen(own),
            "reasons": [
                {"id": reason.id, "name": reason.name, "meter": reason.asks_meter}
                for reason in reasons.search(
                    [("company_id", "in", [False, *self.env.user.company_ids.ids])]
                )
                if reason.code != "paid_on_site"
            ],
        }

    @api.model
    def _seen(self, orders):
        """:return: list of dict, what a crew must know; never the amount owed"""
        needed = self.env["creditbox.order.photo.need"]._kinds_of(orders)
        missing = orders._missing_photos()
        return [
            self._seen_one(order, needed[order], missing[order]) for order in orders
        ]

    @api.model
    def _seen_one(self, order, needed, missing):
        supply, customer = order.creditbox_supply_id, order.creditbox_partner_id
        return {
            "id": order.id,
            "name": order.name,
            "operation": order._label("creditbox_operation"),
            "state": order.creditbox_state,
            "state_label": order._label("creditbox_state"),
            "reason": order.creditbox_note or "",
            "customer": customer.name,
            "phone": customer.phone or "",
            "street": supply.street or "",
            "city": " ".join(filter(None, (supply.zip, supply.city))),
            "latitude": supply.latitude,
            "longitude": supply.longitude,
            "supply": supply.code,
            "meter": supply.meter_id.serial or "",
            "planned": _iso(order.scheduled_date_start),
            "route": order.creditbox_route_sequence,
            "todo": html2plaintext(order.todo or ""),
            "against": order.creditbox_operation in AGAINST,
            "needs": needed,
            "missing": missing,
            "checked": _iso(order.creditbox_debt_checked_at),
            "minutes": order.company_id.creditbox_debt_check_minutes,
            "receipt": "receipt" in order.creditbox_photo_ids.mapped("kind"),
            "seen": bool(order.creditbox_ack_at),
        }

    @api.model
    def _receive(self, entries, files):
        """Take what a phone sends, in its order, each thing once only.

        :param entries: list of dict: ``key``, ``what``, ``order``, ``happened_at``,
            ``sent_at`` (ISO, UTC, the phone's clock), and what each kind needs
        :param files: {name: bytes}
        :return: list of dict: ``key``, ``ok``, and ``message`` where refused
        """
        answers, own = [], {}
        for group in _in_a_row([Entry(self.env, entry) for entry in entries]):
            together = len(group) > 1 and self._take_photos(group, files, own)
            answers += together or [self._take(entry, files, own) for entry in group]
        return answers

    @api.model
    def _take_photos(self, entries, files, own):
        """Take photos of one order in one go, if there is nothing to say of any.

        :return: list of answers, or None: they are to be taken one by one
        """
        events = self.env["creditbox.order.event"]
        try:
            with self.env.cr.savepoint():
                order = self._order_of(entries[0], own)
                return events._once_together(
                    [_heading(entry) for entry in entries],
                    "photo",
                    lambda: order._crew_photos(entries, files),
                    order,
                )
        except UserError:
            self.env.invalidate_all()
            return None

    @api.model
    def _take(self, entry, files, own):
        key = entry.text("key")
        try:
            what, order = entry.text("what"), self._order_of(entry, own)
            if what not in ENTRIES:
                raise UserError(self.env._("“%s” is nothing a phone sends.", what))
            answer = self.env["creditbox.order.event"]._once(
                key,
                what,
                lambda: getattr(order, f"_crew_{what}")(entry, files),
                order,
                happened_at=entry.moment("happened_at"),
                sent_at=entry.moment("sent_at"),
            )
        except UserError as error:
            answer = {"ok": False, "message": str(error)}
        return {"key": key, **answer}

    @api.model
    def _order_of(self, entry, own):
        """:param own: {id: fsm.order} of this crew that were asked for already"""
        order_id = entry.whole("order")
        if order_id not in own:
            orders = self.env["fsm.order"].sudo()  # see the class
            own[order_id] = orders.search(
                self._domain_own() & Domain("id", "=", order_id)
            )
        if not own[order_id]:
            raise UserError(
                self.env._("This order is not, or no longer, one of your crew.")
            )
        return own[order_id]


def _in_a_row(entries):
    """:return: list of lists: photos of one order that follow each other, together"""
    groups = []
    for entry in entries:
        last = groups[-1][-1] if groups else None
        if last and _is_photo_of(entry, last):
            groups[-1].append(entry)
        else:
            groups.append([entry])
    return groups


def _is_photo_of(entry, last):
    photos = entry.text("what") == last.text("what") == "photo"
    return photos and entry.whole("order") == last.whole("order")


def _heading(entry):
    return {
        "key": entry.text("key"),
        "happened_at": entry.moment("happened_at"),
        "sent_at": entry.moment("sent_at"),
    }


def _iso(moment):
    return moment and moment.isoformat() + "Z"
