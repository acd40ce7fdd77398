import base64

from odoo import fields, models
from odoo.exceptions import AccessError

from odoo.addons.creditbox_base.tools.file_reasons import explain_file
from odoo.addons.creditbox_base.tools.problem import FileProblem

EDITABLE = {"letter", "tracking", "code", "cause", "date"}


class CreditboxPostalError(models.Model):
    """A row of an outsourcer's file that could not be taken: what it said, and why."""

    _name = "creditbox.postal.error"
    _inherit = ["creditbox.guarded"]
    _description = "Refused Row of an Outsourcer"
    _order = "file_id desc, row, id"
    _rec_name = "reason"

    file_id = fields.Many2one(
        "creditbox.postal.file",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="file_id.company_id", store=True, index="btree_not_null"
    )
    provider_id = fields.Many2one(related="file_id.provider_id")
    row = fields.Integer(readonly=True)
    letter = fields.Char(string="Letter's own number")
    tracking = fields.Char(string="Tracking number")
    code = fields.Char()
    cause = fields.Char()
    date = fields.Char(help="As it stands in the file.")
    card = fields.Char(
        string="Scan", readonly=True, help="Name of the file in the zip."
    )
    field_name = fields.Selection(
        [
            ("letter", "Letter's own number"),
            ("tracking", "Tracking number"),
            ("code", "Code"),
            ("date", "Date"),
            ("card", "Scan"),
        ],
        string="Field",
        required=True,
        readonly=True,
    )
    reason = fields.Char(required=True, readonly=True)
    state = fields.Selection(
        [("open", "To correct"), ("done", "Taken"), ("dismissed", "Set aside")],
        required=True,
        readonly=True,
        default="open",
        index=True,
    )

    def write(self, vals):
        if not self.env.su and (
            vals.keys() - EDITABLE or set(self.mapped("state")) - {"open"}
        ):
            raise AccessError(self.env._("Only what is still open can be corrected."))
        return super().write(vals)

    def action_retake(self):
        """Take the rows as they stand now; what is still wrong stays, and says why."""
        self._require("creditbox_base.group_operator")
        # files, events and actions are nobody's to write
        for file, errors in self.sudo()._open().grouped("file_id").items():
            if file.kind == "cards":
                errors._retake_cards(file)
            else:
                errors._retake_rows(file)

    def action_dismiss(self):
        """Set the rows aside: somebody has looked at them."""
        self._require("creditbox_base.group_operator")
        self.sudo()._open().state = "dismissed"

    def _open(self):
        return self.filtered(lambda error: error.state == "open")

    def _retake_rows(self, file):
        rows = [
            {
                "letter": (error.letter or "").strip(),
                "tracking": (error.tracking or "").strip(),
                "code": (error.code or "").strip(),
                "cause": (error.cause or "").strip(),
                "date": (error.date or "").strip(),
                "card": error.card or "",
                "row": error.row,
                "error": error,
            }
            for error in self
        ]
        refused = {
            row["error"]: (field, reason)
            for row, field, reason in file._take_rows(rows)
        }
        self._settle(refused)

    def _retake_cards(self, file):
        content = base64.b64decode(file.with_context(bin_size=False).content)
        owners = {error.card: (error.letter or "").strip() for error in self}
        try:
            faults = file._take_cards(content, owners)
        except FileProblem as problem:
            reason = explain_file(self.env, problem)
            faults = {card: ("card", reason) for card in owners}
        self._settle({e: faults[e.card] for e in self if e.card in faults})

    def _settle(self, refused):
        """:param refused: {error: (field, reason)}"""
        for error, (field, reason) in refused.items():
            error.write({"field_name": field, "reason": reason})
        taken = self.filtered(lambda error: error not in refused)
        taken.state = "done"
