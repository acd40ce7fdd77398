import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.creditbox_base.tools import sheet

from .creditbox_case_declaration import CHANNELS

COLUMNS = ("case", "amount", "date", "channel", "reference")


class CreditboxCaseUpload(models.Model):
    """A file of collections that came by the portal, with the answer for each row.

    A row is taken whole or refused with its reason; the file in one transaction.
    """

    _name = "creditbox.case.upload"
    _description = "File of Collections Sent on the Portal"
    _order = "id desc"
    _rec_name = "filename"

    user_id = fields.Many2one("res.users", required=True, readonly=True, index=True)
    provider_id = fields.Many2one(
        "creditbox.provider", string="Lawyer or agency", readonly=True
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    filename = fields.Char(readonly=True)
    sha256 = fields.Char(string="Fingerprint (SHA-256)", required=True, readonly=True)
    cells = fields.Json(readonly=True)
    answers = fields.Json(readonly=True)
    accepted_count = fields.Integer(string="Taken", readonly=True)
    refused_count = fields.Integer(string="Refused", readonly=True)
    declaration_ids = fields.One2many("creditbox.case.declaration", "upload_id")

    _once = models.UniqueIndex("(user_id, sha256)", "This file has been sent already.")

    @api.model
    def _take(self, user, filename, content):
        """Take a file in; the same file again gives the answers of the first time.

        :param content: bytes of a workbook or of a CSV file
        :return: creditbox.case.upload
        :raises UserError: a file that cannot be read
        """
        digest = hashlib.sha256(content).hexdigest()
        known = self.search([("user_id", "=", user.id), ("sha256", "=", digest)])
        if known:
            return known
        try:
            cells = sheet.read(content, COLUMNS, self._headings())
        except sheet.Unreadable as error:
            raise UserError(self._why_unreadable(error)) from error
        upload = self.create(
            {
                "user_id": user.id,
                "provider_id": self.env["creditbox.case"]._case_provider(user)[:1].id,
                "company_id": user.company_id.id,
                "filename": filename,
                "sha256": digest,
                "cells": [{k: sheet.as_text(v) for k, v in c.items()} for c in cells],
            }
        )
        upload._answer(user, cells)
        return upload

    @api.model
    def _headings(self):
        """:return: {field: heading shown}"""
        return {
            "case": self.env._("Case"),
            "amount": self.env._("Amount collected"),
            "date": self.env._("Collected on"),
            "channel": self.env._("Channel"),
            "reference": self.env._("Reference"),
        }

    def _why_unreadable(self, error):
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
                self._headings().get(error.detail, error.detail),
            ),
        }[error.reason]

    # -- rows ----------------------------------------------------------------------

    def _answer(self, user, cells):
        """Take the good rows, all at once, and keep the answer for each."""
        names = {sheet.as_text(cell["case"]) for cell in cells}
        cases = {
            case.name: case
            for case in self.env["creditbox.case"]._case_own(
                user, [("name", "in", list(names))]
            )
        }
        channels = self._channels()
        rows, problems = {}, {}
        for place, cell in enumerate(cells):
            if not self._filled(cell):
                continue
            try:
                rows[place] = self._read(cell, cases, channels)
            except _Unread as error:
                problems[place] = error.args
        declarations = self.env["creditbox.case.declaration"]
        checked = declarations._problems([*rows.values()])
        for place, problem in zip([*rows], checked, strict=True):
            if problem:
                problems[place] = problem
                del rows[place]
        declarations._take(user, [*rows.values()], self)
        self._keep_answers(cells, problems)

    def _keep_answers(self, cells, problems):
        answers = [
            {
                "row": place + 2,
                "ok": place not in problems,
                "case": sheet.as_text(cell["case"]),
                "field": problems[place][0] if place in problems else "",
                "message": problems[place][1] if place in problems else "",
            }
            for place, cell in enumerate(cells)
            if self._filled(cell)
        ]
        self.write(
            {
                "answers": answers,
                "accepted_count": sum(answer["ok"] for answer in answers),
                "refused_count": sum(not answer["ok"] for answer in answers),
            }
        )

    def _filled(self, cell):
        """:return: bool, whether the row says more than the case of the template"""
        return any(sheet.as_text(cell[name]) for name in COLUMNS[1:])

    def _read(self, cell, cases, channels):
        """
        :return: dict for ``creditbox.case.declaration``
        :raises _Unread: (field, message) of a value that cannot be read
        """
        env = self.env
        texts = {name: sheet.as_text(value) for name, value in cell.items()}
        if texts["case"] not in cases:
            raise _Unread("case", env._("“%s” is none of your cases.", texts["case"]))
        try:
            amount = sheet.as_number(cell["amount"])
        except ValueError:
            amount = None
        if amount is None:
            raise _Unread("amount", env._("“%s” is no amount.", texts["amount"]))
        try:
            day = sheet.as_date(cell["date"])
        except ValueError:
            day = None
        if not day:
            raise _Unread("date", env._("“%s” is no day.", texts["date"]))
        channel = channels.get(texts["channel"].casefold() or "other")
        if not channel:
            raise _Unread("channel", env._("“%s” is no channel.", texts["channel"]))
        return {
            "case": cases[texts["case"]],
            "amount": amount,
            "date": day,
            "channel": channel,
            "reference": texts["reference"][:64],
        }

    def _channels(self):
        """:return: {word of a channel: its key}, in the user's words and ours"""
        field = self.env["creditbox.case.declaration"]._fields["channel"]
        shown = field._description_selection(self.env)
        return {
            **{key: key for key, _name in CHANNELS},
            **{name.casefold(): key for key, name in shown},
        }

    def _refused_rows(self):
        """:return: list of (cells, message) of the rows to be corrected"""
        return [
            (self.cells[answer["row"] - 2], answer["message"])
            for answer in self.answers
            if not answer["ok"]
        ]

    def action_open_declarations(self):
        """:return: window action of what was taken"""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "creditbox_legal_portal.creditbox_case_declaration_action"
        )
        return {**action, "domain": [("upload_id", "in", self.ids)], "context": {}}


class _Unread(Exception):
    """A value that cannot be read: its field and its message."""
