import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.creditbox_base.tools import sheet

RESULT_FIELDS = (
    *("order", "outcome", "when", "reason", "reading", "seal", "note"),
    "meter",
)
OUTCOMES = ("done", "not_executable")
CLIENT_FIELDS = ("supply", "operation", "date", "note")


class CreditboxOrderUpload(models.Model):
    """A file of orders, or of results, that came by the portal, and its answers."""

    _name = "creditbox.order.upload"
    _description = "File Sent on the Portal of Orders"
    _order = "id desc"
    _rec_name = "filename"

    user_id = fields.Many2one("res.users", required=True, readonly=True, index=True)
    partner_id = fields.Many2one("res.partner", string="Firm", readonly=True)
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    kind = fields.Selection(
        [("client", "Orders of a client"), ("contractor", "Results of a contractor")],
        required=True,
        readonly=True,
    )
    filename = fields.Char(readonly=True)
    sha256 = fields.Char(string="Fingerprint (SHA-256)", required=True, readonly=True)
    cells = fields.Json(readonly=True)
    answers = fields.Json(readonly=True)
    accepted_count = fields.Integer(string="Accepted", readonly=True)
    refused_count = fields.Integer(string="Refused", readonly=True)

    _once = models.UniqueIndex(
        "(user_id, kind, sha256)", "This file has been sent already."
    )

    @api.model
    def _take(self, user, kind, filename, content, photos=None):
        """Take a file in; the same file again gives the answers of the first time.

        :param kind: "client" or "contractor"
        :param content: bytes of a workbook or of a CSV file
        :param photos: list of (name, bytes) of the archive of photos, or None
        :return: creditbox.order.upload
        :raises UserError: a file that cannot be read
        """
        digest = hashlib.sha256(content)
        for name, picture in photos or ():
            digest.update(name.encode() + hashlib.sha256(picture).digest())
        known = self.search(
            [
                ("user_id", "=", user.id),
                ("kind", "=", kind),
                ("sha256", "=", digest.hexdigest()),
            ]
        )
        if known:
            return known
        names = CLIENT_FIELDS if kind == "client" else RESULT_FIELDS
        try:
            cells = sheet.read(content, names, self._headings(names))
        except sheet.Unreadable as error:
            raise UserError(self._why_unreadable(error, names)) from error
        if kind == "client":
            answers = self._take_orders(user, cells)
        else:
            answers = self._take_results(user, cells, photos or [])
        return self.create(
            {
                "user_id": user.id,
                "partner_id": user.commercial_partner_id.id,
                "company_id": user.company_id.id,
                "kind": kind,
                "filename": filename,
                "sha256": digest.hexdigest(),
                "cells": [{k: sheet.as_text(v) for k, v in c.items()} for c in cells],
                "answers": answers,
                "accepted_count": sum(answer["ok"] for answer in answers),
                "refused_count": sum(not answer["ok"] for answer in answers),
            }
        )

    def _why_unreadable(self, error, names):
        headings = self._headings(names)
        return {
            "kind": self.env._(
                "The file is neither a workbook (.xlsx) nor a CSV file."
            ),
            "too_large": self.env._(
                "The file is too large: at most 5 MB and %s rows.", sheet.MAX_ROWS
            ),
            "empty": self.env._("There are no rows in the file."),
            "heading": self.env._(
                "The column “%s” is missing in the first row: take the template.",
                headings.get(error.detail, error.detail),
            ),
        }[error.reason]

    @api.model
    def _headings(self, names):
        """:return: {field: heading shown}"""
        headings = {
            "supply": self.env._("Supply"),
            "operation": self.env._("Operation"),
            "date": self.env._("Day wanted"),
            "note": self.env._("Note"),
            "order": self.env._("Order"),
            "outcome": self.env._("Outcome"),
            "when": self.env._("Day and hour"),
            "reason": self.env._("Reason code"),
            "reading": self.env._("Reading"),
            "seal": self.env._("Seal"),
            "meter": self.env._("Meter found"),
        }
        return {name: headings[name] for name in names}

    def _refused_rows(self):
        """:return: list of (cells, message) of the rows to be corrected"""
        return [
            (self.cells[place], answer["message"])
            for place, answer in enumerate(self.answers)
            if not answer["ok"] and place < len(self.cells)
        ]

    # ------------------------------------------------------------------
    # orders of a client
    # ------------------------------------------------------------------
    def _take_orders(self, user, cells):
        rows, places, answers = [], [], {}
        for place, cell in enumerate(cells):
            try:
                day = sheet.as_date(cell["date"])
            except ValueError:
                answers[place] = self._refused(
                    place, "date", self.env._("“%s” is no day.", cell["date"])
                )
                continue
            places.append(place)
            rows.append(
                {
                    "row": place + 2,
                    "supply": sheet.as_text(cell["supply"]),
                    "operation": sheet.as_text(cell["operation"]),
                    "date": day,
                    "note": sheet.as_text(cell["note"])[:500],
                }
            )
        made = self.env["fsm.order"]._ask_by_client(user, rows)
        answers |= dict(zip(places, made, strict=True))
        return [answers[place] for place in range(len(cells))]

    def _refused(self, place, field, message, **more):
        return {
            "row": place + 2,
            "ok": False,
            "field": field,
            "message": message,
            **more,
        }

    # ------------------------------------------------------------------
    # results of a contractor
    # ------------------------------------------------------------------
    def _take_results(self, user, cells, photos):
        names = {sheet.as_text(cell["order"]) for cell in cells}
        orders = {
            order.name: order
            for order in self.env["fsm.order"]._portal_orders(
                "contractor", user, [("name", "in", list(names))]
            )
        }
        # the longest name first: ODL10 is not ODL1
        pictures, lost = self._sort_photos(photos, orders)
        answers = [
            self._take_result(place, cell, orders, pictures)
            for place, cell in enumerate(cells)
        ]
        answers += [
            self._refused(
                len(cells) + number,
                "photo",
                self.env._("Photo “%s”: its name begins with no order of yours.", name),
                row_of_file=False,
            )
            for number, name in enumerate(lost)
        ]
        return answers

    def _sort_photos(self, photos, orders):
        """:return: ({order name: [(kind, name, bytes)]}, names that fit no order)"""
        found, lost = {}, []
        for name, content in photos:
            order = next(
                (
                    o
                    for o in sorted(orders, key=len, reverse=True)
                    if name.startswith(o)
                ),
                None,
            )
            if order:
                kind = sheet.photo_kind(name)
                found.setdefault(order, []).append((kind, name, content))
            else:
                lost.append(name)
        return found, lost

    def _take_result(self, place, cell, orders, pictures):
        order = orders.get(sheet.as_text(cell["order"]))
        if not order:
            return self._refused(
                place,
                "order",
                self.env._(
                    "“%s” is none of your orders.", sheet.as_text(cell["order"])
                ),
            )
        try:
            what = self._read_result(cell, order)
        except UserError as error:
            return self._refused(place, *error.args[::-1])
        messages = self._take_pictures(order, pictures.get(order.name, ()))
        try:
            with self.env.cr.savepoint():
                answer = order._portal_outcome(**what)
        except UserError as error:
            self.env.invalidate_all()
            answer = {"ok": False, "message": str(error)}
        return {
            "row": place + 2,
            "order": order.name,
            "order_id": order.id,
            "field": "" if answer["ok"] else "outcome",
            "ok": answer["ok"],
            "message": " ".join(filter(None, (answer.get("message"), *messages))),
        }

    def _take_pictures(self, order, pictures):
        """Keep the photos of an order that are good. :return: why the others are not"""
        refused = []
        for kind, name, content in pictures:
            try:
                with self.env.cr.savepoint():
                    order._add_photos(
                        [
                            {
                                "kind": kind,
                                "image": content,
                                "filename": name,
                                "note": self.env._("From the contractor's archive"),
                            }
                        ]
                    )
            except UserError as error:
                refused.append(f"{name}: {error}")
        return refused

    def _read_result(self, cell, order):
        """:raises UserError: (message, field) of a value that cannot be read"""
        labels = self._outcomes(order)
        outcome = sheet.as_text(cell["outcome"])
        if outcome.casefold() not in labels:
            raise _Unread(self.env._("“%s” is no outcome.", outcome), "outcome")
        try:
            when = sheet.as_moment(cell["when"], order.company_id._creditbox_zone())
        except ValueError:
            raise _Unread(self.env._("“%s” is no day.", cell["when"]), "when") from None
        try:
            reading = sheet.as_number(cell["reading"])
        except ValueError:
            raise _Unread(
                self.env._("“%s” is no figure.", cell["reading"]), "reading"
            ) from None
        return {
            "outcome": labels[outcome.casefold()],
            "when": when,
            "reading": reading,
            "reason": sheet.as_text(cell["reason"]),
            "seal": sheet.as_text(cell["seal"])[:64],
            "note": sheet.as_text(cell["note"])[:500],
            "meter": sheet.as_text(cell["meter"])[:100],
        }

    def _outcomes(self, order):
        """:return: {word of an outcome: its key}, in the user's words and ours"""
        states = order._fields["creditbox_state"]._description_selection(self.env)
        words = {key: name for key, name in states if key in OUTCOMES}
        return {
            **{key: key for key in OUTCOMES},
            **{name.casefold(): key for key, name in words.items()},
        }


class _Unread(UserError):
    """A value that cannot be read: its message and its field."""

    def __init__(self, message, field):
        super().__init__(message)
        self.args = (message, field)
