import io
from unittest.mock import patch

from reportlab.graphics.barcode import qrencoder

from odoo.tests import BaseCase, tagged
from odoo.tools.pdf import PdfFileReader

from ..tools import letter_layout
from ..tools.letter import Bill, Letter, LetterWriter, Sender, Table
from ..tools.letter_fonts import letter_fonts
from ..tools.letter_text import BOLD, Block, parse_blocks
from ..tools.qr import qr_rows

LABELS = {
    "number": "Bolletta",
    "date": "Emessa il",
    "due": "Scadenza",
    "code": "Codice avviso",
    "amount": "Importo",
    "open": "Da pagare",
    "total": "Totale",
}
MM = 72 / 25.4


def bill(number, code="301000000000000159", qr="PAGOPA|002|1|2|3"):
    return Bill(
        f"2026/{number}", "01/02/2026", "03/03/2026", "10,00 €", "9,00 €", code, qr
    )


def letter(
    name="Nicolò D'Èrrico", bills=3, body="<p>Perché così è più città.</p>", **kw
):
    body += "<p>{{ bills }}</p><p>{{ payment }}</p>"
    table = Table(LABELS, tuple(map(bill, range(bills))), "27,00 €")
    values = {
        "address": (name, "Via Roma, 1", "24100 BERGAMO BG"),
        "date": "Bergamo, 1 giugno 2026",
        "subject": "Sollecito di pagamento",
        "references": (("Codice cliente", "C001"),),
        "blocks": parse_blocks(body, ("bills", "payment")),
        "tables": {"bills": table},
    }
    return Letter(**(values | kw))


class LetterCase(BaseCase):
    sender = Sender(
        "Acque S.p.A.", ("Via Po, 1",), "R.E.A. 1", b"", "%(page)s/%(pages)s"
    )

    def _print(self, *letters):
        writer = LetterWriter(letter_fonts())
        places = [writer.add(self.sender, one) for one in letters]
        return writer.close(), places

    def _pages(self, pdf):
        return PdfFileReader(io.BytesIO(pdf)).pages

    def _text(self, page):
        return page.extract_text()

    def _places(self, page):
        """:return: {text: (mm from the left, mm from the top)}"""
        places = {}

        def visit(text, _cm, tm, _font, _size):
            if text.strip():
                places[text.strip()] = (tm[4] / MM, 297 - tm[5] / MM)

        page.extract_text(visitor_text=visit)
        return places


@tagged("post_install", "-at_install")
class TestLetter(LetterCase):
    def test_all_of_it_on_the_page_with_its_accents(self):
        pdf, places = self._print(letter())
        self.assertEqual(places, [(1, 1)])
        text = self._text(self._pages(pdf)[0])
        for expected in (
            "Nicolò D'Èrrico",
            "Perché così è più città.",
            "Sollecito di pagamento",
            "Acque S.p.A.",
            "C001",
            "2026/2",
            "9,00 €",
            "27,00 €",
            "301000000000000159",
            "1/1",
            "R.E.A. 1",
        ):
            self.assertIn(expected, text)

    def test_fonts_are_embedded(self):
        pdf, _places = self._print(letter())
        self.assertTrue(b"OpenSans-Regular" in pdf)
        self.assertFalse(b"/Helvetica" in pdf)

    def test_address_is_always_in_the_window(self):
        long = "Associazione Dilettantistica Sportiva Montebelluna e Valdobbiadene"
        lines = (long, "c/o Studio", "Via A, 1", "Scala B", "31044 VITTORIO TV", "FR")
        for address in (("Anna Bò", "Via Roma, 1", "24100 BERGAMO BG"), lines):
            pdf, _places = self._print(letter(address=address))
            places = self._places(self._pages(pdf)[0])
            fonts = letter_fonts()
            found = [
                text
                for text in places
                if any(text.rstrip("…") in line for line in address)
            ]
            self.assertEqual(len(found), len(address))
            for text in found:
                left, top = places[text]
                size = 10 if len(address) == 3 else 8.5
                right = left + fonts.width(text, 0, size) / MM
                self.assertTrue(110 <= left and right <= 190, text)
                self.assertTrue(55 <= top - size / MM and top + 1 <= 80, (text, top))

    def test_the_service_and_its_number_stand_above_the_window(self):
        pdf, _places = self._print(letter(service="Raccomandata A/R"))
        places = self._places(self._pages(pdf)[0])
        for text in ("RACCOMANDATA A/R", "N."):
            left, top = places[text]
            self.assertTrue(110 < left < 190 and 36 < top < 55, text)
        pdf, _places = self._print(letter())
        self.assertNotIn("N.", self._places(self._pages(pdf)[0]))

    def test_sixty_bills_go_over_several_pages(self):
        pdf, places = self._print(letter("Uno"), letter("Due", 60), letter("Tre"))
        (first, one), (second, many), (third, last) = places
        self.assertEqual((first, one, second, last), (1, 1, 2, 1))
        self.assertGreaterEqual(many, 2)
        self.assertEqual(third, 2 + many)
        pages = self._pages(pdf)
        self.assertEqual(len(pages), 2 + many)
        text = "".join(self._text(page) for page in pages[1 : 1 + many])
        for number in range(60):
            self.assertIn(f"2026/{number}", text)
        self.assertEqual(text.count("Emessa il"), 2)  # the heading on each page
        self.assertIn(f"{many}/{many}", text)
        for page in pages[1 : 1 + many]:
            lowest = max(top for _left, top in self._places(page).values())
            self.assertLess(lowest, 292)

    def test_nothing_runs_into_the_foot(self):
        for count in range(20, 45):
            pdf, _places = self._print(letter(bills=count))
            for page in self._pages(pdf):
                for text, (_left, top) in self._places(page).items():
                    if text not in ("R.E.A. 1",) and "/" not in text[:2]:
                        self.assertLess(top, 297 - 17, text)

    def test_a_name_the_font_lacks_is_still_printed(self):
        pdf, _places = self._print(letter("Ștefan Łuczak 王 ﷽"))
        self.assertIn("Ștefan Łuczak ?", self._text(self._pages(pdf)[0]))

    def test_letters_do_not_mix(self):
        pdf, _places = self._print(letter("Uno"), letter("Due"))
        first, second = map(self._text, self._pages(pdf))
        self.assertIn("Uno", first)
        self.assertNotIn("Due", first)
        self.assertNotIn("Uno", second)

    def test_special_characters_do_not_break_the_page(self):
        name = "A (B) \\ C) %s"
        pdf, _places = self._print(letter(name))
        self.assertIn(name, self._text(self._pages(pdf)[0]))

    def test_no_code_no_column_no_qr(self):
        bills = (bill(1, "", ""),)
        table = Table(LABELS, bills, "9,00 €")
        with patch.object(letter_layout.Page, "qr") as qr:
            pdf, _places = self._print(letter(tables={"bills": table}))
        qr.assert_not_called()
        self.assertNotIn("Codice avviso", self._text(self._pages(pdf)[0]))

    def test_qr_of_the_first_bills_only(self):
        with patch.object(letter_layout.Page, "qr") as qr:
            self._print(letter(bills=9))
        self.assertEqual(qr.call_count, letter_layout.QR_MAX)

    def test_empty_table_leaves_no_trace(self):
        empty = Table(LABELS, (), "0,00 €", "Altre bollette")
        pdf, _places = self._print(letter(tables={"bills": empty}))
        text = self._text(self._pages(pdf)[0])
        self.assertNotIn("Altre bollette", text)
        self.assertNotIn("Totale", text)


