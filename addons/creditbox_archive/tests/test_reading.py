import io
import tempfile
import zipfile
from email.message import EmailMessage

import openpyxl

from odoo.tests import BaseCase

from ..tools.reading import Unreadable, can_read, read_text
from .common import pdf_of

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
DOCUMENT = f"""<?xml version="1.0"?><w:document xmlns:w="{W}"><w:body>
<w:p><w:r><w:t>Decreto</w:t></w:r>
<w:r><w:t xml:space="preserve"> ingiuntivo</w:t></w:r></w:p>
<w:p><w:r><w:t>n. 123</w:t></w:r></w:p></w:body></w:document>"""
BOMB = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "%s">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>
<x xmlns:w="http://w"><w:p>&c;</w:p></x>""" % (b"lol" * 100)


def package(**parts):
    """:return: bytes of a ZIP; «__» in a name is a folder"""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/") + ".xml", content)
    return stream.getvalue()


def workbook():
    book = openpyxl.Workbook()
    book.active.append(["Morosità", 12.5, "Rossi"])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def mail():
    message = EmailMessage()
    message["Subject"], message["From"] = "Opposizione", "avv@example.com"
    message.set_content("Il testo della lettera")
    message.add_attachment(
        pdf_of("allegato alla PEC"),
        maintype="application",
        subtype="pdf",
        filename="a.pdf",
    )
    return message.as_bytes()


class TestReading(BaseCase):
    def _read(self, name, content, **limits):
        with tempfile.NamedTemporaryFile() as file:
            file.write(content)
            file.flush()
            return read_text(file.name, name, **limits)

    def test_texts(self):
        for name, content, expected in (
            ("a.PDF", pdf_of("Sollecito di pagamento"), "Sollecito di pagamento"),
            ("a.docx", package(word__document=DOCUMENT), "Decreto ingiuntivo\nn. 123"),
            ("a.txt", "perché no".encode("cp1252"), "perché no"),
            ("a.txt", "\ufeffperché sì".encode(), "perché sì"),
            ("a.csv", b"nome;euro\nRossi;1", "Rossi;1"),
        ):
            with self.subTest(name=name):
                self.assertIn(expected, self._read(name, content))
        text = self._read("a.xlsx", workbook())
        self.assertIn("Morosità", text)
        self.assertIn("Rossi", text)
        text = self._read("a.eml", mail())
        for words in ("Opposizione", "Il testo della lettera", "allegato alla PEC"):
            self.assertIn(words, text)

    def test_kinds(self):
        self.assertTrue(can_read("A.Pdf"))
        for name in ("a.exe", "a", "", None, "a.pdf.zip"):
            self.assertFalse(can_read(name))

    def test_files_made_to_harm(self):
        for name, content in (
            ("a.pdf", b"%PDF-1.4 broken"),
            ("a.docx", b"PK not a zip"),
            ("a.docx", package(word__document=b"\0" * (60 << 20))),
        ):
            with self.subTest(name=name), self.assertRaises(Unreadable):
                self._read(name, content)

    def test_entities_are_not_unfolded(self):
        try:
            text = self._read("a.docx", package(word__document=BOMB))
        except Unreadable:
            return  # refused as a whole: as good
        self.assertNotIn("lollol", text)

    def test_limits(self):
        self.assertEqual(len(self._read("a.txt", b"x" * 10_000, characters=100)), 100)
        with self.assertRaises(Unreadable):
            self._read("a.pdf", pdf_of("x"), seconds=0.01)
        with self.assertRaises(Unreadable):
            self._read("a.pdf", pdf_of("x"), memory=20 << 20)

    def test_nul_characters(self):
        self.assertEqual(self._read("a.txt", b"a\0b"), "a b")
