"""The text of documents that come from anywhere, read in a process that may die.

The child has its memory and time limited by the system: a bomb, or a file made to hang
a reader, ends that process and nothing else. It never imports Odoo.
"""

import email
import email.policy
import io
import json
import os
import re
import resource
import subprocess
import sys
import zipfile

KINDS = (".pdf", ".docx", ".xlsx", ".odt", ".ods", ".txt", ".csv", ".xml", ".eml")
MEMORY = 2 << 30
SECONDS = 60
CHARACTERS = 400_000  # of a document: hundreds of pages
PART = 40 << 20  # bytes of a file within a file
ADDON = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
CHILD = (
    "import sys; sys.path.insert(0, sys.argv[1]);"
    "import importlib.util as u; s = u.spec_from_file_location('reading', sys.argv[2]);"
    "m = u.module_from_spec(s); s.loader.exec_module(m); m.main()"
)
# parts of a package that hold what a reader sees
WORD = re.compile(r"word/(document|header\d*|footer\d*|footnotes)\.xml")
SHEET = re.compile(r"xl/(sharedStrings|worksheets/sheet\d+)\.xml")
OPEN = re.compile(r"content\.xml")


class Unreadable(Exception):
    """The file cannot be read."""


def can_read(name):
    """:return: whether there is a reader for files that end like this"""
    return (name or "").lower().endswith(KINDS)


def read_text(path, name, memory=MEMORY, seconds=SECONDS, characters=CHARACTERS):
    """
    :param path: of the file
    :param name: what it is called: its ending says what it is
    :return: str
    :raises Unreadable: and why
    """
    order = {"memory": memory, "seconds": seconds, "characters": characters}
    command = [
        *(sys.executable, "-c", CHILD, ADDON, os.path.abspath(__file__)),
        *(str(path), name, json.dumps(order)),
    ]
    try:
        done = subprocess.run(
            command, capture_output=True, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise Unreadable("too slow") from error
    try:
        answer = json.loads(done.stdout)
    except ValueError as error:
        raise Unreadable("too large" if done.returncode < 0 else "corrupt") from error
    if "problem" in answer:
        raise Unreadable(answer["problem"])
    return answer["text"]


def main():
    """The child's side: arguments from the command line, answer on stdout."""
    path, name, order = sys.argv[3:]
    order = json.loads(order)
    resource.setrlimit(resource.RLIMIT_AS, (order["memory"], order["memory"]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        with open(path, "rb") as stream:
            text = _limited(_pieces(stream, name.lower()), order["characters"])
        answer = {"text": text}
    except MemoryError:
        answer = {"problem": "too large"}
    except Exception as error:  # whatever a reader says of a bad file
        answer = {"problem": f"{type(error).__name__}: {error}"[:200]}
    sys.stdout.write(json.dumps(answer))


def _limited(pieces, characters):
    found, left = [], characters
    for piece in pieces:
        piece = " ".join(piece.replace("\0", " ").split())
        found.append(piece[:left])
        left -= len(piece) + 1
        if left <= 0:
            break
    return "\n".join(filter(None, found))


def _pieces(stream, name, depth=0):
    """:return: iterable of str"""
    ending = os.path.splitext(name)[1]
    if ending == ".pdf":
        return _pdf(stream)
    if ending == ".docx":
        return _package(stream, WORD, "p")
    if ending == ".xlsx":
        return _package(stream, SHEET, "si", "c")
    if ending in (".odt", ".ods"):
        return _package(stream, OPEN, "p", "h")
    if ending == ".eml":
        return _eml(stream, depth)
    return _plain(stream)


def _pdf(stream):
    from pypdf import PdfReader

    reader = PdfReader(stream)
    if reader.is_encrypted:
        reader.decrypt("")
    for page in reader.pages:
        yield page.extract_text()


def _package(stream, parts, *tags):
    """Texts of the elements with these names, in a package of XML files."""
    with zipfile.ZipFile(stream) as package:
        for info in package.infolist():
            if parts.fullmatch(info.filename):
                if info.file_size > PART:
                    raise MemoryError
                with package.open(info) as part:
                    yield from _elements(part, tags)


def _elements(part, tags):
    from lxml import etree

    safe = {"resolve_entities": False, "no_network": True, "huge_tree": False}
    for _event, element in etree.iterparse(part, events=("end",), **safe):
        if etree.QName(element).localname in tags:
            yield "".join(element.itertext())
            element.clear()


def _eml(stream, depth):
    message = email.message_from_binary_file(stream, policy=email.policy.default)
    for header in ("subject", "from", "to", "date"):
        yield str(message[header] or "")
    for part in message.walk():
        kind, name = part.get_content_type(), part.get_filename() or ""
        if kind == "message/rfc822" or part.is_multipart():
            continue
        if kind == "text/plain" and not name:
            yield part.get_content()
        elif kind == "text/html" and not name:
            yield re.sub(r"<[^>]+>", " ", part.get_content())
        elif depth == 0 and name.lower().endswith(KINDS):
            content = part.get_payload(decode=True) or b""
            yield from _pieces(io.BytesIO(content), name.lower(), depth + 1)


def _plain(stream):
    content = stream.read(PART)
    for encoding in ("utf-8-sig", "cp1252", "latin-1"):
        try:
            return content.decode(encoding).splitlines()
        except ValueError:
            continue
    return []
