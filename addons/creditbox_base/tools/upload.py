"""Files that strangers send: only what they really are counts."""

import base64
import io
import re
import unicodedata
from dataclasses import dataclass

from PIL import Image

MAX_BYTES = 5 * 1024 * 1024
MAX_PIXELS = 60_000_000
_PDF = b"%PDF-"
_IMAGES = {b"\xff\xd8\xff": "jpg", b"\x89PNG\r\n\x1a\n": "png"}
MIMETYPES = {"pdf": "application/pdf", "jpg": "image/jpeg", "png": "image/png"}
_FORMATS = {"jpg": "JPEG", "png": "PNG"}


class Refused(ValueError):
    """``reason``: empty, too_large, kind or damaged."""

    def __init__(self, reason):
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Upload:
    name: str
    content: bytes
    kind: str

    @property
    def mimetype(self):
        return MIMETYPES[self.kind]

    @property
    def base64(self):
        return base64.b64encode(self.content)


def take(stream, filename, kinds=("pdf", "jpg", "png")):
    """Read a file that was sent, no more than is allowed.

    :param stream: binary file
    :param str filename: as the sender calls it
    :param kinds: those that are allowed
    :return: Upload, its name harmless and with the extension of what it is
    :raises Refused: see there
    """
    content = stream.read(MAX_BYTES + 1)
    if not content:
        raise Refused("empty")
    if len(content) > MAX_BYTES:
        raise Refused("too_large")
    kind = _kind(content)
    if kind not in kinds:
        raise Refused("kind")
    if kind in _FORMATS:
        _check_image(content, _FORMATS[kind])
    elif b"%%EOF" not in content[-2048:]:
        raise Refused("damaged")
    return Upload(clean_name(filename, kind), content, kind)


def _kind(content):
    if content.startswith(_PDF):
        return "pdf"
    return next((k for mark, k in _IMAGES.items() if content.startswith(mark)), None)


def _check_image(content, expected):
    """An image that opens as what it says it is, and is no bomb."""
    try:
        with Image.open(io.BytesIO(content), formats=[expected]) as image:
            width, height = image.size
            if width * height > MAX_PIXELS:
                raise Refused("too_large")
            image.verify()
    except Refused:
        raise
    except Exception as error:  # Pillow raises whatever the bytes make it raise
        raise Refused("damaged") from error


def clean_name(filename, kind):
    """:return: the last part of the name, without what systems or people misread"""
    name = re.split(r"[\\/]", filename or "")[-1].rpartition(".")
    stem = unicodedata.normalize("NFC", name[0] or name[2])
    stem = "".join(c for c in stem if c.isalnum() or c in " -_()")
    stem = re.sub(r"\s+", " ", stem).strip(" -_")[:60].strip()
    return f"{stem or 'file'}.{kind}"
