"""What all printed sheets share: typeface, margins, the number of each page.

The typeface is Open Sans, which comes with Odoo, embedded in each PDF: printers refuse
what is not.
"""

import io
from functools import cache

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen import canvas
from reportlab.platypus import SimpleDocTemplate

from odoo.tools import file_path

REGULAR, BOLD = "CreditBox-Regular", "CreditBox-Bold"
SIDE = 18 * mm
WIDTH = A4[0] - 2 * SIDE
GREY, LINE = colors.HexColor("#eeeeee"), colors.HexColor("#bbbbbb")

_FACES = ("Regular", "Bold", "Italic", "BoldItalic")


@cache
def faces():
    """:return: list of reportlab's fonts: regular, bold, italic, bold and italic"""
    found = []
    for face in _FACES:
        name = f"CreditBox-{face}"
        path = file_path(f"web/static/fonts/google/Open_Sans/Open_Sans-{face}.ttf")
        pdfmetrics.registerFont(TTFont(name, path))
        found.append(pdfmetrics.getFont(name))
    return found


def text_style(size=9, bold=False, **options):
    """:return: ParagraphStyle"""
    font = BOLD if bold else REGULAR
    return ParagraphStyle(
        "", fontName=font, fontSize=size, leading=size * 1.35, **options
    )


def to_pdf(story, title, sender, page_label):
    """A sheet of A4 pages, each with its number at the foot.

    :param story: iterable of reportlab's flowables, read once the typeface is there
    :param page_label: text with ``%(page)s`` and ``%(pages)s``
    :return: bytes
    """
    faces()
    stream = io.BytesIO()
    document = SimpleDocTemplate(
        stream,
        pagesize=A4,
        leftMargin=SIDE,
        rightMargin=SIDE,
        topMargin=16 * mm,
        bottomMargin=18 * mm,
        title=title,
        author=sender,
        creator="CreditBox",
    )
    document.build(list(story), canvasmaker=_numbered(page_label))
    return stream.getvalue()


def _numbered(page_label):
    """:return: canvas that knows how many pages there are"""

    class Numbered(canvas.Canvas):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            self._pages = []

        def _make_preamble(self):
            """Without the initial Helvetica, which is not embedded."""
            self._preamble = "1 0 0 1 0 0 cm"

        def showPage(self):  # noqa: N802  # reportlab's name
            self._pages.append(dict(self.__dict__))
            self._startPage()

        def save(self):
            for number, page in enumerate(self._pages, 1):
                self.__dict__.update(page)
                self.setFont(REGULAR, 7)
                label = page_label % {"page": number, "pages": len(self._pages)}
                self.drawRightString(A4[0] - SIDE, 10 * mm, label)
                super().showPage()
            return super().save()

    return Numbered
