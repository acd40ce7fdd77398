import email
import email.utils
from email.policy import default

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import mime

WORDS = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=30)
LINES = st.lists(WORDS, min_size=1, max_size=12).map(" ".join)


@tagged("post_install", "-at_install")
class TestMime(BaseCase):
    """What a mail program reads is what was written."""

    def _read(self, subject, text="", html="", **headers):
        message = mime.alternatives({"Subject": subject, **headers}, text, html)
        return email.message_from_bytes(message.as_bytes(), policy=default)

    @given(LINES)
    def test_subjects_come_back(self, subject):
        self.assertEqual(self._read(subject)["Subject"], subject)

    def test_short_headers_that_are_not_ascii(self):
        for subject in ("Sollecito – è scaduta", "Reminder – your bills", "Größe"):
            with self.subTest(subject):
                self.assertEqual(self._read(subject)["Subject"], subject)

    def test_names_of_senders(self):
        for name in (
            "Società Acque",
            "Acque di Valdifonte S.p.A.",
            "Energia – Sud " * 6,
        ):
            sender = email.utils.formataddr((name.strip(), "crediti@example.com"))
            for address in self._read("Hi", From=sender)["From"].addresses:
                self.assertEqual(address.display_name, name.strip())
                self.assertEqual(address.addr_spec, "crediti@example.com")

    @given(LINES, LINES)
    def test_texts_come_back(self, text, html):
        message = self._read("Hi", text, html)
        for kind, written in (("plain", text), ("html", html)):
            body = message.get_body((kind,)).get_content()
            self.assertEqual(body.splitlines(), written.splitlines())

    def test_no_header_of_somebody_else(self):
        with self.assertRaises(ValueError):
            mime.alternatives({"Subject": "Hi\nBcc: all@example.com"}, "", "")
