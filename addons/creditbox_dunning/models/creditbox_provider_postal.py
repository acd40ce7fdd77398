import logging
import posixpath

import fsspec

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.creditbox_base.tools.folder import is_settled

from ..tools.postal_package import FIELDS, Column, Layout
from ..tools.transport import own_transaction

_logger = logging.getLogger(__name__)

# names under which columns of outcome files are known, until somebody says others
HEADINGS = {
    "letter": "letter; requestId; id lettera; id_lettera; riferimento",
    "tracking": "tracking; registeredLetterCode; numero raccomandata; raccomandata",
    "code": "code; statusCode; codice esito; esito",
    "cause": "cause; deliveryFailureCause; causale; causa",
    "date": "date; statusDateTime; data esito; data",
    "card": "image; imageName; immagine; nome immagine; scansione",
}


class CreditboxProvider(models.Model):
    """Postal outsourcers: what they are given, and how their outcomes are read."""

    _inherit = "creditbox.provider"

    postal_delivery = fields.Selection(
        [("download", "Download"), ("folder", "Shared folder or SFTP")],
        string="Lots are handed over by",
        default="download",
        required=True,
    )
    postal_auto = fields.Boolean(
        string="By itself",
        help="New lots are handed over by the scheduler, without a person.",
    )
    postal_storage_id = fields.Many2one("fs.storage", string="Storage")
    postal_folder_out = fields.Char(
        string="Folder of the lots", help="Empty: the storage's first folder."
    )
    postal_folder_in = fields.Char(
        string="Folder of the outcomes", help="Empty: outcomes are uploaded."
    )
    postal_settle_seconds = fields.Integer(
        string="Leave alone (seconds)",
        default=60,
        help="A file that has changed since may still be being written.",
    )
    postal_fetched_at = fields.Datetime(
        string="Folder: last look", readonly=True, copy=False
    )
    postal_error = fields.Char(string="Folder: last error", readonly=True, copy=False)
    postal_files = fields.Selection(
        [("one", "One PDF for the lot"), ("each", "A PDF for each letter, in a zip")],
        string="Letters",
        default="one",
        required=True,
    )
    postal_duplex = fields.Boolean(
        string="Printed on both sides", help="Two pages are one sheet."
    )
    postal_code_letter = fields.Char(
        string="Code of ordinary letters", default="ORD", required=True
    )
    postal_code_registered = fields.Char(
        string="Code of registered letters", default="AR", required=True
    )
    postal_index_format = fields.Selection(
        [("csv", "CSV"), ("xml", "XML")], string="Index", default="csv", required=True
    )
    postal_separator = fields.Selection(
        [(";", "Semicolon"), (",", "Comma"), ("\t", "Tab"), ("|", "Bar")],
        string="Separator",
        default=";",
        required=True,
    )
    postal_encoding = fields.Selection(
        [
            ("utf-8-sig", "UTF-8 with mark"),
            ("utf-8", "UTF-8"),
            ("cp1252", "Windows-1252"),
            ("iso-8859-15", "ISO-8859-15"),
        ],
        string="Encoding",
        default="utf-8-sig",
        required=True,
    )
    postal_decimal = fields.Selection(
        [(".", "Point"), (",", "Comma")],
        string="Decimals after",
        default=".",
        required=True,
    )
    postal_date_format = fields.Selection(
        [
            ("%Y-%m-%d", "2026-12-31"),
            ("%d/%m/%Y", "31/12/2026"),
            ("%d-%m-%Y", "31-12-2026"),
            ("%Y%m%d", "20261231"),
            ("%d%m%Y", "31122026"),
        ],
        string="Dates",
        default="%Y-%m-%d",
        required=True,
        help="In the index; in outcome files it is tried first.",
    )
    postal_column_ids = fields.One2many(
        "creditbox.postal.column",
        "provider_id",
        string="Columns of the index",
        copy=True,
        help="None: all that is known of a letter, under its English name.",
    )
    postal_price_ids = fields.One2many(
        "creditbox.postal.price", "provider_id", string="Prices", copy=True
    )
    postal_code_ids = fields.One2many(
        "creditbox.postal.code", "provider_id", string="Outcome codes", copy=True
    )
    postal_heading_letter = fields.Char(
        string="Headings: letter's own number", default=HEADINGS["letter"]
    )
    postal_heading_tracking = fields.Char(
        string="Headings: tracking number", default=HEADINGS["tracking"]
    )
    postal_heading_code = fields.Char(
        string="Headings: outcome code", default=HEADINGS["code"]
    )
    postal_heading_cause = fields.Char(
        string="Headings: cause", default=HEADINGS["cause"]
    )
    postal_heading_date = fields.Char(string="Headings: date", default=HEADINGS["date"])
    postal_heading_card = fields.Char(
        string="Headings: scan",
        default=HEADINGS["card"],
        help="Name of the scanned receipt card, where it is not that of its letter.",
    )

    @api.constrains("kind", "postal_delivery", "postal_storage_id")
    def _check_postal_storage(self):
        for provider in self.filtered(lambda p: p.kind == "postal"):
            if provider.postal_delivery == "folder" and not provider.postal_storage_id:
                raise ValidationError(
                    self.env._("%s: say which storage the lots go to.", provider.name)
                )

    @api.constrains("postal_index_format")
    def _check_postal_headings(self):
        self.postal_column_ids._check_heading()

    # ------------------------------------------------------------------
    # what a lot is made of
    # ------------------------------------------------------------------
    def _postal_layout(self):
        """:return: postal_package.Layout of the index"""
        self.ensure_one()
        columns = [column._column() for column in self.postal_column_ids]
        return Layout(
            columns=tuple(columns or (Column(name, name) for name in FIELDS)),
            format=self.postal_index_format,
            separator=self.postal_separator,
            encoding=self.postal_encoding,
            decimal=self.postal_decimal,
            date_format=self.postal_date_format,
        )

    def _postal_product(self, product):
        """:return: the outsourcer's name of a product (code of a channel)"""
        codes = {
            "letter": self.postal_code_letter,
            "registered": self.postal_code_registered,
        }
        return codes[product]

    def _postal_sheets(self, pages):
        return (pages + 1) // 2 if self.postal_duplex else pages

    def _postal_cost(self, product, pages):
        """:return: float, cost of a letter; 0.0 without prices or provider"""
        prices = self.postal_price_ids.filtered(lambda p: p.product == product)
        return prices._cost(self._postal_sheets(pages))

    # ------------------------------------------------------------------
    # the shared folder
    # ------------------------------------------------------------------
    def _postal_filesystem(self):
        """The storage as it is now: fsspec keeps connections and listings for ever.

        :raises UserError: no storage, or none that answers
        """
        # who hands a lot over need not see the storage's password
        storage = self.postal_storage_id.sudo()
        if not storage:
            raise UserError(self.env._("No storage is set on %s.", self.name))
        fsspec.get_filesystem_class(storage.protocol).clear_instance_cache()
        return storage._get_filesystem()

    @api.model
    def _cron_postal(self):
        """Hand over the lots that wait, then read the outcomes that have come."""
        self.env["creditbox.letter.lot"]._cron_deliver()
        for provider in self._postal_folders():
            provider._speaking()._postal_read_folder()

    @api.model
    def _postal_folders(self):
        """Also archived ones: outcomes of what they have posted may still come."""
        return self.with_context(active_test=False).search(
            [
                ("kind", "=", "postal"),
                ("postal_storage_id", "!=", False),
                ("postal_folder_in", "!=", False),
            ]
        )

    def action_postal_fetch(self):
        """Read the folder of the outcomes now.

        :return: notification that says what was found
        """
        self._require("creditbox_base.group_operator")
        count = self.sudo()._speaking()._postal_read_folder()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "danger" if self.postal_error else "success",
                "message": self.postal_error
                or self.env._("%s new files in the folder", count),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _postal_read_folder(self):
        """Take the files of the folder, each in a transaction with its removal after.

        A folder that cannot be read says so and holds nobody up.

        :return: number of files taken
        """
        self.ensure_one()
        count, error = 0, False
        try:
            filesystem = self._postal_filesystem()
            paths = self._postal_waiting(filesystem)
        except Exception as problem:  # other people's servers raise anything
            paths, error = [], self._postal_describe(problem)
        for path in paths:
            try:
                self._postal_take_file(filesystem, path)
                count += 1
            except Exception as problem:  # the others are taken; this one next time
                self.env.invalidate_all()
                error = f"{posixpath.basename(path)}: {self._postal_describe(problem)}"
        with own_transaction(self.env.cr):
            self.write(
                {"postal_error": error, "postal_fetched_at": fields.Datetime.now()}
            )
        return count

    def _postal_describe(self, problem):
        text = str(problem).strip() or type(problem).__name__
        _logger.warning("Postal provider %s: %s", self.name, text, exc_info=True)
        return text

    def _postal_take_file(self, filesystem, path):
        name = posixpath.basename(path)
        content = filesystem.cat_file(path)
        with own_transaction(self.env.cr):
            self.env["creditbox.postal.file"]._take(self, name, content)
        # what is in the database may leave; what stays there is known by its hash
        done = posixpath.join(self.postal_folder_in, "done")
        filesystem.makedirs(done, exist_ok=True)
        filesystem.mv(path, posixpath.join(done, name))

    def _postal_waiting(self, filesystem):
        """:return: paths of complete files, oldest name first"""
        pattern = posixpath.join(self.postal_folder_in, "*")
        return [
            path
            for path in sorted(filesystem.glob(pattern))
            if not posixpath.basename(path).startswith(".")
            and not path.endswith((".part", ".tmp"))
            and self._postal_is_complete(filesystem.info(path))
        ]

    def _postal_is_complete(self, info):
        now = fields.Datetime.now()
        return info["type"] == "file" and is_settled(
            info, now, self.postal_settle_seconds
        )
