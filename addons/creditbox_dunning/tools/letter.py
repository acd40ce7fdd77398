"""Letters drawn straight into a print run: one PDF for a whole lot.

Measured: about 1 ms a page. The text operators are written by hand, the strings that
repeat from letter to letter (the body, the headings) are encoded once a lot, the
letterhead is a form object shared by all pages.

Envelope: Italian DL (110 x 230 mm) with a window of 35 x 100 mm on the right, 20 mm
from the right edge and 20 mm from the bottom; the sheet is folded in three. As the
sheet has 11 mm of play in height and 20 mm in width, only what lies 110 to 190 mm from
the left and 55 to 79 mm from the top of the sheet is always in the window. A C5
envelope with the same window (sheet folded in two) shows the same place.
"""

import io
from dataclasses import dataclass, field
from typing import NamedTuple

from reportlab import rl_config
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen import canvas

from .letter_layout import Layout, Page

PAGE_WIDTH, PAGE_HEIGHT = 210 * mm, 297 * mm


@dataclass(frozen=True)
class Sender:
    """The letterhead: what is the same in all letters of a company and language."""

    name: str
    lines: tuple = ()  # address, VAT number, telephone…
    footer: str = ""
    logo: bytes = b""  # PNG or JPEG
    page_label: str = "Page %(page)s of %(pages)s"


class Bill(NamedTuple):
    """A row of the table, already formatted in the customer's language."""

    number: str
    date: str
    due: str
    amount: str
    open_amount: str
    payment_code: str = ""
    qr: str = ""  # content of the QR code, empty for none
    interest: str = ""
    with_interest: str = ""


class Group(NamedTuple):
    """Bills of a table that belong together: its heading, how many, their sum."""

    heading: str
    count: int
    subtotal: str


class Table(NamedTuple):
    """A list of bills with its labels: number, date, due, amount, open, total, code.

    ``groups``: none, or Groups of which each takes the next bills of the list.
    """

    labels: dict
    bills: tuple
    total: str
    title: str = ""
    groups: tuple = ()
    interest: bool = False  # of each bill in a column of its own


@dataclass(frozen=True)
class Letter:
    """One letter. ``blocks``: Block, with the kind of a table for each in ``tables``"""

    address: tuple  # at most 6 lines
    date: str
    subject: str
    service: str = ""  # of the post; its number has its place beside
    references: tuple = ()  # ((label, value), …)
    blocks: tuple = ()
    tables: dict = field(default_factory=dict)


class CleanCanvas(canvas.Canvas):
    """Without the initial Helvetica: printers refuse fonts that are not embedded."""

    def _make_preamble(self):
        self._preamble = "1 0 0 1 0 0 cm"


class LetterWriter:
    """Collects letters into one PDF.

    >>> writer = LetterWriter(fonts)
    >>> first, count = writer.add(sender, letter)  # page numbers from 1
    >>> pdf = writer.close()
    """

    def __init__(self, fonts, title="", author=""):
        """:param fonts: letter_text.Fonts"""
        self._buffer = io.BytesIO()
        self._canvas = CleanCanvas(
            self._buffer, (PAGE_WIDTH, PAGE_HEIGHT), pageCompression=1
        )
        self._canvas.setTitle(title)
        self._canvas.setAuthor(author)
        self._canvas.setCreator("CreditBox")
        self._layout = Layout(fonts, self._canvas._doc)
        self._heads = {}
        self.page_count = 0

    def add(self, sender, letter):
        """Append a letter.

        :return: (number of its first page, from 1; number of its pages)
        """
        pages = self._layout.lay_out(letter)
        first = self.page_count + 1
        head = self._head(sender)
        for number, page in enumerate(pages, 1):
            self._canvas.doForm(head if number == 1 else head + "-next")
            self._layout.page_number(
                page, sender.page_label % {"page": number, "pages": len(pages)}
            )
            self._canvas.addLiteral(page.operators())
            self._canvas.showPage()
        self.page_count += len(pages)
        return first, len(pages)

    def close(self):
        """:return: bytes of the PDF"""
        ascii85 = rl_config.useA85
        rl_config.useA85 = 0  # pure Python, and larger: as slow as all the rest
        try:
            self._canvas.save()
        finally:
            rl_config.useA85 = ascii85
        return self._buffer.getvalue()

    def _head(self, sender):
        """:return: name of the form with the letterhead; drawn at the first use"""
        name = self._heads.get(sender)
        if not name:
            name = self._heads[sender] = f"head{len(self._heads)}"
            self._draw_form(name, sender, self._layout.letterhead, logo=True)
            self._draw_form(name + "-next", sender, self._layout.running_head)
        return name

    def _draw_form(self, name, sender, draw, logo=False):
        self._canvas.beginForm(name)
        text_left = self._draw_logo(sender.logo) if logo and sender.logo else None
        page = Page()
        draw(page, sender, text_left)
        self._canvas.addLiteral(page.operators())
        self._canvas.endForm()

    def _draw_logo(self, logo):
        """:return: where the sender's text starts, right of the logo"""
        image = ImageReader(io.BytesIO(logo))
        width, height = image.getSize()
        scale = min(42 * mm / width, 20 * mm / height)
        width, height = width * scale, height * scale
        bottom = PAGE_HEIGHT - 12 * mm - height
        self._canvas.drawImage(image, 20 * mm, bottom, width, height, mask="auto")
        return 20 * mm + width + 5 * mm
