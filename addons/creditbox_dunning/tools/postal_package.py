"""What a postal outsourcer is given with a lot: letters, their index, a manifest."""

import csv
import hashlib
import io
import json
import zipfile
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from lxml import etree

# what a row of the index can tell of a letter
FIELDS = (
    "lot",
    "letter",
    "product",
    "file",
    "first_page",
    "pages",
    "sheets",
    "name",
    "street",
    "street2",
    "zip",
    "city",
    "province",
    "country",
    "amount",
    "date",
    "sender",
    "sender_street",
    "sender_zip",
    "sender_city",
)
LETTER_ID_LENGTH = 35  # what outsourcers take, at most


class Column(NamedTuple):
    """A column of the index: one of FIELDS, or a fixed text."""

    heading: str
    field: str = ""
    fixed: str = ""
    length: int = 0  # 0: whatever it is

    def text(self, row, layout):
        """:return: str of the column in ``row``"""
        value = row[self.field] if self.field else self.fixed
        text = layout.text(value)
        return text[: self.length] if self.length else text


@dataclass(frozen=True)
class Layout:
    """How an outsourcer wants the index."""

    columns: tuple
    format: str = "csv"  # or «xml»
    separator: str = ";"
    encoding: str = "utf-8-sig"
    decimal: str = "."
    date_format: str = "%Y-%m-%d"

    def text(self, value):
        """:return: str; floats are amounts"""
        if isinstance(value, float):
            return f"{value:.2f}".replace(".", self.decimal)
        if isinstance(value, date):
            return value.strftime(self.date_format)
        return str(value)

    def index(self, rows):
        """:param rows: list of dicts with FIELDS
        :return: bytes; what the encoding lacks becomes «?»
        """
        table = [[column.text(row, self) for column in self.columns] for row in rows]
        write = self._write_xml if self.format == "xml" else self._write_csv
        return write(table)

    def _write_csv(self, table):
        stream = io.StringIO()
        writer = csv.writer(stream, delimiter=self.separator, lineterminator="\r\n")
        writer.writerow(column.heading for column in self.columns)
        writer.writerows(table)
        return stream.getvalue().encode(self.encoding, "replace")

    def _write_xml(self, table):
        root = etree.Element("letters")
        for texts in table:
            letter = etree.SubElement(root, "letter")
            for column, text in zip(self.columns, texts, strict=True):
                etree.SubElement(letter, column.heading).text = text
        encoding = self.encoding.removesuffix("-sig")
        return etree.tostring(
            root, encoding=encoding, xml_declaration=True, pretty_print=True
        )


def manifest(head, files):
    """:param head: dict of what the lot is (JSON values)
    :param files: {name: bytes}
    :return: bytes of the JSON that closes a delivery
    """
    described = [
        {
            "name": name,
            "bytes": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
        }
        for name, content in files.items()
    ]
    text = json.dumps(head | {"files": described}, ensure_ascii=False, indent=2)
    return text.encode()


def pack(files):
    """:param files: {name: bytes}
    :return: bytes of a zip; the same files give the same bytes
    """
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return stream.getvalue()


def unpack(content):
    """:param content: bytes made by `pack`
    :return: {name: bytes}, in the order given
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
