"""The agreement of a plan on paper."""

from dataclasses import dataclass
from xml.sax.saxutils import escape

from reportlab.graphics.shapes import Drawing, Rect
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
from odoo.addons.creditbox_dunning.tools.qr import SIZE, qr_rows

QR = 22 * mm
QR_COLUMNS = 4


@dataclass(frozen=True)
class Part:
    """An instalment, its figures as texts."""

    number: str
    due: str
    capital: str
    interest: str
    amount: str
    code: str
    qr: str = ""


@dataclass(frozen=True)
class Agreement:
    title: str
    sender: str
    sender_lines: tuple
    facts: tuple  # ((label, value), …)
    bills: tuple  # ((number, due, open), …)
    parts: tuple
    totals: tuple  # capital, interest, all
    clauses: tuple
    labels: dict


def to_pdf(sheet):
    """:return: bytes"""
    return paper.to_pdf(_story(sheet), sheet.title, sheet.sender, sheet.labels["page"])


def _story(sheet):
    yield Paragraph(escape(sheet.sender), text_style(10, bold=True))
    for line in sheet.sender_lines:
        yield Paragraph(escape(line), text_style(8))
    yield Paragraph(escape(sheet.title), text_style(14, bold=True, spaceBefore=5 * mm))
    yield Spacer(1, 2 * mm)
    for label, value in sheet.facts:
        text = f"{escape(label)}: <b>{escape(value)}</b>"
        yield Paragraph(text, text_style(9))
    yield _heading(sheet.labels["bills"])
    yield _bills(sheet)
    yield _heading(sheet.labels["parts"])
    yield _parts(sheet)
    yield _heading(sheet.labels["clauses"])
    for number, clause in enumerate(sheet.clauses, start=1):
        yield Paragraph(f"{number}. {escape(clause)}", text_style(8.5, spaceAfter=1))
    yield KeepTogether([Spacer(1, 8 * mm), _signatures(sheet)])
    if any(part.qr for part in sheet.parts):
        yield _heading(sheet.labels["codes"])
        yield _codes(sheet)


def _heading(text):
    style = text_style(
        10, bold=True, spaceBefore=4 * mm, spaceAfter=1.5 * mm, keepWithNext=1
    )
    return Paragraph(escape(text), style)


def _grid(rows, widths, amounts, last_bold=False):
    head = [
        Paragraph(
            escape(text),
            text_style(7.5, bold=True, alignment=TA_RIGHT * (place in amounts)),
        )
        for place, text in enumerate(rows[0])
    ]
    table = Table([head, *rows[1:]], colWidths=widths, repeatRows=1, hAlign="LEFT")
    style = [
        ("FONT", (0, 0), (-1, -1), REGULAR, 8),
        ("BACKGROUND", (0, 0), (-1, 0), GREY),
        ("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("LEFTPADDING", (0, 0), (-1, -1), 3),
        ("RIGHTPADDING", (0, 0), (-1, -1), 3),
        ("TOPPADDING", (0, 0), (-1, -1), 2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
        *(("ALIGN", (place, 1), (place, -1), "RIGHT") for place in amounts),
    ]
    if last_bold:
        style.append(("FONT", (0, -1), (-1, -1), BOLD, 8))
    table.setStyle(TableStyle(style))
    return table


def _bills(sheet):
    labels = sheet.labels
    rows = [
        [labels["bill"], labels["due"], labels["open"]],
        *map(list, sheet.bills),
        [labels["total"], "", sheet.totals[0]],
    ]
    return _grid(rows, [w * mm for w in (70, 35, 35)], {2}, last_bold=True)


def _parts(sheet):
    labels = sheet.labels
    capital, interest, total = sheet.totals
    rows = [
        [
            labels[name]
            for name in ("number", "due", "capital", "interest", "amount", "code")
        ],
        *(
            [part.number, part.due, part.capital, part.interest, part.amount, part.code]
            for part in sheet.parts
        ),
        [labels["total"], "", capital, interest, total, ""],
    ]
    widths = [w * mm for w in (16, 26, 27, 24, 27, 54)]
    return _grid(rows, widths, {2, 3, 4}, last_bold=True)


def _signatures(sheet):
    labels = sheet.labels
    rows = [
        [labels["place"], "", labels["customer"], "", labels["company"]],
        ["", "", "", "", ""],
    ]
    table = Table(
        rows, colWidths=[w * mm for w in (46, 8, 55, 8, 55)], rowHeights=[None, 12 * mm]
    )
    table.setStyle(
        TableStyle(
            [
                ("FONT", (0, 0), (-1, -1), REGULAR, 8),
                *(("LINEBELOW", (c, 1), (c, 1), 0.6, LINE) for c in (0, 2, 4)),
            ]
        )
    )
    return table


def _codes(sheet):
    """QR codes, a few in a row, each with its instalment."""
    cells = [
        [
            _symbol(part.qr),
            Paragraph(escape(f"{part.number}. {part.due}"), text_style(7.5, bold=True)),
            Paragraph(escape(part.amount), text_style(7.5)),
        ]
        for part in sheet.parts
        if part.qr
    ]
    rows = [cells[at : at + QR_COLUMNS] for at in range(0, len(cells), QR_COLUMNS)]
    rows[-1] += [""] * (QR_COLUMNS - len(rows[-1]))
    table = Table(rows, colWidths=[WIDTH / QR_COLUMNS] * QR_COLUMNS)
    table.setStyle(TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP")]))
    return table


def _symbol(text):
    drawing = Drawing(QR, QR)
    side = QR / SIZE
    for row, modules in enumerate(qr_rows(text)):
        for column, dark in enumerate(modules):
            if dark:
                drawing.add(
                    Rect(
                        column * side,
                        QR - (row + 1) * side,
                        side,
                        side,
                        strokeWidth=0,
                        strokeColor=None,
                    )
                )
    return drawing
