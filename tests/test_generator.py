"""The demo's generator: same bytes, right check digits, sums that square."""

import csv
import hashlib
import json
import sys
from collections import defaultdict
from datetime import date
from decimal import Decimal
from pathlib import Path

import codes
import generator
import pytest
from layouts import FILES
from population import make_subject
from python_calamine import CalamineWorkbook
from stdnum.it import codicefiscale, iva

UNTIL = date(2026, 6, 30)


@pytest.fixture(scope="module")
def group(tmp_path_factory):
    """A small group: its folder and what its expected.json says."""
    out = tmp_path_factory.mktemp("group")
    return out, generator.generate(out, 400, 19, UNTIL)


def is_iban(text: str) -> bool:
    """ISO 13616: letters as numbers, the first four characters last, modulo 97."""
    digits = "".join(str(int(char, 36)) for char in text[4:] + text[:4])
    return len(text) == 27 and int(digits) % 97 == 1


def digests(folder: Path) -> dict:
    return {
        path.relative_to(folder): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*.*"))
    }


def read(out: Path, folder: str, kind: str) -> list[dict]:
    """Rows of a file under our own field names, as text."""
    company = next(c for c in generator.COMPANIES if c.folder == folder)
    layout = company.layout
    path = out / folder / f"{FILES[kind]}{layout.suffix}"
    if layout.suffix == ".csv":
        with path.open(encoding="cp1252", newline="") as file:
            rows = list(csv.reader(file, delimiter=";"))
    else:
        book = CalamineWorkbook.from_path(str(path))
        rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    rows = rows[len(layout.titles) :]
    names = {heading: name for name, heading in layout.headings[kind].items()}
    columns = [names[heading] for heading in rows[0]]
    return [dict(zip(columns, row, strict=True)) for row in rows[1:]]


def amount(cell) -> Decimal:
    """An amount as any of the three systems writes it."""
    if isinstance(cell, str):
        cell = cell.removesuffix(" €").replace(".", "").replace(",", ".")
    return Decimal(str(cell)).quantize(Decimal("0.01"))


def good_rows(out, expected, folder, kind):
    """Rows of a file without those that were spoilt or repeated on purpose."""
    stem = FILES[kind]
    files = expected["companies"][folder]["files"]
    dirty = next(f["dirty"] for f in files if Path(f["file"]).stem == stem)
    company = next(c for c in generator.COMPANIES if c.folder == folder)
    first = len(company.layout.titles) + 2  # row of the sheet of the first record
    skipped = {note["row"] - first for note in dirty}
    rows = read(out, folder, kind)
    return [row for index, row in enumerate(rows) if index not in skipped]


FOLDERS = [company.folder for company in generator.COMPANIES]


def test_same_arguments_same_bytes(group, tmp_path):
    out, _expected = group
    generator.generate(tmp_path, 400, 19, UNTIL)
    assert digests(tmp_path) == digests(out)


def test_other_seed_other_people(group, tmp_path):
    out, _expected = group
    generator.generate(tmp_path, 400, 20, UNTIL)
    assert digests(tmp_path).keys() == digests(out).keys()
    assert digests(tmp_path) != digests(out)


def test_a_larger_group_contains_the_smaller(group, tmp_path):
    out, expected = group
    generator.generate(tmp_path, 500, 19, UNTIL)
    small = good_rows(out, expected, "acqua", "bills")
    large = {row["number"]: row for row in read(tmp_path, "acqua", "bills")}
    assert all(large[row["number"]] == row for row in small)


def test_number_of_customers_is_the_one_asked(group):
    out, expected = group
    customers = sum(c["customers"] for c in expected["companies"].values())
    assert customers == expected["customers"] == 400
    for folder in FOLDERS:
        rows = good_rows(out, expected, folder, "customers")
        assert len(rows) == expected["companies"][folder]["customers"]


@pytest.mark.parametrize("folder", FOLDERS)
def test_expected_counts_are_those_of_the_files(group, folder):
    out, expected = group
    files = expected["companies"][folder]["files"]
    counts = {file["kind"]: file["rows"] for file in reversed(files)}
    for kind in FILES:
        assert len(read(out, folder, kind)) == counts[kind]
    for file in files:
        outcomes = [note["outcome"] for note in file["dirty"]]
        assert file["refused"] == outcomes.count("refused")
        assert file["waiting"] == outcomes.count("waiting")
    assert sum(file["refused"] for file in files) > 0


