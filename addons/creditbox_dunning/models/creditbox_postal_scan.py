import posixpath

from odoo import models
from odoo.fields import Domain


def scan_key(name):
    """:return: str, a scan's name as it is compared: no folder, ending nor capitals"""
    base = posixpath.basename((name or "").strip().replace("\\", "/"))
    return posixpath.splitext(base)[0].casefold()


class CreditboxPostalFile(models.Model):
    """Scans that are named by a column of the outcomes, not by their letters.

    Table and scans come in any order: what comes first waits for the other.
    """

    _inherit = "creditbox.postal.file"

    def _take_rows(self, rows):
        refused = super()._take_rows(rows)
        named = [row for row in rows if row.get("card")]
        if named:
            self._announce_scans(named)
        return refused

    def _announce_scans(self, rows):
        """Keep which scan is whose; take those that were there before."""
        letters, owners = self._letters_of(rows), {}
        for row in rows:
            if action := letters.of_row(row):
                owners.setdefault(scan_key(row["card"]), set()).add(action)
        # a name for two letters is nobody's
        sure = {key: found.pop() for key, found in owners.items() if len(found) == 1}
        self.env["creditbox.channel"]._note(
            {"receipt_card_key": "varchar"},
            [(action.id, key) for key, action in sure.items()],
        )
        waiting = self.env["creditbox.postal.error"].search(
            [
                ("file_id.kind", "=", "cards"),
                ("file_id.provider_id", "=", self.provider_id.id),
                ("state", "=", "open"),
            ]
        )
        waiting = waiting.filtered(lambda error: scan_key(error.card) in sure)
        for file, errors in waiting.grouped("file_id").items():
            errors._retake_cards(file)

    def _announced(self, names):
        """:return: {name of a scan: the letter that it was announced for}"""
        keys = {name: scan_key(name) for name in names}
        actions = self.env["creditbox.action"].search(
            self._domain_mine() & Domain("receipt_card_key", "in", list(keys.values()))
        )
        by_key = actions.grouped("receipt_card_key")
        found = {}
        for name, key in keys.items():
            owners = by_key.get(key, actions.browse())
            # names may begin anew: whose card is missing still, else the last
            owners = owners.filtered(lambda a: not a.receipt_card_name) or owners[:1]
            if len(owners) == 1:
                found[name] = owners
        return found
