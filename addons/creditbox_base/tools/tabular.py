"""Read xls, xlsx, xlsb, ods and text tables; refuse what is not one, saying why.

`extract` is run in a child process (see sandbox.py), because a spreadsheet of a few
bytes can make any reader allocate half a terabyte. Its product is one JSON text a
line: {"sheet": name, "merged": [...]} opens a sheet, [row number, [cells]] is a row.
"""

import codecs
import csv
import datetime
import io
import json
import re
import zipfile
from dataclasses import dataclass

import python_calamine

from .problem import FileProblem

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ODS_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"
CHUNK = 1 << 20
ENTITY = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
# A formula whose result was never computed: the writer was not a spreadsheet program.
UNCOMPUTED = re.compile(rb"</f>(?:<v\s*/>|<v></v>)?</c>|<f/>(?:<v></v>)?</c>")
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
DELIMITERS = ";\t,|"
NOT_TABLES = (
    (b"%PDF", "pdf"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
)


@dataclass(frozen=True)
class Limits:
    """What a file may be, before it is refused (bytes, rows, columns)."""

    file_bytes: int = 200 << 20
    unpacked_bytes: int = 4 << 30
    ratio: int = 300
    ratio_from_bytes: int = 64 << 20
    members: int = 5000
    rows: int = 2_000_000
    columns: int = 400
    cell_chars: int = 32_767


def detect(stream, size, limits=Limits()):
    """ "xlsx", "xlsb", "ods", "xls" or "csv"; raises `FileProblem` for the rest."""
    if not size:
        raise FileProblem("empty_file")
    if size > limits.file_bytes:
        raise FileProblem("file_too_big", limit=limits.file_bytes >> 20)
    stream.seek(0)
    head = stream.read(4096)
    stream.seek(0)
    if head.startswith(b"PK"):
        return _detect_zip(stream, limits)
    if head.startswith(OLE):
        return _detect_ole(stream)
    for magic, what in NOT_TABLES:
        if head.startswith(magic):
            raise FileProblem("wrong_type", what=what)
    return _detect_text(head)


def _detect_zip(stream, limits):
    try:
        with zipfile.ZipFile(stream) as archive:
            names = set(archive.namelist())
            _check_members(archive, limits)
            if "xl/workbook.xml" in names:
                return "xlsx"
            if "xl/workbook.bin" in names:
                return "xlsb"
            if "mimetype" in names and archive.read("mimetype").strip() == ODS_TYPE:
                if b"encryption-data" in archive.read("META-INF/manifest.xml"):
                    raise FileProblem("password")
                return "ods"
    except (zipfile.BadZipFile, KeyError, EOFError, OSError, ValueError) as error:
        raise FileProblem("corrupt") from error
    raise FileProblem("wrong_type", what="archive")


def _check_members(archive, limits):
    members = archive.infolist()
    if len(members) > limits.members:
        raise FileProblem("bomb")
    if any(member.flag_bits & 1 for member in members):
        raise FileProblem("password")
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members) or 1
    if unpacked > limits.unpacked_bytes or (
        unpacked > limits.ratio_from_bytes and unpacked / packed > limits.ratio
    ):
        raise FileProblem("bomb")


def _detect_ole(stream):
    stream.seek(0)
    content = stream.read()
    stream.seek(0)
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise FileProblem("password")
    for name in ("Workbook", "Book"):
        if name.encode("utf-16-le") in content:
            return "xls"
    raise FileProblem("wrong_type", what="office")


def _detect_text(head):
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<html", b"<!doctype html", b"<table")):
        raise FileProblem("wrong_type", what="html")
    if start.startswith((b"<?xml", b"<!doctype", b"<workbook", b"<")):
        raise FileProblem("wrong_type", what="xml")
    if start.startswith((b"{", b"[{")):
        raise FileProblem("wrong_type", what="json")
    if not any(head.startswith(bom) for bom, _encoding in BOMS) and b"\0" in head:
        raise FileProblem("wrong_type", what="binary")
    return "csv"


def extract(stream, size, out, encoding=None, delimiter=None, limits=Limits()):
    """Write every sheet of a file to `out` as JSON lines.

    :param stream: binary, seekable
    :param out: text stream
    :return: dict with `format`, `rows` and `uncomputed` (formulas without a result)
    :raises FileProblem: when the file as a whole cannot be read
    """
    kind = detect(stream, size, limits)
    if kind == "csv":
        rows = _write_text(stream, out, encoding, delimiter, limits)
        uncomputed = 0
    else:
        uncomputed = inspect_xml(stream, limits) if kind in ("xlsx", "ods") else 0
        rows = _write_workbook(stream, out, limits)
    if not rows:
        raise FileProblem("no_rows")
    return {"format": kind, "rows": rows, "uncomputed": uncomputed}


def inspect_xml(stream, limits):
    """Refuse XML with entities, and what unpacks to more than it declares."""
    uncomputed = 0
    try:
        with zipfile.ZipFile(stream) as archive:
            for member in archive.infolist():
                if member.filename.lower().endswith((".xml", ".rels")):
                    uncomputed += _inspect_member(archive, member, limits)
    except (zipfile.BadZipFile, EOFError, OSError, ValueError) as error:
        raise FileProblem("corrupt") from error
    except Exception as error:
        if type(error).__module__ == "zlib":
            raise FileProblem("corrupt") from error
        raise
    finally:
        stream.seek(0)
    return uncomputed


