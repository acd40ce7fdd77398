"""The demo's mailbox keeps every mail and SMS, and shows them."""

import json
import smtplib
import urllib.request
from email.message import EmailMessage

import postbox
import pytest
from ports import free_port


@pytest.fixture
def box(tmp_path):
    """Ports of a running mailbox: (SMTP, HTTP)."""
    ports = free_port(), free_port()
    smtp, http = postbox.start(tmp_path, *ports)
    yield ports
    smtp.stop()
    http.shutdown()
    http.server_close()


def page(port, path="") -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/{path}", timeout=5) as answer:
        return answer.read().decode()


def test_a_mail_is_kept_and_shown_without_running_anything(box):
    smtp_port, http_port = box
    mail = EmailMessage()
    mail["From"], mail["To"] = "crediti@example.com", "anna@example.it"
    mail["Subject"] = "Sollecito <1> è arrivato"
    mail.set_content("Gentile cliente")
    mail.add_alternative("<p>Gentile <b>cliente</b></p>", subtype="html")
    mail.add_attachment(b"%PDF-", "application", "pdf", filename="bolletta.pdf")
    with smtplib.SMTP("127.0.0.1", smtp_port) as server:
        server.send_message(mail)
    listed = page(http_port)
    assert "1 messages" in listed and "Sollecito &lt;1&gt; è arrivato" in listed
    shown = page(http_port, "000001.eml")
    assert "anna@example.it" in shown and "bolletta.pdf" in shown
    assert "<iframe sandbox" in shown and "&lt;b&gt;cliente" in shown


@pytest.mark.parametrize("form", [False, True])
def test_an_sms_is_kept_and_answered(box, form):
    _smtp_port, http_port = box
    data = b"to=%2B393990000001&text=Ciao" if form else b""
    data = data or json.dumps({"to": "+393990000001", "text": "Ciao"}).encode()
    kind = "application/x-www-form-urlencoded" if form else "application/json"
    request = urllib.request.Request(
        f"http://127.0.0.1:{http_port}/sms", data, {"Content-Type": kind}
    )
    with urllib.request.urlopen(request, timeout=5) as answer:
        assert json.load(answer)["status"] == "sent"
    assert "+393990000001" in page(http_port) and "Ciao" in page(http_port)


def test_nothing_else_can_be_read(box, tmp_path):
    (tmp_path.parent / "secret.eml").write_text("secret")
    with pytest.raises(urllib.error.HTTPError):
        page(box[1], "../secret.eml")
