"""What a message in a certified mailbox (PEC) says, whatever state it is in.

No Odoo in here. The receipts are those of the technical rules of the decree of
2 November 2005: the sender's provider accepts, the recipient's provider delivers, and
each puts what happened and the legal time into an attachment «daticert.xml».
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from email import message_from_bytes, policy
from email.errors import MessageError
from email.header import decode_header, make_header

from lxml import etree

from . import smime

ACCEPTED = "accettazione"
REFUSED = "non-accettazione"
TAKEN_OVER = "presa-in-carico"
DELIVERED = "avvenuta-consegna"
LATE = "preavviso-errore-consegna"
NOT_DELIVERED = "errore-consegna"
VIRUS = "rilevazione-virus"
ENVELOPE = "posta-certificata"
RECEIPTS = (ACCEPTED, REFUSED, TAKEN_OVER, DELIVERED, LATE, NOT_DELIVERED, VIRUS)
# of «errore»: the mailbox, or its domain, does not exist
NO_MAILBOX = ("no-dest", "no-dominio")
# how many messages of a thread are looked up
MAX_ANSWERS = 32

_DATICERT = "daticert.xml"
_SIGNATURES = ("application/pkcs7-signature", "application/x-pkcs7-signature")
# the shortest signature holds a certificate; less is a remainder of one
_SIGNATURE_BYTES = 256
_XML = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
_ZONE = re.compile(r"([+-])(\d\d):?(\d\d)")


@dataclass(frozen=True)
class PecMessage:
    """One message of the mailbox.

    ``kind``: one of RECEIPTS, ENVELOPE (somebody wrote to us), or "" (anything else).
    ``references``: Message-IDs that the message sent may have, the likeliest first.
    ``answers``: Message-IDs that somebody who wrote to us answers, the last one first.
    ``identifier``: the provider's own number of the message sent.
    ``recipient``: the one that the receipt is about, lower case.
    ``date``: legal time, aware; None where it is not given.
    ``error``: «nessuno», «no-dest», «no-dominio», «virus», «altro», or "".
    ``signature``: one of the constants of smime, "" where there is none.
    ``flaws``: what a proof needs and this message lacks: signature, forged, unchecked,
    data, date, kind.
    """

    kind: str = ""
    message_id: str = ""
    references: tuple = ()
    answers: tuple = ()
    identifier: str = ""
    recipient: str = ""
    recipients: tuple = ()
    date: datetime | None = None
    error: str = ""
    error_text: str = ""
    provider: str = ""
    sender: str = ""
    subject: str = ""
    daticert: bytes = b""
    signature: str = ""
    flaws: tuple = ()

    @property
    def is_receipt(self):
        return self.kind in RECEIPTS


def parse(raw, trust=None):
    """Read a message.

    :param bytes raw: the message as the mailbox holds it
    :param trust: smime.Trust, None: whoever has issued the certificate
    :return: PecMessage; of a broken message, what can be read of it
    """
    message = message_from_bytes(raw, policy=policy.compat32)
    daticert = _daticert(message)
    data = _read_daticert(daticert)
    root = data if data is not None else etree.Element("postacert")
    kind = _kind(message, root)
    date = _date(root)
    signature = _signature(message, raw, date, trust)
    flaws = {
        "signature": not signature,
        "forged": signature == smime.INVALID,
        "unchecked": signature == smime.UNCHECKED,
        "data": data is None,
        "date": data is not None and date is None,
        "kind": kind in RECEIPTS and root.get("tipo", kind).lower() != kind,
    }
    recipients = tuple(
        _text(node).lower() for node in root.iterfind("intestazione/destinatari")
    )
    own_recipient = _text(root.find("dati/consegna")).lower()
    return PecMessage(
        kind=kind,
        message_id=_identifier(_header(message, "Message-ID")),
        references=_references(message, root),
        answers=_answers(message) if kind == ENVELOPE else (),
        identifier=_identifier(_text(root.find("dati/identificativo"))),
        recipient=own_recipient or (recipients[0] if len(recipients) == 1 else ""),
        recipients=recipients,
        date=date,
        error=_clean(root.get("errore", "")),
        error_text=_text(root.find("dati/errore-esteso")),
        provider=_text(root.find("dati/gestore-emittente")),
        sender=_header(message, "From"),
        subject=_header(message, "Subject"),
        daticert=daticert if data is not None else b"",
        signature=signature,
        flaws=tuple(name for name, lacking in flaws.items() if lacking),
    )


def _kind(message, root):
    """By the header, then by the data; never by the subject, which anybody writes."""
    for found in (
        _header(message, "X-Ricevuta"),
        _header(message, "X-Trasporto"),
        root.get("tipo", ""),
    ):
        if found.lower() in (*RECEIPTS, ENVELOPE):
            return found.lower()
    return ""


def _references(message, root):
    """The header and the data can differ: both are tried."""
    found = (
        _identifier(_header(message, "X-Riferimento-Message-ID")),
        _identifier(_text(root.find("dati/msgid"))),
    )
    return tuple(dict.fromkeys(filter(None, found)))


def _answers(message):
    """The headers are those of the message in the envelope, or the envelope's own."""
    found = []
    for part in message.walk():
        text = f"{_header(part, 'References')} {_header(part, 'In-Reply-To')}"
        found += re.findall(r"<([^<>\s]+)>", text)
    return tuple(dict.fromkeys(reversed(found[-MAX_ANSWERS:])))