def _inspect_member(archive, member, limits):
    uncomputed = read = 0
    tail = b""
    is_sheet = member.filename.startswith("xl/worksheets/")
    with archive.open(member) as xml:
        while chunk := xml.read(CHUNK):
            if not read and _has_entities(chunk):
                raise FileProblem("entities")
            read += len(chunk)
            if read > limits.unpacked_bytes:
                raise FileProblem("bomb")
            if is_sheet:
                block = tail + chunk
                uncomputed += len(UNCOMPUTED.findall(block))
                tail = b"" if block.endswith(b"</c>") else block[-16:]
                uncomputed -= len(UNCOMPUTED.findall(tail))
    return uncomputed


def _has_entities(chunk):
    if chunk[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        chunk = chunk.decode("utf-16", "ignore").encode()
    return bool(ENTITY.search(chunk))


def _write_workbook(stream, out, limits):
    stream.seek(0)
    try:
        workbook = python_calamine.CalamineWorkbook.from_filelike(stream)
    except python_calamine.PasswordError as error:
        raise FileProblem("password") from error
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise FileProblem("corrupt") from error
    written = 0
    for meta in workbook.sheets_metadata:
        if meta.typ == python_calamine.SheetTypeEnum.WorkSheet:
            written += _write_sheet(workbook, meta, out, limits)
    return written


def _write_sheet(workbook, meta, out, limits):
    try:
        sheet = workbook.get_sheet_by_name(meta.name)
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise FileProblem("corrupt") from error
    hidden = meta.visible != python_calamine.SheetVisibleEnum.Visible
    merged = [list(map(list, area)) for area in (sheet.merged_cell_ranges or [])[:500]]
    _dump(out, {"sheet": meta.name, "hidden": hidden, "merged": merged})
    return _write_rows(
        out, ([_plain(cell) for cell in row] for row in sheet.iter_rows()), limits
    )


def _write_rows(out, rows, limits):
    """Number of rows written: empty rows are left out, numbers stay the sheet's."""
    written = 0
    for number, row in enumerate(rows, start=1):
        while row and row[-1] in ("", None):
            row.pop()
        if not row:
            continue
        if len(row) > limits.columns:
            raise FileProblem("too_many_columns", limit=limits.columns)
        written += 1
        if written > limits.rows:
            raise FileProblem("too_many_rows", limit=limits.rows)
        _dump(out, [number, row])
    return written


def _dump(out, value):
    out.write(json.dumps(value, ensure_ascii=False, separators=(",", ":")))
    out.write("\n")


def _plain(cell):
    """A cell as JSON can carry it: dates as ISO text, 12.0 as 12."""
    if isinstance(cell, str | bool):
        return cell
    if isinstance(cell, float):
        return int(cell) if cell.is_integer() and abs(cell) < 1e15 else cell
    if isinstance(cell, datetime.datetime):
        midnight = cell.time() == datetime.time()
        return cell.date().isoformat() if midnight else cell.isoformat(" ")
    if isinstance(cell, datetime.date | datetime.time):
        return cell.isoformat()
    if isinstance(cell, datetime.timedelta):
        return cell.total_seconds() / 86400
    return cell


def _write_text(stream, out, encoding, delimiter, limits):
    encoding = encoding or guess_encoding(stream)
    stream.seek(0)
    try:
        text = io.TextIOWrapper(stream, encoding=encoding, newline="")
    except LookupError as error:
        raise FileProblem("encoding", encoding=encoding) from error
    try:
        delimiter = delimiter or guess_delimiter(text.read(64 * 1024))
        text.seek(0)
        csv.field_size_limit(limits.cell_chars * 4)
        _dump(out, {"sheet": "", "hidden": False, "merged": []})
        return _write_rows(out, csv.reader(text, delimiter=delimiter), limits)
    except UnicodeError as error:
        raise FileProblem("encoding", encoding=encoding) from error
    except csv.Error as error:
        raise FileProblem("corrupt") from error
    finally:
        text.detach()


def guess_encoding(stream):
    """The encoding of a text: its mark, else UTF-8 if it is valid, else Windows."""
    stream.seek(0)
    head = stream.read(4)
    for bom, encoding in BOMS:
        if head.startswith(bom):
            return encoding
    decoder = codecs.getincrementaldecoder("utf-8")()
    stream.seek(0)
    try:
        while chunk := stream.read(CHUNK):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def guess_delimiter(sample):
    """The delimiter that cuts most of the first lines into as many cells."""
    lines = [line for line in sample.splitlines()[:50] if line.strip()]
    best, best_rank = ";", (0, 0)
    for delimiter in DELIMITERS:
        widths = [len(row) for row in csv.reader(lines, delimiter=delimiter)]
        usual = max(set(widths), key=widths.count, default=1)
        rank = (widths.count(usual) / len(widths) if usual > 1 else 0, usual)
        if rank > best_rank:
            best, best_rank = delimiter, rank
    return best
