"""The demo's mailbox: takes every e-mail and SMS of the demo and shows it in a page.

    python demo/postbox.py [--folder DIR] [--smtp 1025] [--http 8025]

E-mails come by SMTP, SMS by the plain HTTP gateway (POST /sms). Both stay on this
machine, as files in the folder; nothing is ever handed on.
"""

import argparse
import json
import threading
import time
from email import message_from_bytes, policy
from email.utils import parseaddr
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

from aiosmtpd.controller import Controller

PAGE = """<!DOCTYPE html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title><style>
body {{ font: 15px system-ui, sans-serif; margin: 2em auto; max-width: 60em;
 padding: 0 1em; color: #222; }}
table {{ border-collapse: collapse; width: 100%; }}
th, td {{ text-align: left; padding: .4em .6em; border-bottom: 1px solid #ddd; }}
td:nth-child(3) {{ max-width: 18em; overflow-wrap: anywhere; }}
a {{ color: #714b67; }}
iframe {{ width: 100%; height: 60em; border: 1px solid #ddd; }}
pre {{ white-space: pre-wrap; background: #f5f5f5; padding: 1em; }}
</style><h1>{title}</h1>{body}"""


class Box:
    """What has come, in order; also kept as files."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.lock = threading.Lock()
        folder.mkdir(parents=True, exist_ok=True)

    def add(self, suffix: str, content: bytes) -> str:
        with self.lock:
            number = len(list(self.folder.iterdir())) + 1
            name = f"{number:06d}{suffix}"
            (self.folder / name).write_bytes(content)
        return name

    def names(self) -> list[str]:
        """Names of the messages, newest first."""
        return sorted((path.name for path in self.folder.iterdir()), reverse=True)

    def read(self, name: str) -> dict | None:
        """A message as a dict of its parts, None if there is none of this name."""
        if name not in self.names():
            return None
        path = self.folder / name
        when = time.strftime("%d/%m/%Y %H:%M:%S", time.localtime(path.stat().st_mtime))
        if path.suffix == ".sms":
            sms = json.loads(path.read_text(encoding="utf-8"))
            return {"kind": "SMS", "when": when, "subject": sms["text"][:120], **sms}
        return {"kind": "e-mail", "when": when, **self._read_mail(path)}

    def _read_mail(self, path: Path) -> dict:
        mail = message_from_bytes(path.read_bytes(), policy=policy.default)
        body = mail.get_body(("html", "plain"))
        text = body.get_content() if body else ""
        if body and body.get_content_subtype() == "plain":
            text = f"<pre>{escape(text)}</pre>"
        return {
            "from": parseaddr(mail["From"])[1],
            "to": str(mail["To"]),
            "subject": str(mail["Subject"]),
            "text": text,
            "files": [part.get_filename() for part in mail.iter_attachments()],
        }


class SmtpHandler:
    """Takes every message for anybody."""

    def __init__(self, box: Box):
        self.box = box

    async def handle_DATA(self, server, session, envelope):
        self.box.add(".eml", envelope.content)
        return "250 Kept"


class Pages(BaseHTTPRequestHandler):
    """The list of messages, one message, and the SMS gateway."""

    box: Box

    def do_GET(self):
        name = self.path.strip("/")
        if not name:
            return self._answer(200, self._list())
        message = self.box.read(name)
        if not message:
            return self._answer(404, PAGE.format(title="Not found", body=""))
        return self._answer(200, self._one(message))

    def do_POST(self):
        size = min(int(self.headers.get("Content-Length") or 0), 1_000_000)
        data = self.rfile.read(size)
        if "json" in self.headers.get("Content-Type", ""):
            fields = json.loads(data)
        else:
            fields = {k: v[0] for k, v in parse_qs(data.decode()).items()}
        sms = {"to": fields.get("to", ""), "text": fields.get("text", "")}
        kept = json.dumps(sms, ensure_ascii=False).encode()
        name = self.box.add(".sms", kept)
        self._answer(
            200, json.dumps({"id": name, "status": "sent"}), "application/json"
        )

    def _list(self) -> str:
        rows = []
        for name in self.box.names()[:500]:
            message = self.box.read(name)
            cells = "".join(
                f"<td>{escape(message[key])}</td>" for key in ("when", "kind", "to")
            )
            link = f'<a href="/{name}">{escape(message["subject"])}</a>'
            rows.append(f"<tr>{cells}<td>{link}</td></tr>")
        head = "<tr><th>When</th><th>What</th><th>To</th><th>Subject</th></tr>"
        body = f"<p>{len(self.box.names())} messages, newest first. None has left.</p>"
        return PAGE.format(
            title="Mailbox of the demo",
            body=f"{body}<table>{head}{''.join(rows)}</table>",
        )

    def _one(self, message: dict) -> str:
        files = ", ".join(message.get("files") or []) or "–"
        lines = f"<p>To {escape(message['to'])}, {message['when']}; files: {files}</p>"
        if message["kind"] == "SMS":
            content = f"<pre>{escape(message['text'])}</pre>"
        else:
            content = f'<iframe sandbox srcdoc="{escape(message["text"])}"></iframe>'
        back = '<p><a href="/">All messages</a></p>'
        title = escape(message["subject"])
        return PAGE.format(title=title, body=lines + content + back)

    def _answer(self, status, text, kind="text/html; charset=utf-8"):
        data = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *arguments):
        """Say nothing: the page shows what has come."""


def start(folder: Path, smtp_port: int, http_port: int):
    """Start both servers; returns them, running in threads of their own."""
    box = Box(folder)
    smtp = Controller(SmtpHandler(box), hostname="127.0.0.1", port=smtp_port)
    smtp.start()
    pages = type("BoxPages", (Pages,), {"box": box})
    http = ThreadingHTTPServer(("127.0.0.1", http_port), pages)
    threading.Thread(target=http.serve_forever, daemon=True).start()
    return smtp, http


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, default=Path(".creditbox/mailbox"))
    parser.add_argument("--smtp", type=int, default=1025)
    parser.add_argument("--http", type=int, default=8025)
    options = parser.parse_args()
    start(options.folder, options.smtp, options.http)
    print(f"mailbox of the demo: http://localhost:{options.http}", flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    main()
