from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import pec, smime
from .pec_provider import CERTIFICATE, LEGAL_TIME, certificate, pem, receipt


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

    def test_header_and_data_must_agree(self):
        raw = receipt(pec.NOT_DELIVERED, sent(), header=pec.DELIVERED)
        self.assertEqual(pec.parse(raw).flaws, ("kind",))

    def test_data_beside_what_is_signed_do_not_count(self):
        """Somebody adds data of his own to a message with a good signature."""
        raw = receipt(pec.DELIVERED, sent())
        theirs = message_from_bytes(raw)
        mine = message_from_bytes(
            receipt(pec.DELIVERED, sent(), recipient="x@y.example")
        )
        theirs.get_payload(0).get_payload().pop(1)
        theirs.attach(mine.get_payload(0).get_payload(1))
        found = pec.parse(theirs.as_bytes())
        self.assertEqual(found.recipient, "")
        self.assertIn("data", found.flaws)

    def test_signature(self):
        raw = receipt(pec.DELIVERED, sent())
        for name, changed, expected in (
            ("as sent", raw, smime.VALID),
            ("other ends of line", raw.replace(b"\r\n", b"\n"), smime.VALID),
            ("headers outside", b"Received: by x\r\n" + raw, smime.VALID),
            ("text", raw.replace(b"\nRicevuta", b"\nricevuta", 1), smime.INVALID),
            ("no signature", receipt(pec.DELIVERED, sent(), signed=False), ""),
            (
                "part by itself",
                raw.replace(b"multipart/signed", b"multipart/mixed"),
                smime.UNCHECKED,
            ),
        ):
            with self.subTest(name):
                self.assertEqual(pec.parse(changed).signature, expected)

    def test_certificate_must_be_good_at_the_legal_time(self):
        late = LEGAL_TIME.replace(year=2041)
        raw = receipt(pec.DELIVERED, sent(), date=late)
        self.assertEqual(pec.parse(raw).signature, smime.INVALID)

    def test_trusted_certificates(self):
        raw = receipt(pec.DELIVERED, sent())
        other = smime.Trust(pem(certificate()[0]))
        mine = smime.Trust(pem(certificate()[0]) + pem(CERTIFICATE))
        self.assertEqual(pec.parse(raw, other).signature, smime.INVALID)
        self.assertEqual(pec.parse(raw, mine).signature, smime.KNOWN)

    @settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
    @given(place=st.floats(0, 0.999), byte=st.integers(0, 255))
    def test_one_byte_of_the_data_changed(self, place, byte):
        """Whatever is changed in what is signed, the signature does not hold."""
        raw = receipt(pec.DELIVERED, sent())
        message = message_from_bytes(raw)
        content = smime.signed_content(raw, message.get_boundary())
        start = raw.index(content[:200])
        changed = bytearray(raw)
        at = start + int(place * len(content))
        changed[at] = byte
        if bytes(changed) != raw and not {raw[at], byte} & {10, 13}:
            found = pec.parse(bytes(changed))
            self.assertNotIn(found.signature, (smime.VALID, smime.KNOWN))

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
