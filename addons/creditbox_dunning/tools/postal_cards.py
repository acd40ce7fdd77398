"""A zip of scanned receipt cards, opened with care."""

import io
import posixpath
import zipfile
from dataclasses import dataclass
from typing import NamedTuple

from odoo.addons.creditbox_base.tools.problem import FileProblem

_TYPES = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"%PDF-", "application/pdf"),
)


@dataclass(frozen=True)
class Limits:
    """What a zip may be, before it is refused (bytes, number of files)."""

    file_bytes: int = 100 << 20
    member_bytes: int = 5 << 20
    members: int = 5_000
    unpacked_bytes: int = 1 << 30


class Card(NamedTuple):
    """A scan. ``fault``: why it is none («too_big», «not_image»), then no content."""

    name: str
    content: bytes = b""
    mimetype: str = ""
    fault: str = ""

    @property
    def key(self):
        """The file's name without folder and ending: whose card it is."""
        return posixpath.splitext(self.name)[0]


def mimetype_of(content):
    """:return: type of an image or PDF by its first bytes, empty for all else"""
    return next((kind for magic, kind in _TYPES if content.startswith(magic)), "")


def open_cards(content, limits=Limits()):
    """Check a zip before anything is unpacked.

    What the zip says of itself may be wrong: reading counts again.

    :return: zipfile.ZipFile
    :raises FileProblem: no zip, encrypted, or of an unreasonable size
    """
    if len(content) > limits.file_bytes:
        raise FileProblem("file_too_big", limit=limits.file_bytes >> 20)
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, EOFError, OSError) as error:
        raise FileProblem("corrupt") from error
    members = archive.infolist()
    if len(members) > limits.members:
        raise FileProblem("bomb")
    if any(member.flag_bits & 1 for member in members):
        raise FileProblem("password")
    if sum(member.file_size for member in members) > limits.unpacked_bytes:
        raise FileProblem("bomb")
    return archive


def read_cards(archive, limits=Limits(), only=None):
    """Yield the `Card` of each file of the zip.

    :param only: names to read, without their folders
    :raises FileProblem: it unpacks to more than it said
    """
    left = limits.unpacked_bytes
    for member in archive.infolist():
        name = posixpath.basename(member.filename.replace("\\", "/"))
        if member.is_dir() or name.startswith(".") or not name:
            continue
        if only is not None and name not in only:
            continue
        card = _read(archive, member, name, limits)
        left -= len(card.content)
        if left < 0:
            raise FileProblem("bomb")
        yield card


def _read(archive, member, name, limits):
    try:
        with archive.open(member) as stream:
            content = stream.read(limits.member_bytes + 1)
    except Exception as error:  # of any class: zlib, lzma, the zip itself
        raise FileProblem("corrupt") from error
    if len(content) > limits.member_bytes:
        return Card(name, fault="too_big")
    mimetype = mimetype_of(content)
    return Card(name, content, mimetype) if mimetype else Card(name, fault="not_image")
