"""Rows that are wrong on purpose, each with what ought to happen to it.

A dirty row is a copy of a good one under another number with one cell spoilt, so that
the good rows and their sums stay as they are. ``refused`` says whether the acquisition
must refuse it (True) or take it, with a warning where there is something to warn about.
"""

EVERY = 37  # customers of a company between two rounds of dirty rows
MOST = 60  # rounds, however large the group

# kind of file -> (name, spoilt field, cell, refused)
KINDS = {
    "customers": (
        ("missing_name", "name", "", True),
        ("bad_iban", "iban", "IT00X0999814000000000000000", False),
        ("missing_code", "code", "", True),
        ("bad_fiscal_code", "fiscal_code", "VRDGNN00X00Z999A", False),
        ("unknown_customer_type", "customer_type", "99", True),
        ("bad_email", "email", "senza-chiocciola.example.it", False),
    ),
    "supplies": (
        ("unknown_customer", "customer_code", "ZZ999999", True),
        ("missing_code", "code", "", True),
        ("unknown_service_type", "service_type", "99", True),
        ("wrong_date", "start", "31/02/2025", True),
    ),
    "bills": (
        ("wrong_date", "due_date", "31/02/2026", True),
        ("missing_amount", "amount", "", True),
        ("unknown_customer", "customer_code", "ZZ999999", True),
        ("repeated", None, None, False),
        ("amount_in_words", "amount", "centoventi", True),
    ),
    "payments": (
        ("missing_date", "date", "", True),
        ("wrong_amount", "amount", "12,3,4", True),
        ("repeated", None, None, False),
        ("wrong_date", "date", "2026-13-45", True),
    ),
}
KEYS = {"customers": "code", "supplies": "code", "bills": "number", "payments": "code"}


def add(table, kind: str, good: dict, turn: int):
    """Add the ``turn``-th dirty row of this kind of file, made from a good row."""
    name, spoilt, cell, refused = KINDS[kind][turn % len(KINDS[kind])]
    note = {"what": name, "field": spoilt, "refused": refused}
    if spoilt is None:
        table.add(good, dirt=note)
        return
    key = KEYS[kind]
    values = good | {key: f"{good[key]}X"}
    if kind == "supplies":
        values["meter_serial"] = f"{good['meter_serial']}X"
    table.add(values, raw={spoilt: cell}, dirt=note)
