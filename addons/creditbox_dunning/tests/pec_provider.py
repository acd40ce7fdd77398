"""A provider of certified mail on the loopback, for tests.

What we send goes to a real SMTP server, the receipts come from a real IMAP server
(pymap, in a process of its own). The receipts themselves are made here, as the
technical rules describe them, and signed with a certificate of our own.
"""

import imaplib
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from email import encoders, message_from_bytes
from email.mime.application import MIMEApplication
from email.mime.base import MIMEBase
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from xml.sax.saxutils import escape

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import NameOID

USER, PASSWORD = "crediti@pec.example", "secret"
LEGAL_TIME = datetime(2026, 6, 30, 23, 30, tzinfo=timezone(timedelta(hours=2)))


@contextmanager
def imap_server():
    """:return: context manager that gives a :class:`MailboxOfTests`"""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    start = "from pymap.main import main; main()"
    command = [sys.executable, "-c", start, "--host", "127.0.0.1", "--no-tls"]
    backend = ["dict", "--demo-user", USER, "--demo-password", PASSWORD]
    process = subprocess.Popen(
        [*command, "--port", str(port), *backend], stderr=subprocess.DEVNULL
    )
    try:
        yield MailboxOfTests(port, process)
    finally:
        process.terminate()
        process.wait(10)


class MailboxOfTests:
    def __init__(self, port, process):
        self.port = port
        self.process = process
        for _try in range(100):
            try:
                self._open().logout()
                return
            except OSError:
                time.sleep(0.1)
        raise TimeoutError("no IMAP server")

    def _open(self):
        connection = imaplib.IMAP4("127.0.0.1", self.port, timeout=10)
        connection.login(USER, PASSWORD)
        return connection

    def put(self, *raws):
        connection = self._open()
        for raw in raws:
            connection.append("INBOX", None, None, raw)
        connection.logout()

    def unseen(self):
        connection = self._open()
        connection.select("INBOX", readonly=True)
        _status, (numbers,) = connection.search(None, "UNSEEN")
        connection.logout()
        return len((numbers or b"").split())


def receipt(kind, sent, error="nessuno", text="", **changes):
    """The receipt of a message.

    :param sent: the message as the SMTP server has received it
    :param changes: recipient, number (Message-ID sent), date, identifier, header
        (what to write in X-Ricevuta), signed, daticert (bytes, in place of the right)
    :return: bytes
    """
    recipient = changes.get("recipient", sent["To"])
    number = changes.get("number", sent["Message-ID"])
    identifier = changes.get("identifier", f"opec1.{abs(hash(number))}@pec.example")
    date = changes.get("date", LEGAL_TIME)
    about = f"<consegna>{escape(recipient)}</consegna>"
    if kind in ("accettazione", "non-accettazione"):
        about = ""
    daticert = f"""<?xml version="1.0" encoding="UTF-8"?>
<postacert tipo="{kind}" errore="{error}">
    <intestazione>
        <mittente>{escape(sent["From"])}</mittente>
        <destinatari tipo="certificato">{escape(recipient)}</destinatari>
        <risposte>{escape(sent["From"])}</risposte>
        <oggetto>{escape(sent["Subject"])}</oggetto>
    </intestazione>
    <dati>
        <gestore-emittente>Pec di prova S.p.A.</gestore-emittente>
        <data zona="{date.strftime("%z")}">
            <giorno>{date.strftime("%d/%m/%Y")}</giorno>
            <ora>{date.strftime("%H:%M:%S")}</ora>
        </data>
        <identificativo>{identifier}</identificativo>
        <msgid>{escape(number)}</msgid>
        {about}
        {f"<errore-esteso>{escape(text)}</errore-esteso>" if text else ""}
    </dati>
</postacert>"""
    body = MIMEMultipart("mixed")
    body.attach(MIMEText("Ricevuta", "plain", "iso-8859-1"))
    data = MIMEBase("application", "xml", name="daticert.xml")
    data.set_payload(changes.get("daticert", daticert.encode()))
    encoders.encode_base64(data)
    data.add_header("Content-Disposition", "inline", filename="daticert.xml")
    body.attach(data)
    if kind == "avvenuta-consegna":
        # of the same policy: what is signed must be written alike twice
        original = MIMEMessage(message_from_bytes(sent.as_bytes()))
        original.add_header("Content-Disposition", "inline", filename="postacert.eml")
        body.attach(original)
    message = MIMEMultipart("signed", protocol="application/x-pkcs7-signature")
    message.attach(body)
    if changes.get("signed", True):
        signature = MIMEApplication(
            _sign(body.as_bytes()), "x-pkcs7-signature", name="smime.p7s"
        )
        message.attach(signature)
    message["Subject"] = f"{kind.upper()}: {sent['Subject']}"
    message["From"] = "posta-certificata@pec.example"
    message["To"] = USER
    message["Message-ID"] = (
        f"<{kind}.{abs(hash((number, recipient, text)))}@pec.example>"
    )
    header = changes.get("header", kind)
    if header:
        message["X-Ricevuta"] = header
    message["X-Riferimento-Message-ID"] = number
    return message.as_bytes(policy=message.policy.clone(linesep="\r\n"))


def certificate():
    """:return: (certificate that has signed itself, its key)"""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Pec di prova")])
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2020, 1, 1))
        .not_valid_after(datetime(2040, 1, 1))
    )
    return builder.sign(key, hashes.SHA256()), key


def _sign(content):
    builder = pkcs7.PKCS7SignatureBuilder().set_data(content)
    return builder.add_signer(CERTIFICATE, KEY, hashes.SHA256()).sign(
        serialization.Encoding.DER, [pkcs7.PKCS7Options.DetachedSignature]
    )


def pem(certificate):
    return certificate.public_bytes(serialization.Encoding.PEM)


CERTIFICATE, KEY = certificate()
# the library keeps the clock that it meets first: let it be no frozen one
_sign(b"")
