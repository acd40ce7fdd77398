import base64
import io
import subprocess
import tempfile
import zipfile
from pathlib import Path

from pypdf import PdfReader
from reportlab.pdfgen import canvas

from odoo.addons.creditbox_base.tools.package import SUMS
from odoo.addons.creditbox_dunning.tests.postal_common import PostalCommon


def pdf_of(text):
    """:return: bytes of a PDF of one page that says ``text``"""
    stream = io.BytesIO()
    page = canvas.Canvas(stream)
    page.drawString(100, 700, text)
    page.save()
    return stream.getvalue()


class DebtFileReader:
    """Makes debt files and reads them, to be mixed into tests of any addon."""

    def _make(self, positions, user=None):
        """:return: the debt files, made by the operator"""
        files = self.env["creditbox.debt.file"].search([])
        positions.with_user(user or self.operator).action_debt_file()
        made = self.env["creditbox.debt.file"].search([]) - files
        self.assertEqual(set(made.mapped("state")), {"made"}, made.mapped("error"))
        return made

    def _content(self, file, field="zip"):
        return base64.b64decode(file.with_context(bin_size=False)[field])

    def _unpacked(self, file):
        """:return: {path: bytes} of the ZIP"""
        with zipfile.ZipFile(io.BytesIO(self._content(file))) as archive:
            return {name: archive.read(name) for name in archive.namelist()}

    def _words(self, pdf):
        return "\n".join(
            page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages
        )

    def _everything(self, file):
        """:return: str, all that can be read in the ZIP"""
        found = []
        for name, content in self._unpacked(file).items():
            found.append(name)
            if name.endswith(".pdf"):
                found.append(self._words(content))
            elif name.endswith(".xlsx"):
                with zipfile.ZipFile(io.BytesIO(content)) as book:
                    found += [
                        book.read(part).decode()
                        for part in book.namelist()
                        if part.endswith(".xml")
                    ]
            else:
                found.append(content.decode(errors="replace"))
        return "\n".join(found)

    def _check_sums(self, file):
        """:return: what sha256sum says of the unpacked ZIP"""
        with tempfile.TemporaryDirectory() as folder:
            with zipfile.ZipFile(io.BytesIO(self._content(file))) as archive:
                archive.extractall(folder)
            count = sum(path.is_file() for path in Path(folder).rglob("*"))
            done = subprocess.run(
                ["sha256sum", "--strict", "-c", SUMS],
                cwd=folder,
                capture_output=True,
                check=False,
            )
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stdout.count(b": OK"), count - 1, "all but the list")


class DebtFileCommon(DebtFileReader, PostalCommon):
    """Rossi and Verdi of one company, and a Rossi of another."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.operator = cls._user("operator")
        cls.Files = cls.env["creditbox.debt.file"]

    @classmethod
    def _positions(cls, customer):
        return cls.env["creditbox.position"].search(
            [("partner_id", "in", customer.ids)]
        )

    @classmethod
    def _attach(cls, bill, content, name="bill.pdf"):
        """Attach the PDF of a bill as a billing system brings it."""
        file = cls.env["ir.attachment"].create(
            {
                "name": name,
                "res_model": bill._name,
                "res_id": bill.id,
                "raw": content,
                "mimetype": "application/pdf",
            }
        )
        bill.message_main_attachment_id = file
