from odoo.tests import freeze_time, tagged

from odoo.addons.creditbox_dunning.tests.common import TODAY

from ..models import creditbox_archive_text
from ..tools import reading
from .common import ArchiveCommon, pdf_of


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestText(ArchiveCommon):
    def test_words_of_the_documents(self):
        pdf = self._add(name="a.pdf", content=pdf_of("Le bollette non pagate"))
        text = self._add(self.verdi, name="b.txt", content=b"decreto ingiuntivo n. 12")
        self._read()
        for words, found in (
            ("bolletta", pdf),  # another form of the word
            ("PAGATE", pdf),
            ("decreto", text),
            ('"decreto ingiuntivo"', text),
            ('"ingiuntivo decreto"', self.Files),
            ("decreto -ingiuntivo", self.Files),
            ("bollette or decreto", pdf | text),
            ("bollette decreto", self.Files),
            ("'; DROP TABLE x; --", self.Files),
        ):
            with self.subTest(words=words):
                self.assertEqual(self._found(words), found)

    def test_a_new_version_is_read_again(self):
        file = self._add(name="a.txt", content=b"primo testo")
        self._read()
        self._add(name="a.txt", content=b"secondo scritto")
        self.assertEqual(self.Texts._unread(), file)
        self._read()
        self.assertFalse(self._found("primo"))
        self.assertEqual(self._found("secondo"), file)

    def test_what_cannot_be_read_is_tried_once(self):
        bad = self._add(name="a.pdf", content=b"%PDF-1.4 broken")
        none = self._add(name="b.zip", content=b"PK")
        self._read()
        self.assertEqual(bad.creditbox_text_state, "failed")
        self.assertEqual(none.creditbox_text_state, "none")
        self.assertFalse(self.Texts._unread())

    def test_too_large(self):
        file = self._add(name="a.txt", content=b"parole")
        self.patch(creditbox_archive_text, "MAX_BYTES", 3)
        self._read()
        self.assertEqual(file.creditbox_text_state, "large")

    def test_a_text_of_too_many_words_loses_its_end(self):
        words = " ".join(f"parola{number}" for number in range(120_000))
        file = self._add(name="a.txt", content=words.encode())
        self.patch(reading, "read_text", lambda *_args: words)
        self._read()
        self.assertEqual(file.creditbox_text_state, "read")
        self.assertEqual(self._found("parola1"), file)

    def test_the_cron(self):
        file = self._add(name="a.txt", content=b"notturno")
        with self.enter_registry_test_mode():
            self.env.ref("creditbox_archive.ir_cron_read").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(self._found("notturno"), file)

    def test_name_or_text(self):
        by_name = self._add(name="ricorso.txt", content=b"altro")
        by_text = self._add(name="x.txt", content=b"il ricorso")
        self._read()
        found = self.Files.with_user(self.reader).search(
            [
                "|",
                ("name", "ilike", "ricorso"),
                ("creditbox_content", "ilike", "ricorso"),
            ]
        )
        self.assertEqual(found, by_name | by_text)
