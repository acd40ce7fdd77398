import os
from functools import partial

from odoo import models
from odoo.tools.pdf import PdfFileReader

from odoo.addons.creditbox_base.tools.package import opened

from ..tools.sections import Document, Section


class CreditboxDebtFileContent(models.AbstractModel):
    """What proves that it arrived: receipts of the PEC, letters with their A/R."""

    _inherit = "creditbox.debt.file.content"

    def _sections(self, scope):
        return [
            *super()._sections(scope),
            Section(40, self.env._("PEC with receipts"), self._pec(scope)),
            Section(50, self.env._("Letters with proofs"), self._letters(scope)),
        ]

    # ------------------------------------------------------------------
    # PEC
    # ------------------------------------------------------------------
    def _pec(self, scope):
        """Each message of the mailbox as it came, with its certified data."""
        actions = self._actions(scope, ("code", "=", "pec"))
        messages = self.env["creditbox.pec.message"].search(
            [("action_id", "in", actions._leads().ids)], order="date, id"
        )
        if scope.whole:
            messages |= self.env["creditbox.pec.message"].search(
                [
                    ("partner_id", "=", scope.partner.id),
                    ("company_id", "=", scope.company.id),
                    ("action_id", "=", False),
                ],
                order="date, id",
            )
        yield from self._pec_table(scope, messages)
        kinds = self._labels("creditbox.pec.message", "kind")
        by_id = {message.id: message for message in messages}
        files = self._attachments(messages._name, messages.ids, "eml", "daticert")
        for file in files.sorted(
            lambda f: (by_id[f.res_id].date or f.create_date, f.id)
        ):
            message = by_id[file.res_id]
            day = self._day(scope, message.date)
            name = (
                message.eml_name if file.res_field == "eml" else message.daticert_name
            )
            yield self._attached(
                file,
                day,
                f"{kinds[message.kind]}: {message.subject or name}",
                f"{self._stamp(day)} {name}",
            )

    def _pec_table(self, scope, messages):
        kinds = self._labels("creditbox.pec.message", "kind")
        signatures = self._labels("creditbox.pec.message", "signature")
        columns = [
            (self.env._("Legal time"), "text", 14),
            (self.env._("Receipt"), "text", 14),
            (self.env._("Subject"), "text", 26),
            (self.env._("To"), "text", 22),
            (self.env._("Provider's number"), "text", 20),
            (self.env._("Signature"), "text", 16),
            (self.env._("SHA-256"), "text", 30),
        ]
        rows = [
            (
                self._moment(scope, message.date),
                kinds[message.kind],
                message.subject or "",
                message.recipient or "",
                message.identifier or "",
                signatures.get(message.signature, ""),
                message.sha256 or "",
            )
            for message in messages
        ]
        return self._listing(scope, self.env._("List of the receipts"), columns, rows)

    # ------------------------------------------------------------------
    # letters
    # ------------------------------------------------------------------
    def _letters(self, scope):
        """The pages of each letter, the card that came back, what the post says."""
        actions = self._actions(scope, ("letter_lot_id", "!=", False))
        letters = actions._leads()
        yield from self._postal_table(scope, letters)
        cut = {
            (file.res_id, file.name): file
            for file in self._attachments(letters._name, letters.ids)
        }
        cards = self._attachments(letters._name, letters.ids, "receipt_card")
        cards = {card.res_id: card for card in cards}
        readers = self._lot_readers(letters.letter_lot_id)
        for action in letters:
            day = action.date_done
            title = self.env._("Letter: %s", action.message_subject or "")
            name = self._letter_name(action)
            if file := cut.get((action.id, name)):
                yield self._attached(file, day, title, f"{self._stamp(day)} {name}")
            elif reader := readers.get(action.letter_lot_id):
                source = partial(self._letter_pages, action, reader)
                yield Document(f"{self._stamp(day)} {name}", title, source, day)
            if card := cards.get(action.id):
                yield self._card(action, card)

    def _lot_readers(self, lots):
        """Readers of the lots' PDFs, which open the file where it lies."""
        files = self._attachments(lots._name, lots.ids, "pdf")
        return {
            lots.browse(file.res_id): PdfFileReader(opened(self._source(file)))
            for file in files
        }

    def _letter_pages(self, action, reader):
        return action.letter_lot_id._pages_of(action, reader)[0]

    def _card(self, action, card):
        """:return: Document of the card that came back signed"""
        day = action.date_proof or action.date_done
        number = action.tracking_number or str(action.id)
        ending = os.path.splitext(action.receipt_card_name or card.name or "")[1]
        return self._attached(
            card,
            day,
            self.env._("Receipt card A/R %s", number),
            f"{self._stamp(day)} A-R {number}{ending}",
        )

    def _postal_table(self, scope, letters):
        codes = self._labels("creditbox.action", "code")
        events = self.env["creditbox.postal.event"].search(
            [("action_id", "in", letters.ids)], order="date, id"
        )
        columns = [
            (self.env._("Posted on"), "date", 10),
            (self.env._("Product"), "text", 14),
            (self.env._("Number"), "text", 18),
            (self.env._("Address"), "text", 34),
            (self.env._("Event"), "text", 14),
            (self.env._("Outcome"), "text", 24),
            (self.env._("Note"), "text", 22),
        ]
        by_action = events.grouped("action_id")
        rows = [
            (
                action.letter_lot_id.date_posted or action.date_done or None,
                codes[action.code],
                action.tracking_number or "",
                action.postal_address or action.recipient or "",
                self._moment(scope, event.date),
                event._text() if event else "",
                self.env._("withdrawn") if event.withdrawn else event.note or "",
            )
            for action in letters
            for event in by_action.get(action, [events.browse()])
        ]
        return self._listing(
            scope, self.env._("What became of the letters"), columns, rows
        )
