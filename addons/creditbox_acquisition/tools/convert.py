"""Turn the cells of one row into values of a standard layout, or into problems."""

import datetime
import hashlib
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from odoo.addons.creditbox_base.tools.problem import ValueProblem

from . import values as parse
from .layouts import KEYS, fields_of
from .values import fold

BILL = "bill"
CREDIT_NOTE = "credit_note"
DOCUMENT_KINDS = {
    **dict.fromkeys(
        "bill bolletta bollette fattura fatture invoice b f fatt boll td01 d "
        "debit debito addebito".split(),
        BILL,
    ),
    **dict.fromkeys(
        ["nota di credito", "nota credito", "note credito", "credit note", "refund",
         "nota di accredito", "nota accredito", "accredito", "nc", "n c", "ndc", "c",
         "cn", "td04", "credito", "storno"],
        CREDIT_NOTE,
    ),
}  # fmt: skip
SEPARATORS = (";", ",", "|", "+", "\n")


@dataclass(frozen=True)
class Column:
    """Where one field comes from and how its cells are read.

    :param index: 0-based position in the row, None for a constant
    :param constant: value when there is no column, or when its cell is empty
    :param codes: folded value of the billing system -> ours
    :param separators: several values in a cell; `part` (1-based) takes one of them
    :param width: codes are filled with zeros on the left to this width
    """

    field: str
    index: int | None = None
    constant: str | None = None
    codes: dict = field(default_factory=dict)
    separators: tuple = ()
    part: int = 0
    width: int = 0
    date_order: str = "dmy"
    date_pattern: str | None = None
    decimal_mark: str | None = None

    def raw(self, cells):
        """The cell of this column after constants, parts and code tables."""
        value = self.constant
        if self.index is not None and self.index < len(cells):
            cell = cells[self.index]
            value = self.constant if parse.is_empty(cell) else cell
        if self.part:
            value = self._take_part(value)
        if self.codes and value is not None:
            value = self.codes.get(fold(parse.parse_text(value) or ""), value)
        return value

    def _take_part(self, value):
        parts = parse.split_values(value, self.separators or SEPARATORS)
        return parts[self.part - 1] if self.part <= len(parts) else None


@dataclass(frozen=True)
class Fault:
    """One thing wrong with one row; a warning does not stop it."""

    field: str
    value: str
    code: str
    params: dict = field(default_factory=dict)
    warning: bool = False


class Converter:
    """Converts rows of one kind by a list of `Column`."""

    def __init__(self, kind, columns, decimals=2):
        self.kind = kind
        self.specs = fields_of(kind)
        self.columns = [column for column in columns if column.field in self.specs]
        self.step = Decimal(1).scaleb(-decimals)
        self.key = KEYS[kind]
        given = {column.field for column in self.columns}
        self._absent = [
            name
            for name, spec in self.specs.items()
            if spec.required and name not in given
        ]

    def raw(self, cells):
        """dict field -> cell."""
        return {column.field: column.raw(cells) for column in self.columns}

    def convert(self, cells):
        """(values, faults) of a row: dict field -> parsed value, list of `Fault`."""
        return self.convert_raw(self.raw(cells))

    def convert_raw(self, raw, lenient=False):
        """The same from a dict field -> cell.

        :param lenient: values typed by a person may also be in any usual format
        """
        values, faults = {}, []
        for column in self.columns:
            name = column.field
            try:
                values[name] = self._parse(column, raw.get(name), lenient)
            except ValueProblem as problem:
                soft = self.specs[name].soft
                faults.append(
                    Fault(
                        name, _shown(raw.get(name)), problem.code, problem.params, soft
                    )
                )
                values[name] = None
        refused = {fault.field for fault in faults}
        for name, spec in self.specs.items():
            if spec.required and values.get(name) is None and name not in refused:
                faults.append(Fault(name, "", "required"))
        faults += self._check(values)
        return values, faults

    def _parse(self, column, value, lenient):
        try:
            return self._parse_as(column, value)
        except ValueProblem:
            if not lenient:
                raise
            return self._parse_as(Column(column.field), value)

    def _parse_as(self, column, value):
        kind = self.specs[column.field].type
        if kind == "date":
            return parse.parse_date(value, column.date_order, column.date_pattern)
        if kind == "decimal":
            number = parse.parse_decimal(value, column.decimal_mark)
            return number and number.quantize(self.step, ROUND_HALF_UP)
        if kind == "float":
            number = parse.parse_decimal(value, column.decimal_mark or ".")
            return None if number is None else float(number)
        if kind in ("code", "typology"):
            text = parse.parse_code(value)
            return text.zfill(column.width) if text and column.width else text
        if kind == "codes":
            codes = parse.split_values(value, column.separators or SEPARATORS)
            return [code.zfill(column.width) for code in dict.fromkeys(codes)]
        if kind == "boolean":
            return parse.parse_bool(value)
        if kind == "kind":
            return parse_document_kind(value)
        return parse.parse_text(value)

    def _check(self, values):
        checks = {"bills": _check_bill, "payments": _check_payment,
                  "supplies": _check_supply}  # fmt: skip
        check = checks.get(self.kind)
        return list(check(values)) if check else []


def to_json(raw, values, faults):
    """What is kept of a row: parsed values, and the cell itself where it is faulty.

    The outcome is read again by a converter of the standard columns.
    """
    faulty = {fault.field for fault in faults if not fault.warning}
    return {
        name: _plain(cell if name in faulty else values.get(name))
        for name, cell in raw.items()
    }


def _plain(value):
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, list):
        return "; ".join(value)
    return value


def parse_document_kind(value):
    """ "bill" or "credit_note"."""
    text = parse.parse_text(value)
    if text is None:
        return None
    try:
        return DOCUMENT_KINDS[fold(text)]
    except KeyError as error:
        raise ValueProblem("not_a_document_kind") from error


def _check_bill(values):
    issued, due = values.get("issue_date"), values.get("due_date")
    if issued and due and due < issued:
        yield Fault("due_date", due.isoformat(), "due_before_issue", {}, True)
    start, end = values.get("period_from"), values.get("period_to")
    if start and end and end < start:
        yield Fault("period_to", end.isoformat(), "period_reversed", {}, True)


def _check_payment(values):
    if not values.get("customer_code") and not values.get("bill_number"):
        yield Fault("customer_code", "", "customer_or_bill")
    amount = values.get("amount")
    if amount is not None and amount <= 0:
        yield Fault("amount", str(amount), "not_positive")


def _check_supply(values):
    for name, limit in (("latitude", 90), ("longitude", 180)):
        value = values.get(name)
        if value is not None and abs(value) > limit:
            yield Fault(name, str(value), "out_of_range", {"limit": limit}, True)
            values[name] = None
    start, end = values.get("start"), values.get("end")
    if start and end and end < start:
        yield Fault("end", end.isoformat(), "end_before_start")


def _shown(value):
    return parse.parse_text(value) or ""


def fingerprint(values):
    """Text that is the same for the same values, whatever file they came in."""
    text = "\x1f".join(
        f"{name}={_canonical(values[name])}"
        for name in sorted(values)
        if values[name] not in (None, [], "")
    )
    given = ",".join(sorted(values))
    return hashlib.blake2b(f"{given}\x1e{text}".encode(), digest_size=12).hexdigest()


def _canonical(value):
    return "|".join(value) if isinstance(value, list) else value