@tagged("post_install", "-at_install")
class TestLetterText(BaseCase):
    def test_blocks(self):
        body = (
            "<p>Dear <b>{{ name }}</b>,<br/>hello</p><p><br></p><h3>Title</h3>"
            "<ul><li>one</li><li><p>two <i>three</i></p></li></ul>"
            "<p>{{ bills }}</p><div>tail</div>"
        )
        blocks = parse_blocks(body, ("bills",))
        kinds = [block.kind for block in blocks]
        self.assertEqual(
            kinds, ["text", "heading", "bullet", "bullet", "bills", "text"]
        )
        self.assertEqual(blocks[0].runs[1], (BOLD, "{{ name }}"))
        self.assertFalse(blocks[0].fixed)
        self.assertTrue(blocks[1].fixed)
        self.assertEqual(blocks[0].fill({"name": "Bo"}).runs[1], (BOLD, "Bo"))

    def test_wrap_keeps_every_word_and_the_width(self):
        fonts = letter_fonts()
        text = "una riga lunga " * 30
        runs = ((0, text[:50]), (BOLD, text[50:120]), (0, text[120:]))
        lines = fonts.wrap(runs, 9.5, 200)
        words = " ".join(piece for line in lines for _x, _style, piece in line)
        self.assertEqual(words.replace(" ", ""), text.replace(" ", ""))
        for line in lines:
            x, style, piece = line[-1]
            self.assertLessEqual(x + fonts.width(piece, style, 9.5), 200.01)

    def test_shorten(self):
        fonts = letter_fonts()
        self.assertEqual(fonts.shorten("corto", 0, 8, 100), "corto")
        short = fonts.shorten("lunghissimo" * 9, 0, 8, 100)
        self.assertTrue(short.endswith("…"))
        self.assertLessEqual(fonts.width(short, 0, 8), 100)

    def test_empty_body(self):
        self.assertEqual(parse_blocks(""), ())
        self.assertEqual(parse_blocks("<p><br></p>"), ())
        self.assertEqual(parse_blocks("<p>a</p>"), (Block("text", ((0, "a"),)),))


@tagged("post_install", "-at_install")
class TestQr(BaseCase):
    def test_same_modules_as_reportlab(self):
        texts = (
            "PAGOPA|002|001340000013900808|12345678901|5000",
            "301000000000000159",
            "x" * 62,
            "",
            "è",
        )
        for text in texts:
            with self.subTest(text=text):
                code = qrencoder.QRCode(4, qrencoder.QRErrorCorrectLevel.M)
                code.addData(qrencoder.QR8bitByte(text))
                code.makeImpl(False, 0)
                self.assertEqual(qr_rows(text), code.modules)

    def test_too_long(self):
        with self.assertRaises(ValueError):
            qr_rows("x" * 63)
