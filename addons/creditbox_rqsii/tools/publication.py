"""The yearly table for the customers (RQSII art. 78), on paper."""

from dataclasses import dataclass
from xml.sax.saxutils import escape

from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.units import mm
from reportlab.platypus import CondPageBreak, Paragraph, Spacer, Table, TableStyle

from odoo.addons.creditbox_base.tools import paper
from odoo.addons.creditbox_base.tools.paper import GREY, LINE, text_style

WIDTHS = [w * mm for w in (56, 26, 30, 30, 16, 16)]
RIGHT = (4, 5)


@dataclass(frozen=True)
class Publication:
    """``tables`` are (heading, rows) of texts, a text for each of ``columns``."""

    title: str
    sender: str
    intro: str
    columns: tuple
    tables: tuple
    page_label: str


def to_pdf(publication):
    """:return: bytes"""
    story = _story(publication)
    return paper.to_pdf(
        story, publication.title, publication.sender, publication.page_label
    )


def _story(publication):
    yield Paragraph(escape(publication.sender), text_style(10, bold=True))
    yield Paragraph(escape(publication.title), text_style(14, bold=True, spaceBefore=6))
    yield Paragraph(escape(publication.intro), text_style(9, spaceBefore=4))
    for heading, rows in publication.tables:
        yield CondPageBreak(35 * mm)  # no heading alone at the foot of a page
        yield Paragraph(
            escape(heading), text_style(10, bold=True, spaceBefore=10, spaceAfter=4)
        )
        yield _table([publication.columns, *rows])
        yield Spacer(1, 2 * mm)


def _table(rows):
    cells = [
        [
            Paragraph(
                escape(text),
                text_style(
                    7, bold=not line, alignment=TA_RIGHT if place in RIGHT else 0
                ),
            )
            for place, text in enumerate(row)
        ]
        for line, row in enumerate(rows)
    ]
    table = Table(cells, colWidths=WIDTHS, repeatRows=1, hAlign="LEFT")
    table.setStyle(
        TableStyle(
            [
                ("BACKGROUND", (0, 0), (-1, 0), GREY),
                ("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (-1, -1), 3),
                ("RIGHTPADDING", (0, 0), (-1, -1), 3),
                ("TOPPADDING", (0, 0), (-1, -1), 2),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
            ]
        )
    )
    return table
