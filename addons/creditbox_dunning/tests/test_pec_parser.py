from datetime import timedelta
from email.message import EmailMessage

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import pec
from .pec_provider import LEGAL_TIME, receipt


def sent():
    message = EmailMessage()
    message["From"] = "crediti@pec.example"
    message["To"] = "rossi@pec.example"
    message["Subject"] = "Sollecito"
    message["Message-ID"] = "<123@acque.example>"
    message.set_content("Gentile cliente")
    return message


@tagged("creditbox", "post_install", "-at_install")
class TestPecParser(BaseCase):
    def test_what_each_receipt_says(self):
        for kind in pec.RECEIPTS:
            with self.subTest(kind=kind):
                found = pec.parse(receipt(kind, sent()))
                self.assertEqual(found.kind, kind)
                self.assertEqual(found.references, ("123@acque.example",))
                self.assertEqual(found.recipient, "rossi@pec.example")
                self.assertEqual(found.date, LEGAL_TIME)
                self.assertEqual(found.date.utcoffset(), timedelta(hours=2))
                self.assertFalse(found.flaws)

    def test_data_count_where_the_header_is_missing(self):
        found = pec.parse(receipt(pec.DELIVERED, sent(), header=None))
        self.assertEqual(found.kind, pec.DELIVERED)

    def test_subject_alone_makes_no_receipt(self):
        raw = b"Subject: CONSEGNA: fatture\r\nX-Trasporto: posta-certificata\r\n\r\n"
        found = pec.parse(raw)
        self.assertEqual(found.kind, pec.ENVELOPE)
        self.assertFalse(found.is_receipt)

    def test_data_of_a_message_inside_do_not_count(self):
        """Somebody sends us, by PEC, the receipt of somebody else."""
        outer = EmailMessage()
        outer["X-Trasporto"] = "posta-certificata"
        outer.set_content("see attachment")
        inner = EmailMessage()
        inner.set_content("x")
        inner.add_attachment(
            b"<postacert tipo='avvenuta-consegna'/>",
            maintype="application",
            subtype="xml",
            filename="daticert.xml",
        )
        outer.add_attachment(inner)
        found = pec.parse(outer.as_bytes())
        self.assertEqual(found.kind, pec.ENVELOPE)
        self.assertIn("data", found.flaws)

    def test_what_a_proof_lacks(self):
        cases = {
            "signature": {"signed": False},
            "data": {"daticert": b"<postacert"},
            "date": {"daticert": b"<postacert tipo='avvenuta-consegna'/>"},
        }
        for flaw, changes in cases.items():
            with self.subTest(flaw=flaw):
                found = pec.parse(receipt(pec.DELIVERED, sent(), **changes))
                self.assertEqual(found.flaws, (flaw,))

    def test_subject_in_no_known_language(self):
        raw = b"Subject: =?nonsense?Q?=E8?= \xe8\x00\r\nMessage-ID: <\xff@x>\r\n\r\n"
        found = pec.parse(raw)
        for text in (found.subject, found.message_id):
            self.assertNotIn("\0", text.encode().decode())

    def test_entities_are_not_opened(self):
        daticert = (
            b'<!DOCTYPE p [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
            b"<postacert><dati><consegna>&x;</consegna></dati></postacert>"
        )
        found = pec.parse(receipt(pec.DELIVERED, sent(), daticert=daticert))
        self.assertEqual((found.recipient, found.daticert), ("", b""))

    @settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        kind=st.sampled_from(pec.RECEIPTS),
        end=st.floats(0, 1),
        changes=st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255))),
    )
    def test_nothing_breaks_it(self, kind, end, changes):
        raw = bytearray(receipt(kind, sent()))
        for place, byte in changes:
            raw[int(place * len(raw))] = byte
        found = pec.parse(bytes(raw[: int(end * len(raw))]))
        self.assertIsInstance(found, pec.PecMessage)
        for text in (found.subject, found.sender, found.message_id, *found.references):
            self.assertNotIn("\0", text.encode().decode())
