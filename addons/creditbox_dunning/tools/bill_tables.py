"""The tables of bills in an e-mail: HTML with its styles in each cell, as mail wants.

Strings, no template engine: a run writes them a hundred thousand times.
"""

from markupsafe import Markup

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


_BILL = (_LEFT, _LEFT, _LEFT, _RIGHT, _RIGHT)
_PAYMENT = (_LEFT, _LEFT, _RIGHT)
_HEAD = Markup('<tr style="background-color:#eeeeee">%s</tr>')
_BILL_HEAD, _BILL_ROW = _row("th", _BILL), Markup(f"<tr>{_row('td', _BILL)}</tr>")
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


def bill_tables(statement, labels, formatter, headings=()):
    """Write the tables of one communication.

    :param statement: Statement, what is owed
    :param labels: {number, date, due, amount, open, total, subtotal, others, code: str}
    :param formatter: Formatter of the customer's language
    :param headings: str for each of the statement's parts, empty where it has none
    :return: {bills, other_bills, payment: Markup, empty where there is nothing}
    """
    return {
        "bills": _bills(
            statement.groups("bills", headings), statement.amount, labels, formatter
        ),
        "other_bills": _bills(
            statement.groups("others", headings),
            statement.amount_other,
            labels,
            formatter,
            _TITLE % labels["others"],
        ),
        "payment": _payment(statement, labels, formatter),
    }


def _bills(groups, amount, labels, formatter, title=""):
    if not groups:
        return Markup()
    names = ("number", "date", "due", "amount", "open")
    head = _HEAD % (_BILL_HEAD % tuple(labels[name] for name in names))
    rows = Markup().join(
        _group(heading, debts, labels, formatter) for heading, debts in groups
    )
    total = _TOTAL % (labels["total"], formatter.money(amount))
    return _TABLE % (_WIDE, Markup(title) + head + rows + total)


def _group(heading, debts, labels, formatter):
    """The bills of one supply, with heading and subtotal where there are several."""
    rows = _rows(debts, formatter)
    if not heading:
        return rows
    amount = formatter.money(sum(debt.open_amount for debt in debts))
    return _GROUP % heading + rows + _SUBTOTAL % (labels["subtotal"], amount)


def _rows(debts, formatter):
    date, money = formatter.date, formatter.money
    return Markup().join(
        _BILL_ROW
        % (
            debt.number,
            date(debt.date),
            date(debt.due),
            money(debt.amount),
            money(debt.open_amount),
        )
        for debt in debts
    )


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
