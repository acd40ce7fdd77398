"""The one PDF of a debt file: cover, index with links, then all that has pages.

What is held in memory is bounded: beyond so many bytes a document is in the ZIP alone.
"""

import io
import logging
from itertools import islice
from math import ceil
from typing import NamedTuple

from PIL import Image, ImageSequence, TiffImagePlugin
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import Link
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen import canvas

from odoo.addons.creditbox_base.tools import paper
from odoo.addons.creditbox_base.tools.package import opened
from odoo.addons.creditbox_base.tools.paper import BOLD, REGULAR, SIDE, WIDTH

_logger = logging.getLogger(__name__)

IMAGES = (".jpg", ".jpeg", ".png", ".tif", ".tiff")
MAX_BYTES = 100 << 20  # of all documents with pages
MAX_PIXELS = 1600  # of an image's longer side: enough to read a card
MAX_FRAMES = 20  # of a TIFF: a card has two sides
TOP, BOTTOM, LINE = A4[1] - 20 * mm, 20 * mm, 13
LINES = int((TOP - BOTTOM) / LINE) - 2  # of the index on a page
# from the left: date, document, page, file in the ZIP
DATE, TITLE, PAGE, FILE = SIDE, SIDE + 19 * mm, SIDE + 100 * mm, SIDE + 104 * mm


class Row(NamedTuple):
    """A line of the index; ``page`` counts from 0 behind the index, None: no pages."""

    title: str
    date: str = ""
    path: str = ""
    page: int | None = None
    heading: bool = False


class Book:
    """Add sections and documents in their order, then save it."""

    def __init__(self, max_bytes=MAX_BYTES):
        self._writer = PdfWriter()
        self._rows = []
        self._left = max_bytes

    def section(self, title):
        self._rows.append(Row(title, heading=True, page=len(self._writer.pages)))

    def note(self, text):
        """A line of the index without a document."""
        self._rows.append(Row(text))

    def document(self, title, date, path, source):
        """:param path: of the file in the ZIP
        :param source: see :func:`package.opened`
        :return: whether it has pages here
        """
        first = len(self._writer.pages)
        self._append(path.lower(), source)
        page = first if len(self._writer.pages) > first else None
        self._rows.append(Row(title, date, path, page))
        return page is not None

    def _append(self, path, source):
        if not path.endswith((".pdf", *IMAGES)):
            return
        with opened(source) as stream:
            stream.seek(0, io.SEEK_END)
            size = stream.tell()
            stream.seek(0)
            if size > self._left:
                return
            first = len(self._writer.pages)
            try:
                pages = stream if path.endswith(".pdf") else _image_pages(stream)
                reader = PdfReader(pages)
                if reader.is_encrypted and not reader.decrypt(""):
                    return
                self._writer.append(reader, import_outline=False)
                self._left -= size
            except Exception:  # whatever strangers have sent: it is in the ZIP as it is
                _logger.info("%s has no pages that can be read", path, exc_info=True)
                while len(self._writer.pages) > first:
                    self._writer.remove_page(len(self._writer.pages) - 1)

    def save(self, stream, title, sender, facts, labels):
        """
        :param stream: binary, where the PDF is written to
        :param facts: ((label, text), …) of the cover
        :param labels: dict: index, date, document, page, file, pages
        """
        count = 1 + max(ceil(len(self._rows) / LINES), 1)
        front = _Front(title, sender, facts, labels, self._rows, count)
        self._writer.merge(0, io.BytesIO(front.draw()), import_outline=False)
        self._outline(count)
        for page, rect, target in front.links:
            link = Link(rect=rect, target_page_index=target)
            self._writer.add_annotation(page_number=page, annotation=link)
        self._writer.add_metadata(
            {"/Title": title, "/Author": sender, "/Creator": "CreditBox"}
        )
        self._writer.write(stream)

    def _outline(self, count):
        """Bookmarks of sections, and beneath them of their documents."""
        parent, last = None, len(self._writer.pages) - 1
        for row in self._rows:
            if row.page is None:
                continue
            page = min(row.page + count, last)
            item = self._writer.add_outline_item(
                title=row.title,
                page_number=page,
                parent=None if row.heading else parent,
            )
            parent = item if row.heading else parent


