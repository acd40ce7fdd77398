"""Rows that are wrong on purpose, each with what ought to happen to it.

A dirty row is a copy of a good one under another number with one cell spoilt, so that
the good rows and their sums stay as they are. The acquisition must refuse it, let it
wait for what it refers to, or take it, with a warning where there is one to give.
"""

EVERY = 37  # customers of a company between two rounds of dirty rows
MOST = 60  # rounds, however large the group

REFUSED, WAITING, TAKEN = "refused", "waiting", "taken"
# kind of file -> (name, spoilt field, cell, outcome)
KINDS = {
    "customers": (
        ("missing_name", "name", "", REFUSED),
        ("bad_iban", "iban", "IT00X0999814000000000000000", TAKEN),
        ("missing_code", "code", "", REFUSED),
        ("bad_fiscal_code", "fiscal_code", "VRDGNN00X00Z999A", TAKEN),
        ("unknown_customer_type", "customer_type", "99", REFUSED),
        ("bad_email", "email", "senza-chiocciola.example.it", TAKEN),
    ),
    "supplies": (
        ("unknown_customer", "customer_code", "ZZ999999", WAITING),
        ("missing_code", "code", "", REFUSED),
        ("unknown_service_type", "service_type", "99", REFUSED),
        ("wrong_date", "start", "31/02/2025", REFUSED),
    ),
    "bills": (
        ("wrong_date", "due_date", "31/02/2026", REFUSED),
        ("missing_amount", "amount", "", REFUSED),
        ("unknown_customer", "customer_code", "ZZ999999", WAITING),
        ("repeated", None, None, TAKEN),
        ("amount_in_words", "amount", "centoventi", REFUSED),
    ),
    "payments": (
        ("missing_date", "date", "", REFUSED),
        ("wrong_amount", "amount", "12,3,4", REFUSED),
        ("repeated", None, None, TAKEN),
        ("wrong_date", "date", "2026-13-45", REFUSED),
    ),
}
KEYS = {"customers": "code", "supplies": "code", "bills": "number", "payments": "code"}


def add(table, kind: str, good: dict, turn: int):
    """Add the ``turn``-th dirty row of this kind of file, made from a good row."""
    name, spoilt, cell, outcome = KINDS[kind][turn % len(KINDS[kind])]
    note = {"what": name, "field": spoilt, "outcome": outcome}
    if spoilt is None:
        table.add(good, dirt=note)
        return
    key = KEYS[kind]
    values = good | {key: f"{good[key]}X"}
    if kind == "supplies":
        values["meter_serial"] = f"{good['meter_serial']}X"
    table.add(values, raw={spoilt: cell}, dirt=note)