@pytest.mark.parametrize("folder", FOLDERS)
def test_sums_square_with_the_files(group, folder):
    out, expected = group
    company = expected["companies"][folder]
    yes = next(c.layout.yes_no[0] for c in generator.COMPANIES if c.folder == folder)
    billed = credited = paid = Decimal(0)
    for row in good_rows(out, expected, folder, "bills"):
        if row["cancelled"] == yes:
            continue
        if row["kind"] in ("credit note", "Nota di credito", "NC"):
            credited += amount(row["amount"])
        else:
            billed += amount(row["amount"])
    for row in good_rows(out, expected, folder, "payments"):
        if row["reversed"] != yes:
            paid += amount(row["amount"])
    sums = company["sums"]
    assert (billed, credited, paid) == (
        Decimal(sums["billed"]),
        Decimal(sums["credited"]),
        Decimal(sums["paid"]),
    )
    assert Decimal(company["balance"]) == billed - credited - paid > 0


@pytest.mark.parametrize("folder", FOLDERS)
def test_rows_point_to_each_other(group, folder):
    out, expected = group
    rows = {kind: good_rows(out, expected, folder, kind) for kind in FILES}
    customers = {row["code"] for row in rows["customers"]}
    supplies = {row["code"]: row["customer_code"] for row in rows["supplies"]}
    bills = {row["number"]: row["customer_code"] for row in rows["bills"]}
    assert len(bills) == len(rows["bills"])
    assert len({row["code"] for row in rows["payments"]}) == len(rows["payments"])
    assert set(supplies.values()) <= customers
    for row in rows["bills"]:
        assert supplies[row["supply_code"]] == row["customer_code"]
    for row in rows["payments"]:
        assert row["customer_code"] in customers
        for number in str(row["bill_number"]).replace("|", ";").split(";"):
            if number.strip():
                assert bills[number.strip()] == row["customer_code"]


def test_nothing_happens_after_the_last_day(group):
    out, expected = group
    for row in good_rows(out, expected, "acqua", "bills"):
        assert row["period_from"] < row["period_to"] < row["issue_date"] <= UNTIL
        assert row["issue_date"] <= row["due_date"]
    for row in good_rows(out, expected, "acqua", "payments"):
        assert row["date"] <= UNTIL


def test_every_kind_of_payer_and_of_correction_is_there(group):
    out, expected = group
    bills = good_rows(out, expected, "energia", "bills")
    payments = good_rows(out, expected, "energia", "payments")
    assert {row["kind"] for row in bills} == {"FT", "NC"}
    assert {row["cancelled"] for row in bills} == {"S", "N"}
    assert {row["reversed"] for row in payments} == {"S", "N"}
    assert any("|" in row["bill_number"] for row in payments)
    assert any(not row["bill_number"] for row in payments)
    paid = defaultdict(int)
    for row in payments:
        paid[row["bill_number"]] += 1
    assert max(paid.values()) > 1  # parts of a bill


def test_some_are_customers_of_more_companies(group):
    out, expected = group
    seen = [
        {row["fiscal_code"] for row in good_rows(out, expected, folder, "customers")}
        for folder in FOLDERS
    ]
    assert seen[0] & seen[1] and seen[1] & seen[2] and seen[0] & seen[2]


def test_check_digits_are_right():
    kinds = set()
    for number in range(1, 1500):
        subject = make_subject(19, number)
        kinds.add(subject.kind)
        assert codicefiscale.is_valid(subject.fiscal_code), subject
        if subject.vat:
            assert iva.is_valid(subject.vat), subject
        if subject.iban:
            assert is_iban(subject.iban), subject
        assert subject.email.endswith((".it", ".com")) or not subject.email
    assert kinds == {"person", "condominium", "business", "large", "public"}


def test_codes_of_known_values():
    born = date(1980, 1, 1)
    assert codes.fiscal_code("Rossi", "Mario", born, False, "H501") == (
        "RSSMRA80A01H501U"
    )
    assert codes.fiscal_code("Fo", "Niccolò", born, True, "G702")[:6] == "FOXNCL"
    assert iva.is_valid(codes.vat_number(1_234_567))
    notice = codes.notice_number(42)
    assert len(notice) == 18 and int(notice[:16]) % 93 == int(notice[16:])


def test_command_line_writes_what_it_says(tmp_path, capsys, monkeypatch):
    arguments = ["generator.py", str(tmp_path), "--customers", "9", "--until"]
    monkeypatch.setattr(sys, "argv", [*arguments, UNTIL.isoformat()])
    generator.main()
    assert "customers" in capsys.readouterr().out
    expected = json.loads((tmp_path / "expected.json").read_text(encoding="utf-8"))
    assert expected["customers"] == 9 and expected["until"] == "2026-06-30"
