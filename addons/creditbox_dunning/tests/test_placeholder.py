from markupsafe import Markup

from odoo.tests import BaseCase, tagged

from ..tools import gsm
from ..tools.placeholder import Text, compile_html, names, unknown
from ..tools.statement import Debt, Statement, pagopa_qr


@tagged("post_install", "-at_install")
class TestPlaceholder(BaseCase):
    def test_names_whatever_the_editor_made_of_them(self):
        cases = {
            "{{ amount }}": ("amount",),
            "{{amount}}": ("amount",),
            "{{&nbsp;amount\xa0}}": ("amount",),
            "{{ <b>amount</b> }}": ("amount",),
            "%7B%7B%20supply%20%7D%7D": ("supply",),
            "{{ a }} { } {{ b }} {{ a }}": ("a", "b"),
            "": (),
            None: (),
        }
        for text, expected in cases.items():
            with self.subTest(text=text):
                self.assertEqual(names(text), expected)

    def test_unknown_is_named(self):
        known = {"amount"}
        self.assertEqual(unknown("{{ amount }}", known), [])
        self.assertEqual(unknown("{{ amuont }} {{ amount }}", known), ["amuont"])
        self.assertEqual(unknown("{{ object.env }}", known), ["object.env"])
        self.assertEqual(unknown("{{ amount", known), ["{{ amount"])
        self.assertEqual(unknown("amount }} due", known), ["}} due"])
        self.assertEqual(unknown("[[ of {{ amount }}]]", known), [])
        self.assertEqual(unknown("a [[ {{ amount }}", known), ["[["])
        self.assertEqual(unknown("[[<b>{{ amount }}</b>]]", known)[0][:2], "[[")
        self.assertEqual(unknown("[[no name]]", known), ["[[no name]]"])

    def test_what_is_empty_is_left_out(self):
        text = Text("W1[[ in {{ place }}]][[, {{ a }} {{ b }}]].")
        values = {"place": "Milano", "a": "x", "b": ""}
        self.assertEqual(text.fill(values), "W1 in Milano.")
        self.assertEqual(text.fill_html(values | {"place": ""}), "W1.")
        self.assertEqual(text.fill(values | {"b": "y"}), "W1 in Milano, x y.")

    def test_values_cannot_become_html_nor_placeholders(self):
        text = Text("<p>{{ name }}</p>{{ table }}")
        filled = text.fill_html(
            {"name": "<script>{{ table }}", "table": Markup("<table></table>")}
        )
        expected = "<p>&lt;script&gt;{{ table }}</p><table></table>"
        self.assertEqual(filled, expected)
        self.assertEqual(Text("{{ a }}").fill({"a": "<&>"}), "<&>")

    def test_a_table_does_not_stand_in_a_paragraph(self):
        body = '<p>A</p><p style="x"><br>{{ bills }}&nbsp;</p><p>{{ bills }} too</p>'
        filled = compile_html(body, ("bills",)).fill_html({"bills": Markup("<T>")})
        self.assertEqual(filled, "<p>A</p><T><p><T> too</p>")


@tagged("post_install", "-at_install")
class TestGsm(BaseCase):
    def test_length(self):
        cases = (
            ("", ("GSM-7", 0, 0)),
            ("a" * 160, ("GSM-7", 160, 1)),
            ("a" * 161, ("GSM-7", 161, 2)),
            ("à" * 160, ("GSM-7", 160, 1)),
            ("€" * 80, ("GSM-7", 160, 1)),
            ("€" * 81, ("GSM-7", 162, 2)),
            ("a" * 306, ("GSM-7", 306, 2)),
            ("a" * 307, ("GSM-7", 307, 3)),
            ("ж" * 70, ("UCS-2", 70, 1)),
            ("ж" * 71, ("UCS-2", 71, 2)),
            ("😀" * 35, ("UCS-2", 70, 1)),
        )
        for text, expected in cases:
            with self.subTest(text=text[:5], length=len(text)):
                self.assertEqual(gsm.measure(text), expected)

    def test_near_characters_keep_the_message_short(self):
        text = gsm.to_gsm("“È l’importo”: 1.234,50\xa0€ – ê ł č …")
        self.assertEqual(text, '"E l\'importo": 1.234,50 € - e l c ...')
        self.assertEqual(gsm.measure(text).encoding, "GSM-7")
        self.assertEqual(gsm.to_gsm("жд"), "жд")


@tagged("post_install", "-at_install")
class TestStatement(BaseCase):
    def test_digest_follows_the_figures(self):
        debt = Debt(1, "A1", None, None, 10.0, 10.0, "")
        statement = Statement((debt,))
        self.assertEqual(statement.digest, Statement((debt,)).digest)
        less = Statement((debt._replace(open_amount=9.99),))
        self.assertNotEqual(statement.digest, less.digest)
        self.assertNotEqual(statement.digest, Statement((), (debt,)).digest)

    def test_pagopa_notice(self):
        notice = "301000000000000159"
        qr = pagopa_qr(notice, "01234567890", 29.11)
        self.assertEqual(qr, f"PAGOPA|002|{notice}|01234567890|2911")
        for wrong in (notice[:-1], "9" + notice[1:], "A" + notice[1:]):
            self.assertEqual(pagopa_qr(wrong, "01234567890", 1), "")
        self.assertEqual(pagopa_qr(notice, "", 1), "")
