"""The tables of bills in an e-mail: HTML with its styles in each cell, as mail wants.

Strings, no template engine: a run writes them a hundred thousand times.
"""

from typing import NamedTuple

from markupsafe import Markup

from .statement import open_amount

_LEFT = "padding:4px 8px;border-bottom:1px solid #dddddd;text-align:left"
_RIGHT = (
    "padding:4px 8px;border-bottom:1px solid #dddddd;text-align:right;"
    "white-space:nowrap"
)
_WIDE = "border-collapse:collapse;width:100%;margin:12px 0;font-size:13px"
_NARROW = "border-collapse:collapse;margin:12px 0;font-size:13px"
_CAPTION = "caption-side:top;text-align:left;font-weight:bold;padding:4px 0"


def _row(tag, styles):
    cells = "".join(f'<{tag} style="{style}">%s</{tag}>' for style in styles)
    return Markup(cells)


_PAYMENT = (_LEFT, _LEFT, _RIGHT)
_HEAD = Markup('<tr style="background-color:#eeeeee">%s</tr>')
_PAYMENT_HEAD = _row("th", _PAYMENT)
_PAYMENT_ROW = Markup(f"<tr>{_row('td', _PAYMENT)}</tr>")
_TOTAL = Markup(
    f'<tr><td colspan="4" style="{_LEFT}"><b>%s</b></td>'
    f'<td style="{_RIGHT}"><b>%s</b></td></tr>'
)
_GROUP = Markup(
    f'<tr><td colspan="5" style="{_LEFT};padding-top:12px"><b>%s</b></td></tr>'
)
_SUBTOTAL = Markup(
    f'<tr><td colspan="4" style="{_LEFT}">%s</td><td style="{_RIGHT}">%s</td></tr>'
)
_TABLE = Markup('<table style="%s">%s</table>')
_TITLE = Markup(f'<caption style="{_CAPTION}">%s</caption>')


class _Kind(NamedTuple):
    """A table of bills: its columns, what stands in a row, what bills come to."""

    names: tuple  # of the labels above the columns
    head: Markup
    row: Markup
    cells: object  # (Debt, Statement, Formatter) -> tuple of str
    amount: object  # (Debts, Statement) -> float


def _kind(names, styles, cells, amount):
    row = Markup(f"<tr>{_row('td', styles)}</tr>")
    return _Kind(names, _row("th", styles), row, cells, amount)


def _cells(debt, _statement, formatter):
    date, money = formatter.date, formatter.money
    return (
        debt.number,
        date(debt.date),
        date(debt.due),
        money(debt.amount),
        money(debt.open_amount),
    )


def _cells_with_interest(debt, statement, formatter):
    money = formatter.money
    return (
        debt.number,
        formatter.date(debt.due),
        money(debt.open_amount),
        money(statement.interest.get(debt.line_id, 0.0)),
        money(statement.with_interest([debt])),
    )


_BILLS = _kind(
    ("number", "date", "due", "amount", "open"),
    (_LEFT, _LEFT, _LEFT, _RIGHT, _RIGHT),
    _cells,
    lambda debts, statement: open_amount(debts),
)
_INTEREST = _kind(
    ("number", "due", "open", "interest", "with_interest"),
    (_LEFT, _LEFT, _RIGHT, _RIGHT, _RIGHT),
    _cells_with_interest,
    lambda debts, statement: statement.with_interest(debts),
)


def bill_tables(statement, labels, formatter, headings=()):
    """Write the tables of one communication.

    :param statement: Statement, what is owed
    :param labels: {number, date, due, amount, open, total, subtotal, others, code,
        interest, with_interest: str}
    :param formatter: Formatter of the customer's language
    :param headings: str for each of the statement's parts, empty where it has none
    :return: {bills, bills_interest, other_bills, payment: Markup, empty where there is
        nothing}
    """
    shown = (statement, labels, formatter, headings)
    title = _TITLE % labels["others"]
    asked = statement.surcharge is not None
    return {
        "bills": _bills(_BILLS, "bills", *shown),
        "bills_interest": _bills(_INTEREST, "bills", *shown) if asked else Markup(),
        "other_bills": _bills(_BILLS, "others", *shown, title),
        "payment": _payment(statement, labels, formatter),
    }


def _bills(kind, part, statement, labels, formatter, headings, title=""):
    groups = statement.groups(part, headings)
    if not groups:
        return Markup()
    head = _HEAD % (kind.head % tuple(labels[name] for name in kind.names))
    rows = Markup().join(
        _group(kind, heading, debts, statement, labels, formatter)
        for heading, debts in groups
    )
    amount = kind.amount(getattr(statement, part), statement)
    total = _TOTAL % (labels["total"], formatter.money(amount))
    return _TABLE % (_WIDE, Markup(title) + head + rows + total)


def _group(kind, heading, debts, statement, labels, formatter):
    """The bills of one supply, with heading and subtotal where there are several."""
    rows = Markup().join(
        kind.row % kind.cells(debt, statement, formatter) for debt in debts
    )
    if not heading:
        return rows
    amount = formatter.money(kind.amount(debts, statement))
    return _GROUP % heading + rows + _SUBTOTAL % (labels["subtotal"], amount)


def _payment(statement, labels, formatter):
    if not statement.payment_codes:
        return Markup()
    names = ("number", "code", "open")
    head = _HEAD % (_PAYMENT_HEAD % tuple(labels[name] for name in names))
    rows = Markup().join(
        _PAYMENT_ROW
        % (debt.number, debt.payment_code, formatter.money(debt.open_amount))
        for debt in statement.bills
        if debt.payment_code
    )
    return _TABLE % (_NARROW, head + rows)
