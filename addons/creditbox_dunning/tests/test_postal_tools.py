import io
import json
import zipfile
from datetime import date, datetime
from hashlib import sha256

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from odoo.tests import BaseCase, tagged

from odoo.addons.creditbox_base.tools.problem import FileProblem

from ..tools import postal_cards, postal_number
from ..tools.postal_dates import parse_moment
from ..tools.postal_package import FIELDS, Column, Layout, manifest, pack, unpack

ROW = dict.fromkeys(FIELDS, "") | {
    "lot": "LOT-2026-00001",
    "letter": "LOT-2026-00001-7",
    "name": "Nicolò; «D'Èrrico» & figli",
    "amount": 1234.5,
    "date": date(2026, 12, 31),
    "pages": 3,
}
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20


def zipped(**files):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "."), content)
    return stream.getvalue()


@tagged("post_install", "-at_install")
class TestPackage(BaseCase):
    columns = (
        Column("Lettera", "letter"),
        Column("Nome", "name", length=6),
        Column("Tipo", fixed="AR"),
        Column("Importo", "amount"),
        Column("Data", "date"),
    )

    def test_csv_as_the_outsourcer_wants_it(self):
        layout = Layout(
            self.columns,
            separator="|",
            encoding="cp1252",
            decimal=",",
            date_format="%d/%m/%Y",
        )
        text = layout.index([ROW]).decode("cp1252")
        self.assertEqual(
            text,
            "Lettera|Nome|Tipo|Importo|Data\r\n"
            "LOT-2026-00001-7|Nicolò|AR|1234,50|31/12/2026\r\n",
        )

    def test_xml(self):
        layout = Layout((Column("id", "letter"), Column("nome", "name")), "xml")
        [letter] = etree.fromstring(layout.index([ROW]))
        self.assertEqual(
            {element.tag: element.text for element in letter},
            {"id": ROW["letter"], "nome": ROW["name"]},
        )

    def test_what_the_encoding_lacks_is_no_error(self):
        layout = Layout((Column("n", "name"),), encoding="iso-8859-15")
        self.assertIn(b"?", layout.index([ROW | {"name": "王"}]))

    def test_manifest_and_zip(self):
        files = {"a.pdf": b"letters", "a.csv": b"index"}
        closed = json.loads(manifest({"lot": "A", "letters": 1}, files))
        self.assertEqual(closed["lot"], "A")
        self.assertEqual(
            [(file["name"], file["bytes"], file["sha256"]) for file in closed["files"]],
            [
                ("a.pdf", 7, sha256(b"letters").hexdigest()),
                ("a.csv", 5, sha256(b"index").hexdigest()),
            ],
        )
        self.assertEqual(unpack(pack(files)), files)
        self.assertEqual(pack(files), pack(files))


@tagged("post_install", "-at_install")
class TestNumbers(BaseCase):
    def test_numbers_of_letters(self):
        cases = {
            "618012345678": True,
            "RR473124829IT": True,  # example of the standard, with its check digit
            "RR473124828IT": False,
            "123": False,
            "ABCDEFGHIJKL": False,
            "12345678901234567890123456789012": False,
            "6180; DROP": False,
        }
        for number, good in cases.items():
            with self.subTest(number=number):
                self.assertEqual(postal_number.is_number(number), good)
        self.assertEqual(postal_number.clean(" 6180-1234 5678 "), "618012345678")

    def test_own_numbers(self):
        own = postal_number.own_number("LOT/2026/00001", 42)
        self.assertEqual(own, "LOT-2026-00001-42")
        cases = {
            own: ("LOT-2026-00001", 42),
            own.lower(): ("LOT-2026-00001", 42),
            " 42 ": (None, 42),
            "": (None, None),
            "x": (None, None),
            "²": (None, None),
            "9" * 40: (None, None),
        }
        for text, expected in cases.items():
            with self.subTest(text=text):
                self.assertEqual(postal_number.split_own_number(text), expected)

    @settings(max_examples=200, deadline=None)
    @given(st.integers(1, 2**31 - 1), st.integers(1, 99999))
    def test_own_number_comes_back(self, letter_id, lot):
        own = postal_number.own_number(f"LOT/2026/{lot:05}", letter_id)
        self.assertLessEqual(len(own), 35)
        self.assertEqual(
            postal_number.split_own_number(own), (f"LOT-2026-{lot:05}", letter_id)
        )


