"""Papers of the front office: receipts, quotes, payment slips, answers."""

from dataclasses import dataclass
from xml.sax.saxutils import escape

from lxml import html
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.units import mm
from reportlab.platypus import KeepTogether, Paragraph, Spacer, Table, TableStyle

from odoo.addons.creditbox_base.tools import paper
from odoo.addons.creditbox_base.tools.paper import (
    BOLD,
    GREY,
    LINE,
    REGULAR,
    WIDTH,
    text_style,
)

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
BLOCKS = ("div", "p", "li", "td", *HEADINGS)


@dataclass(frozen=True)
class Sheet:
    """All texts are in the customer's language already."""

    title: str
    sender: str
    page_label: str
    sender_lines: tuple = ()
    recipient: tuple = ()  # lines of the address
    facts: tuple = ()  # ((label, value), …)
    texts: tuple = ()  # ((heading or "", text), …)
    head: tuple = ()  # headings of the table
    rows: tuple = ()  # its rows, the first column the widest
    totals: tuple = ()  # ((label, amount), …)
    notes: tuple = ()
    signatures: tuple = ()  # labels of the lines to sign on


def texts_of(body):
    """The paragraphs of a text from the editor.

    :param body: HTML
    :return: tuple of (heading, text); a paragraph all in bold is a heading
    """
    texts = []
    for block in html.fragment_fromstring(body, create_parent=True).iter(*BLOCKS):
        if any(True for _child in block.iter(*BLOCKS) if _child is not block):
            continue
        for line_break in block.iter("br"):
            line_break.tail = f"\n{line_break.tail or ''}"
        text = block.text_content().strip()
        bold = "".join(b.text_content() for b in block.iter("b", "strong", *HEADINGS))
        if text and bold.strip() == text:
            texts.append((text, ""))
        elif text:
            texts.append(("", text))
    return tuple(texts)


def to_pdf(sheet):
    """:return: bytes"""
    return paper.to_pdf(_story(sheet), sheet.title, sheet.sender, sheet.page_label)


def _story(sheet):
    yield Paragraph(escape(sheet.sender), text_style(10, bold=True))
    for line in sheet.sender_lines:
        yield Paragraph(escape(line), text_style(8))
    for place, line in enumerate(sheet.recipient):
        style = text_style(9, leftIndent=95 * mm, spaceBefore=0 if place else 8 * mm)
        yield Paragraph(escape(line), style)
    yield Paragraph(escape(sheet.title), text_style(14, bold=True, spaceBefore=8 * mm))
    yield Spacer(1, 3 * mm)
    for label, value in sheet.facts:
        text = f"{escape(label)}: <b>{escape(str(value))}</b>"
        yield Paragraph(text, text_style(9))
    for heading, text in sheet.texts:
        if heading:
            style = text_style(10, bold=True, spaceBefore=4 * mm, keepWithNext=1)
            yield Paragraph(escape(heading), style)
        for line in filter(str.strip, text.splitlines()):
            yield Paragraph(escape(line), text_style(9.5, spaceBefore=1.5 * mm))
    if sheet.head:
        yield Spacer(1, 5 * mm)
        yield _table(sheet)
    for note in sheet.notes:
        yield Paragraph(escape(note), text_style(8, spaceBefore=2.5 * mm))
    if sheet.signatures:
        yield KeepTogether([Spacer(1, 12 * mm), _signatures(sheet.signatures)])


def _table(sheet):
    columns = len(sheet.head)
    head = [
        Paragraph(
            escape(text), text_style(8, bold=True, alignment=TA_RIGHT * bool(place))
        )
        for place, text in enumerate(sheet.head)
    ]
    rows = [
        [Paragraph(escape(row[0]), text_style(8.5)), *row[1:]] for row in sheet.rows
    ]
    empty = [""] * max(columns - 2, 0)
    totals = [[label, *empty, amount] for label, amount in sheet.totals]
    other = 24 * mm
    widths = [WIDTH - other * (columns - 1), *[other] * (columns - 1)]
    table = Table([head, *rows, *totals], colWidths=widths, repeatRows=1)
    style = [
        ("FONT", (0, 0), (-1, -1), REGULAR, 8.5),
        ("BACKGROUND", (0, 0), (-1, 0), GREY),
        ("ALIGN", (1, 1), (-1, -1), "RIGHT"),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE),
        ("LEFTPADDING", (0, 0), (-1, -1), 3),
        ("RIGHTPADDING", (0, 0), (-1, -1), 3),
    ]
    if totals:
        style.append(("FONT", (0, -1), (-1, -1), BOLD, 9))
    table.setStyle(TableStyle(style))
    return table


def _signatures(labels):
    gap = 8 * mm
    width = (WIDTH - gap * (len(labels) - 1)) / len(labels)
    row, widths, lines = [], [], []
    for label in labels:
        if row:
            row.append("")
            widths.append(gap)
        lines.append(len(row))
        row.append(label)
        widths.append(width)
    table = Table([row, [""] * len(row)], colWidths=widths, rowHeights=[None, 12 * mm])
    table.setStyle(
        TableStyle(
            [
                ("FONT", (0, 0), (-1, -1), REGULAR, 8),
                *(("LINEBELOW", (c, 1), (c, 1), 0.6, LINE) for c in lines),
            ]
        )
    )
    return table
