from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import split_every

from ..tools import postal_cards

COLUMNS = ("letter", "tracking", "code", "cause", "date", "card")
CARDS_AT_ONCE = 50


class CreditboxPostalFile(models.Model):
    """A file of an outsourcer: tracking numbers, outcomes, or scans of receipt cards.

    What cannot be taken is listed by row and field, can be corrected and taken again.
    """

    _name = "creditbox.postal.file"
    _inherit = ["creditbox.provider.file"]
    _description = "File of a Postal Outsourcer"

    company_id = fields.Many2one(
        "res.company",
        readonly=True,
        index="btree_not_null",
        help="Only its letters are looked for. Empty: those of the whole group.",
    )
    kind = fields.Selection(
        [("outcomes", "Numbers and outcomes"), ("cards", "Receipt cards")],
        required=True,
        readonly=True,
    )
    tracking_count = fields.Integer(string="New numbers", readonly=True)
    event_count = fields.Integer(string="New outcomes", readonly=True)
    card_count = fields.Integer(string="New cards", readonly=True)
    error_ids = fields.One2many("creditbox.postal.error", "file_id", readonly=True)
    error_count = fields.Integer(string="To correct", compute="_compute_error_count")

    @api.depends("error_ids.state")
    def _compute_error_count(self):
        counts = dict(
            self.env["creditbox.postal.error"]._read_group(
                [("file_id", "in", self.ids), ("state", "=", "open")],
                ["file_id"],
                ["__count"],
            )
        )
        for file in self:
            file.error_count = counts.get(file, 0)

    @api.model
    def _take(self, provider, name, content, company=None):
        """Keep a file and take what it says; one that is known changes nothing.

        :param content: bytes
        :param company: res.company whose letters are meant (default: the provider's)
        :return: creditbox.postal.file
        """
        company = provider.company_id or company or self.env["res.company"]
        values = self._values_of(provider, company, name, content)
        if known := self._find_same(values):
            return known
        kind = "cards" if name.lower().endswith(".zip") else "outcomes"
        file = self.create({**values, "kind": kind})
        file._read_or_fail(content)
        return file

    def _read(self, content):
        if self.kind == "cards":
            self._take_cards(content)
        else:
            rows = self._table_rows(content)
            self.row_count = len(rows)
            self._take_rows(rows)

    # ------------------------------------------------------------------
    # tables
    # ------------------------------------------------------------------
    def _table_rows(self, content):
        """:return: list of dicts with COLUMNS and «row»: texts as they stand
        :raises FileProblem: no table, or none with our columns
        """
        return [
            {column: str(cells.get(column) or "").strip() for column in COLUMNS}
            | {"row": number}
            for number, cells in self._rows(content)
        ]

    def _headings(self):
        return {
            heading.strip().casefold(): column
            for column in COLUMNS
            for heading in (self.provider_id[f"postal_heading_{column}"] or "").split(
                ";"
            )
            if heading.strip()
        }

    def _is_head(self, columns):
        return columns & {"letter", "tracking"} and len(columns) > 1

    # ------------------------------------------------------------------
    # cards
    # ------------------------------------------------------------------
    def _take_cards(self, content, owners=None):
        """Put the scans of a zip to their letters.

        :param owners: {name of a scan: its letter}, only these; default: all, each
            named by its letter's own number or tracking number
        :return: {name of a scan: (field, reason)} of those refused
        """
        archive = postal_cards.open_cards(content)
        faults, count = {}, 0
        cards = postal_cards.read_cards(archive, only=owners)
        for batch in split_every(CARDS_AT_ONCE, cards, list):
            keys = {
                card.name: (owners or {}).get(card.name) or card.key for card in batch
            }
            refused = self._take_batch(batch, keys)
            if owners is None:
                self._list_errors(
                    [
                        ({"row": number, "letter": keys[name], "card": name}, *fault)
                        for number, name in enumerate(keys, start=count + 1)
                        if (fault := refused.get(name))
                    ]
                )
            faults |= refused
            count += len(batch)
        if owners is None:
            self.row_count = count
        return faults

    def _take_batch(self, cards, keys):
        """:param keys: {name of a scan: number of its letter}
        :return: {name of a scan: (field, reason)} of those refused
        """
        letters = self._letters_of(
            [{"letter": key, "tracking": key} for key in keys.values()]
        )
        announced = self._announced(keys)
        faults, taken = {}, {}
        for card in cards:
            action = letters.find_any(keys[card.name]) or announced.get(card.name)
            fault = self._card_fault(card, action, taken)
            if fault:
                faults[card.name] = fault
            elif action.receipt_card_name == card.name:
                self.known_count += 1
            else:
                taken[action] = card
        self._attach(taken)
        self.card_count += len(taken)
        return faults

    def _card_fault(self, card, action, taken):
        """:return: (field, reason), or None"""
        if card.fault == "too_big":
            return "card", self.env._("The scan is larger than 5 MB")
        if card.fault:
            return "card", self.env._("Neither JPEG, PNG, TIFF nor PDF")
        if not action:
            return "letter", self.env._("No letter of ours has this number")
        other = action.receipt_card_name
        if action in taken or other and other != card.name:
            return "letter", self.env._("This letter has its card already")
        return None

    def _attach(self, cards):
        """:param cards: {action: postal_cards.Card}"""
        # as the field would, but many at once
        self.env["ir.attachment"].create(
            [
                {
                    "name": card.name,
                    "res_model": action._name,
                    "res_field": "receipt_card",
                    "res_id": action.id,
                    "company_id": action.company_id.id,
                    "raw": card.content,
                    "mimetype": card.mimetype,
                }
                for action, card in cards.items()
            ]
        )
        self.env["creditbox.channel"]._note(
            {"receipt_card_name": "varchar"},
            [(action.id, card.name) for action, card in cards.items()],
        )
        self.env["creditbox.action"].invalidate_model(["receipt_card"])

    # ------------------------------------------------------------------
    # screens
    # ------------------------------------------------------------------
    def action_open_errors(self):
        """:return: window action of the rows to correct"""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "creditbox_dunning.creditbox_postal_error_action"
        )
        domain = Domain("file_id", "=", self.id)
        return {**action, "domain": domain, "context": {"search_default_open": 1}}

    def action_open_events(self):
        """:return: window action of the outcomes that it has brought"""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "creditbox_dunning.creditbox_postal_event_action"
        )
        return {**action, "domain": [("file_id", "=", self.id)], "context": {}}