class _Front:
    """Cover and index."""

    def __init__(self, title, sender, facts, labels, rows, count):
        paper.faces()
        self.title, self.sender, self.facts = title, sender, facts
        self.labels, self.rows, self.count = labels, rows, count
        self.links = []  # (page, rectangle, page that it leads to)

    def draw(self):
        """:return: bytes of a PDF with ``count`` pages"""
        stream = io.BytesIO()
        self.canvas = canvas.Canvas(stream, A4)
        self._cover()
        for number in range(1, self.count):
            rows = self.rows[(number - 1) * LINES : number * LINES]
            self._index(number, rows)
        self.canvas.save()
        return stream.getvalue()

    def _put(self, x, y, text, width, font=REGULAR, size=8, right=False):
        text = _fitting(text, font, size, width)
        self.canvas.setFont(font, size)
        (self.canvas.drawRightString if right else self.canvas.drawString)(x, y, text)

    def _cover(self):
        self._put(SIDE, TOP, self.sender, WIDTH, BOLD, 11)
        self._put(SIDE, TOP - 40 * mm, self.title, WIDTH, BOLD, 20)
        y = TOP - 55 * mm
        for label, text in self.facts:
            self._put(SIDE, y, label, 48 * mm, REGULAR, 9.5)
            self._put(SIDE + 50 * mm, y, text, WIDTH - 50 * mm, BOLD, 9.5)
            y -= 6.5 * mm
        self.canvas.showPage()

    def _index(self, number, rows):
        self._put(SIDE, TOP, self.labels["index"], WIDTH, BOLD, 13)
        y = TOP - 1.8 * LINE
        for x, name in ((DATE, "date"), (TITLE, "document"), (FILE, "file")):
            self._put(x, y, self.labels[name], 70 * mm, BOLD, 7)
        self._put(PAGE, y, self.labels["page"], 20 * mm, BOLD, 7, right=True)
        for row in rows:
            y -= LINE
            self._row(number, row, y)
        label = self.labels["pages"] % {"page": number + 1, "pages": self.count}
        self._put(SIDE + WIDTH, 10 * mm, label, WIDTH, REGULAR, 7, right=True)
        self.canvas.showPage()

    def _row(self, number, row, y):
        if row.heading:
            self._put(SIDE, y, row.title, WIDTH, BOLD, 9)
            return
        self._put(DATE, y, row.date, 18 * mm, size=7.5)
        self._put(TITLE, y, row.title, PAGE - TITLE - 10 * mm, size=7.5)
        self._put(FILE, y, row.path, SIDE + WIDTH - FILE, size=6.5)
        if row.page is None:
            return
        target = row.page + self.count
        self._put(PAGE, y, str(target + 1), 12 * mm, size=7.5, right=True)
        self.links.append((number, (SIDE, y - 3, PAGE, y + 8), target))


def _fitting(text, font, size, width):
    """:return: str, cut with «…» where it is too long"""
    text = " ".join((text or "").split())
    if stringWidth(text, font, size) <= width:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        fits = stringWidth(text[:middle] + "…", font, size) <= width
        low, high = (middle, high) if fits else (low, middle - 1)
    return text[:low] + "…"


def _image_pages(stream):
    """:return: stream of a PDF with the image on its page; a TIFF may have several"""
    target = io.BytesIO()
    page = canvas.Canvas(target, A4)
    with Image.open(stream) as image:
        tiff = isinstance(image, TiffImagePlugin.TiffImageFile)  # Odoo leaves it out
        count = MAX_FRAMES if tiff else 1
        for frame in islice(ImageSequence.Iterator(image), count):
            _draw(page, frame.convert("RGB"))
            page.showPage()
    page.save()
    target.seek(0)
    return target


def _draw(page, frame):
    """Put an image at the top of a page, as large as it fits."""
    frame.thumbnail((MAX_PIXELS, MAX_PIXELS))
    width, height = frame.size
    scale = min(WIDTH / width, (A4[1] - 2 * SIDE) / height)
    top = A4[1] - SIDE - height * scale
    size = (width * scale, height * scale)
    page.drawImage(ImageReader(frame), SIDE, top, *size)
