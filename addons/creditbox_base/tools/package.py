"""Packages of files: a ZIP with safe names, and the SHA-256 of each file beside it.

The same files in the same order give the same bytes. Files are read piece by piece, so
that a package may be larger than the memory.
"""

import hashlib
import io
import os
import re
import unicodedata
import zipfile
from typing import NamedTuple

SUMS = "SHA256SUMS"  # as sha256sum writes and checks it
PIECE = 1 << 18
LONGEST = 100  # bytes of a name, so that a whole path fits everywhere
# a ZIP64 entry must be announced before its size is known
LARGE = 1 << 30
# what a ZIP would not make smaller
PACKED = (".zip", ".jpg", ".jpeg", ".png", ".xlsx", ".docx", ".p7m", ".gz")
RESERVED = re.compile(r"(?i)^(con|prn|aux|nul|com\d|lpt\d)$")


class Entry(NamedTuple):
    """A file of a package."""

    path: str
    size: int
    sha256: str


def safe_name(text, longest=LONGEST):
    """:return: str, ``text`` as the name of a file that every system can write"""
    name = unicodedata.normalize("NFC", text or "")
    name = re.sub(r'[\x00-\x1f\x7f<>:"/\\|?*]+', "-", name)
    name = re.sub(r"\.{2,}", ".", re.sub(r"\s+", " ", name)).strip(" .-")
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > 8:
        stem, dot, ending = name, "", ""
    stem = _shorten(stem, longest - len((dot + ending).encode())).rstrip(" .-")
    stem = stem or "file"
    return f"_{stem}{dot}{ending}" if RESERVED.match(stem) else f"{stem}{dot}{ending}"


def _shorten(text, longest):
    return text.encode()[: max(longest, 1)].decode(errors="ignore")


def opened(source):
    """Open what a file of a package is made of.

    :param source: bytes, a path, or a function that returns bytes or a stream
    :return: binary stream, to be closed
    """
    if callable(source):
        source = source()
    if isinstance(source, bytes):
        return io.BytesIO(source)
    return open(source, "rb") if isinstance(source, str | os.PathLike) else source


class Package:
    """A ZIP being written. Use as a context manager: leaving it adds the sums."""

    def __init__(self, stream):
        self._zip = zipfile.ZipFile(stream, "w")
        self._taken = {SUMS.casefold()}
        self.entries = []

    def __enter__(self):
        return self

    def __exit__(self, kind, *exc):
        if kind is None:
            self._write(SUMS, self.sums().encode())
        self._zip.close()

    def add(self, folder, name, source):
        """Add a file; a name that is taken gets a number.

        :param folder: str, empty: none
        :param source: see :func:`opened`
        :return: Entry
        """
        path = self._free(safe_name(folder) if folder else "", safe_name(name))
        entry = self._write(path, source)
        self.entries.append(entry)
        return entry

    def sums(self):
        """:return: str, the list that ``sha256sum -c`` checks"""
        return "".join(f"{entry.sha256}  {entry.path}\n" for entry in self.entries)

    def _free(self, folder, name):
        stem, ending = os.path.splitext(name)
        number, path = 1, os.path.join(folder, name)
        # for Windows capitals make no difference
        while path.casefold() in self._taken:
            number += 1
            path = os.path.join(folder, f"{stem} ({number}){ending}")
        self._taken.add(path.casefold())
        return path

    def _write(self, path, source):
        info = zipfile.ZipInfo(path)  # of 1980: the same files, the same bytes
        info.external_attr = 0o644 << 16
        packed = path.lower().endswith(PACKED)
        info.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
        digest, size = hashlib.sha256(), 0
        with opened(source) as stream:
            large = _length(stream) > LARGE
            with self._zip.open(info, "w", force_zip64=large) as target:
                while piece := stream.read(PIECE):
                    digest.update(piece)
                    size += len(piece)
                    target.write(piece)
        return Entry(path, size, digest.hexdigest())


def _length(stream):
    here = stream.tell()
    length = stream.seek(0, os.SEEK_END)
    stream.seek(here)
    return length