@tagged("post_install", "-at_install")
class TestMoments(BaseCase):
    def test_times_as_outsourcers_write_them(self):
        cases = {
            "20/06/2026": datetime(2026, 6, 20, 10),
            "20-06-2026 08:30": datetime(2026, 6, 20, 6, 30),
            "2026-06-20": datetime(2026, 6, 20, 10),
            "2026-06-20T08:30:00Z": datetime(2026, 6, 20, 8, 30),
            "2026-06-20T08:30:00.123+02:00": datetime(2026, 6, 20, 6, 30),
            "2026-01-20 08:30:00": datetime(2026, 1, 20, 7, 30),
            "20260620": datetime(2026, 6, 20, 10),
            "31/02/2026": None,
            "domani": None,
            "": None,
        }
        for text, expected in cases.items():
            with self.subTest(text=text):
                self.assertEqual(parse_moment(text, "Europe/Rome"), expected)
        american = parse_moment("20062026", "Europe/Rome", "%d%m%Y")
        self.assertEqual(american, datetime(2026, 6, 20, 10))

    @settings(max_examples=300, deadline=None)
    @given(st.text(max_size=30))
    def test_nothing_breaks_it(self, text):
        moment = parse_moment(text, "Europe/Rome", "%d%m%Y")
        self.assertTrue(moment is None or moment.tzinfo is None)


@tagged("post_install", "-at_install")
class TestCards(BaseCase):
    def _read(self, content, **limits):
        limits = postal_cards.Limits(**limits)
        archive = postal_cards.open_cards(content, limits)
        return list(postal_cards.read_cards(archive, limits))

    def test_cards_of_a_zip(self):
        content = zipped(a__png=PNG, sub_b__jpg=b"\xff\xd8\xffx", c__exe=b"MZ", big=PNG)
        cards = self._read(content, member_bytes=28)
        self.assertEqual(
            [(card.name, card.mimetype, card.fault) for card in cards],
            [
                ("a.png", "image/png", ""),
                ("sub_b.jpg", "image/jpeg", ""),
                ("c.exe", "", "not_image"),
                ("big", "image/png", ""),
            ],
        )
        self.assertEqual(self._read(content, member_bytes=10)[0].fault, "too_big")

    def test_names_stay_in_their_folder(self):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            archive.writestr("../../etc/6180.png", PNG)
            archive.writestr("folder/", b"")
        [card] = self._read(stream.getvalue())
        self.assertEqual((card.name, card.key), ("6180.png", "6180"))

    def test_bombs_are_refused(self):
        bomb = zipped(a__png=PNG + b"\0" * (4 << 20), b__png=PNG + b"\0" * (4 << 20))
        self.assertLess(len(bomb), 20_000)
        cases = [
            ({"unpacked_bytes": 1 << 20}, bomb, "bomb"),
            ({"members": 1}, bomb, "bomb"),
            ({"file_bytes": 10}, bomb, "file_too_big"),
            ({}, b"PK nothing", "corrupt"),
            ({}, bomb[:2000], "corrupt"),
        ]
        for limits, content, code in cases:
            with self.subTest(code=code), self.assertRaises(FileProblem) as caught:
                self._read(content, **limits)
            self.assertEqual(caught.exception.code, code)

    def test_a_zip_that_lies_about_its_size(self):
        bomb = bytearray(zipped(a__png=PNG + b"\0" * (2 << 20)))
        place = bomb.index(b"PK\1\2") + 24  # the size in the directory
        bomb[place : place + 4] = (30).to_bytes(4, "little")
        with self.assertRaises(FileProblem):
            self._read(bytes(bomb))
