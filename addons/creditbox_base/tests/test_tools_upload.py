import io
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import upload
from .files import PDF, png


@tagged("creditbox", "post_install", "-at_install")
class TestUpload(BaseCase):
    def _refused(self, content, name="a.pdf", **options):
        with self.assertRaises(upload.Refused) as caught:
            upload.take(io.BytesIO(content), name, **options)
        return caught.exception.reason

    def test_what_a_file_is_counts_not_its_name(self):
        taken = upload.take(io.BytesIO(png()), "../../etc/ricevuta.pdf")
        self.assertEqual((taken.name, taken.mimetype), ("ricevuta.png", "image/png"))
        self.assertEqual(upload.take(io.BytesIO(PDF), "x.jpg").name, "x.pdf")

    def test_refused(self):
        jpeg = b"\xff\xd8\xff\xe0 no picture"
        for reason, content in (
            ("empty", b""),
            ("kind", b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>"),
            ("kind", b"<html><script>alert(1)</script></html>"),
            ("kind", b"MZ\x90\x00"),
            ("kind", b"PK\x03\x04"),
            ("kind", b"junk %PDF-1.4 %%EOF"),
            ("damaged", b"%PDF-1.4 cut short"),
            ("damaged", jpeg),
            ("damaged", png()[:40]),
        ):
            with self.subTest(content=content[:20]):
                self.assertEqual(self._refused(content), reason)

    def test_too_large(self):
        with patch.object(upload, "MAX_BYTES", 30):
            self.assertEqual(self._refused(PDF + b"x"), "too_large")
        with patch.object(upload, "MAX_PIXELS", 10):
            self.assertEqual(self._refused(png()), "too_large")

    def test_photos_are_images_only(self):
        self.assertEqual(self._refused(PDF, kinds=("jpg", "png")), "kind")

    def test_names(self):
        for name, clean in (
            ("Ricevuta bonifico (1).PDF", "Ricevuta bonifico (1).pdf"),
            ("C:\\doc\\a.b.exe", "ab.pdf"),
            ("<img src=x>.pdf", "img srcx.pdf"),
            ("a\x00\u202egpj.pdf", "agpj.pdf"),
            ("bollettà.pdf", "bollettà.pdf"),
            ("noextension", "noextension.pdf"),
            ("...", "file.pdf"),
            ("", "file.pdf"),
            (None, "file.pdf"),
            ("x" * 300 + ".pdf", "x" * 60 + ".pdf"),
        ):
            with self.subTest(name=name):
                self.assertEqual(upload.clean_name(name, "pdf"), clean)

    @given(st.text(max_size=80))
    def test_no_name_is_harmful(self, name):
        clean = upload.clean_name(name, "pdf")
        self.assertTrue(clean.endswith(".pdf"))
        self.assertLessEqual(len(clean), 64)
        self.assertFalse(set('/\\<>"\n\r\x00;') & set(clean))
