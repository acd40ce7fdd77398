import io

from PIL import Image
from pypdf import PdfReader, PdfWriter

from odoo.tests import BaseCase

from ..tools.book import LINES, Book
from .common import pdf_of

LABELS = {
    "index": "Index",
    "date": "Date",
    "document": "Document",
    "page": "Page",
    "file": "File in the ZIP",
    "pages": "Page %(page)s of %(pages)s",
}


class TestBook(BaseCase):
    def _write(self, book):
        """:return: reader of the PDF"""
        stream = io.BytesIO()
        book.save(stream, "Debt file 1", "Acme", (("Customer", "Rossi"),), LABELS)
        return PdfReader(stream)

    def test_index_names_the_page_and_leads_to_it(self):
        book = Book()
        book.section("Bills")
        book.document("Bill 1", "01/02/2026", "02/a.pdf", pdf_of("first"))
        book.document("Bill 2", "01/03/2026", "02/b.pdf", pdf_of("second"))
        reader = self._write(book)
        texts = [page.extract_text() for page in reader.pages]
        self.assertEqual(len(texts), 4, "cover, index, two bills")
        self.assertIn("Rossi", texts[0])
        self.assertIn("Bill 2", texts[1])
        links = [note.get_object() for note in reader.pages[1]["/Annots"]]
        targets = [
            reader.get_page_number(link["/Dest"][0].get_object())
            if not isinstance(link["/Dest"][0], int)
            else link["/Dest"][0]
            for link in links
        ]
        self.assertEqual(targets, [2, 3])
        self.assertIn("second", texts[3])
        bills, children = reader.outline[0], reader.outline[1]
        self.assertEqual(bills.title, "Bills")
        self.assertEqual([child.title for child in children], ["Bill 1", "Bill 2"])

    def test_what_has_no_pages_is_in_the_index_alone(self):
        locked = PdfWriter()
        locked.add_blank_page(100, 100)
        locked.encrypt("secret")
        stream = io.BytesIO()
        locked.write(stream)
        for name, content in (
            ("a.eml", b"From: x"),
            ("b.pdf", b"not a PDF at all"),
            ("c.pdf", stream.getvalue()),
            ("d.png", b"not an image"),
        ):
            with self.subTest(name=name):
                book = Book()
                self.assertFalse(book.document("Thing", "", name, content))
                reader = self._write(book)
                self.assertEqual(len(reader.pages), 2)
                self.assertIn(name, reader.pages[1].extract_text())

    def test_images_become_pages(self):
        for name, kind in (("card.jpg", "JPEG"), ("card.PNG", "PNG")):
            with self.subTest(name=name):
                stream = io.BytesIO()
                Image.new("L", (3000, 100), 200).save(stream, kind)
                book = Book()
                self.assertTrue(book.document("Card", "", name, stream.getvalue()))
                self.assertEqual(len(self._write(book).pages), 3, "cover, index, it")

    def test_each_side_of_a_scanned_card_is_a_page(self):
        sides = [Image.new("1", (1200, 800), shade) for shade in (0, 1)]
        for name, options in (
            ("card.tif", {"compression": "group4"}),
            ("card.TIFF", {"compression": "tiff_lzw"}),
            ("card.tiff", {}),
        ):
            with self.subTest(name=name):
                stream = io.BytesIO()
                sides[0].save(
                    stream, "TIFF", save_all=True, append_images=sides[1:], **options
                )
                book = Book()
                self.assertTrue(book.document("Card", "", name, stream.getvalue()))
                self.assertEqual(len(self._write(book).pages), 4, "and two sides")

    def test_beyond_the_limit_only_in_the_zip(self):
        content = pdf_of("page")
        book = Book(max_bytes=len(content) * 3 // 2)
        self.assertTrue(book.document("One", "", "1.pdf", content))
        self.assertFalse(book.document("Two", "", "2.pdf", content))
        self.assertTrue(book.document is not None and len(self._write(book).pages) == 3)

    def test_long_index(self):
        book = Book()
        for number in range(LINES + 1):
            book.document(f"Paper {number}", "", f"{number}.txt", b"")
        book.document("Last", "", "last.pdf", pdf_of("the end"))
        reader = self._write(book)
        self.assertEqual(len(reader.pages), 4, "cover, two of the index, one")
        [link] = reader.pages[2]["/Annots"]
        self.assertIn("Last", reader.pages[2].extract_text())
        self.assertIn("the end", reader.pages[3].extract_text())
        self.assertTrue(link)