def _identifier(text):
    """A Message-ID without brackets and spaces."""
    return re.sub(r"[<>\s]", "", text)


def _header(message, name):
    """A header as text; what cannot be decoded stays as it is."""
    try:
        value = message.get(name) or ""
        parts = _decode(value) if "=?" in str(value) else str(value)
    except (MessageError, LookupError, ValueError):
        parts = str(message.get(name))
    return " ".join(_clean(parts).split())


def _clean(text):
    """Only what a database takes: no half characters, no zero bytes."""
    return text.encode(errors="replace").decode().replace("\0", "")


def _decode(value):
    return str(make_header(decode_header(str(value))))


def _outer_parts(message):
    """The parts of the message, without those of messages that it carries."""
    yield message
    if message.is_multipart() and message.get_content_maintype() != "message":
        for part in message.get_payload():
            yield from _outer_parts(part)


def _signed_part(message):
    """What the signature covers: an attachment beside it is anybody's."""
    signed = message.get_content_type() == "multipart/signed"
    return message.get_payload(0) if signed and message.is_multipart() else message


def _daticert(message):
    """The provider's data, empty when missing or not readable."""
    for part in _outer_parts(_signed_part(message)):
        if (part.get_filename() or "").strip().lower() == _DATICERT:
            return _bytes(part)
    return b""


def _bytes(part):
    try:
        return part.get_payload(decode=True) or b""
    except (ValueError, TypeError, AttributeError):
        return b""


def _signature(message, raw, date, trust):
    """:return: one of the constants of smime, "" without a whole signature"""
    for part in _outer_parts(message):
        if part.get_content_type() in _SIGNATURES:
            signature = _bytes(part)
            if len(signature) >= _SIGNATURE_BYTES:
                return smime.check(raw, _boundary(message), signature, date, trust)
    return ""


def _boundary(message):
    if message.get_content_type() != "multipart/signed":
        return None
    try:
        return message.get_boundary()
    except (MessageError, LookupError, ValueError):
        return None


def _read_daticert(content):
    """:return: root of the data, None when they cannot be read"""
    if not content or b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        return None
    try:
        root = etree.fromstring(content, _XML)
    except (etree.XMLSyntaxError, ValueError):
        return None
    return root if root.tag == "postacert" else None


def _text(node):
    return "" if node is None else _clean("".join(node.itertext())).strip()


def _date(root):
    """The legal time: it is in the data, the header «Date» is nobody's proof."""
    node = root.find("dati/data")
    if node is None:
        return None
    day, hour = _text(node.find("giorno")), _text(node.find("ora"))
    try:
        naive = datetime.strptime(f"{day} {hour}", "%d/%m/%Y %H:%M:%S")
    except ValueError:
        return None
    zone = _ZONE.fullmatch(node.get("zona", "").strip())
    if not zone:
        return None
    sign, hours, minutes = zone.groups()
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    return naive.replace(tzinfo=timezone(-offset if sign == "-" else offset))
