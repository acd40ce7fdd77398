import base64
import csv
import io

from odoo import api, fields, models

from ..tools import postal_package
from ..tools.postal_number import own_number


class CreditboxLetterLot(models.Model):
    """What the outsourcer is given with a lot: letters, index, manifest."""

    _inherit = "creditbox.letter.lot"

    package = fields.Binary(
        string="Files for the outsourcer", readonly=True, attachment=True
    )
    package_name = fields.Char(compute="_compute_file_names")

    @api.depends("name")
    def _compute_file_names(self):
        res = super()._compute_file_names()
        for lot in self:
            lot.package_name = f"{lot._stem()}.zip"
        return res

    def _note_provider(self):
        """The outsourcer may have been changed since the letters were printed."""
        costs = self._costs_of(set(self.action_ids.mapped("letter_page_count")))
        self.env["creditbox.channel"]._note(
            {"provider_id": "int", "cost": "numeric"},
            [
                (
                    action.id,
                    self.provider_id.id,
                    0 if action.lead_id else costs[action.letter_page_count],
                )
                for action in self.action_ids
            ],
        )

    def _files(self):
        """:return: {name: bytes} of what the outsourcer gets, the manifest last"""
        provider, stem = self.provider_id, self._stem()
        files = {}
        if provider.postal_files == "each":
            reader = self._pdf_reader()
            letters = {
                self._letter_name(action): self._pages_of(action, reader)[0]
                for action in self._letters()
            }
            files[f"{stem}.letters.zip"] = postal_package.pack(letters)
        else:
            pdf = self.with_context(bin_size=False).pdf
            files[self.pdf_name] = base64.b64decode(pdf)
        index = provider._postal_layout().index(self._index_rows())
        files[f"{stem}.{provider.postal_index_format}"] = index
        manifest = postal_package.manifest(self._manifest_head(), files)
        return files | {f"{stem}.manifest.json": manifest}

    def _manifest_head(self):
        return {
            "lot": self._stem(),
            "product": self.provider_id._postal_product(self.product),
            "date": self.date.isoformat(),
            "sender": self.company_id.name,
            "letters": self.letter_count,
            "pages": self.page_count,
        }

    def _index_rows(self):
        """The rows of the lot's own index, with all that a layout may ask for.

        The addresses are those that were printed, whatever they are now.

        :return: list of dicts with postal_package.FIELDS
        """
        index = base64.b64decode(self.with_context(bin_size=False).index)
        reader = csv.DictReader(io.StringIO(index.decode("utf-8-sig")), delimiter=";")
        return [self._index_row(row) for row in reader]

    def _index_row(self, row):
        provider, company = self.provider_id, self.company_id
        pages = int(row["pages"])
        each = provider.postal_files == "each"
        letter_id = row["letter"]
        return row | {
            "lot": self._stem(),
            "letter": own_number(self.name, letter_id),
            "product": provider._postal_product(self.product),
            "file": f"{own_number(self.name, letter_id)}.pdf" if each else row["file"],
            "first_page": 1 if each else int(row["first_page"]),
            "pages": pages,
            "sheets": provider._postal_sheets(pages),
            "amount": float(row["amount"]),
            "date": self.date,
            "sender": company.name,
            "sender_street": company.street or "",
            "sender_zip": company.zip or "",
            "sender_city": company.city or "",
        }
