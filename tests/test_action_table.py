"""The standard action table keeps the terms of the law: docs/action-table.md."""

from collections import defaultdict
from pathlib import Path
from xml.etree import ElementTree

import pytest

DATA = (
    Path(__file__).parents[1] / "addons/creditbox_dunning/data/creditbox_rule_data.xml"
)
CUSTOMERS = ("domestic", "non_domestic", "large", "public")
SERVICES = ("water", "gas", "electricity", "telephone")
METERS = ("suspendable", "not_suspendable", "removable", "public")
STATES = ("active", "suspended", "closed", "to_reactivate")
COLUMNS = {
    "customer_type_id": CUSTOMERS,
    "service_type_id": SERVICES,
    "meter_state_id": STATES,
    "meter_type_id": METERS,
}
NUMBERS = ("step", "sequence", "wait_before", "wait_after", "amount_from", "amount_to")


def read_rows():
    for record in ElementTree.parse(DATA).iter("record"):
        if record.get("model") != "creditbox.rule":
            continue
        row = {"id": record.get("id"), "count_from": "send", **dict.fromkeys(COLUMNS)}
        for field in record.iter("field"):
            ref = field.get("ref")
            row[field.get("name")] = ref.split("_type_")[-1] if ref else field.text
            if ref and "meter_state_" in ref:
                row[field.get("name")] = ref.split("meter_state_")[-1]
        yield row | {name: int(row.get(name) or 0) for name in NUMBERS}


ROWS = list(read_rows())


def fitting(**position):
    """Rows by step that a position's classification fits."""
    steps = defaultdict(list)
    for row in ROWS:
        if all(row[column] in (None, position[column]) for column in COLUMNS):
            steps[row["step"]].append(row)
    return steps


def chain(customer, service, meter, state="active"):
    """Days from the first sending possible, step by step, for a large debt."""
    position = dict(zip(COLUMNS, (customer, service, state, meter), strict=True))
    day, wait, days = 0, 0, []
    for step, rows in sorted(fitting(**position).items()):
        rows = [r for r in rows if not r["amount_to"] or r["amount_to"] > 4000]
        rows = [r for r in rows if r["amount_from"] <= 4000]
        rows.sort(
            key=lambda r: (-sum(r[c] is not None for c in COLUMNS), r["sequence"])
        )
        if rows:
            day += wait + rows[0]["wait_before"]
            wait = rows[0]["wait_after"]
            days.append((step, day, rows[0]))
    return days


def every_position():
    for customer in CUSTOMERS:
        for service in SERVICES:
            for meter in METERS:
                for state in STATES:
                    yield customer, service, meter, state


def test_rows_are_classified_as_they_are_named():
    assert len(ROWS) == len({row["id"] for row in ROWS}) > 50
    for row in ROWS:
        for column, known in COLUMNS.items():
            assert row[column] is None or row[column] in known, row["id"]


def test_only_meters_that_may_be_are_suspended():
    technical = [row for row in ROWS if row["code"] == "technical"]
    assert technical
    for row in technical:
        assert row["meter_type_id"] in ("suspendable", "removable"), row["id"]
        assert row["meter_state_id"] in ("active", "suspended"), row["id"]
        assert row["customer_type_id"] not in (None, "public"), row["id"]


@pytest.mark.parametrize("customer", CUSTOMERS)
def test_water_terms(customer):
    days = {
        step: (day, row) for step, day, row in chain(customer, "water", "removable")
    }
    assert days[2][0] >= 10 and days[3][0] >= 25
    for step in (2, 3):
        assert days[step][1]["code"] in ("registered", "pec")
        assert days[step][1]["count_from"] == "delivery"
    technical = [(d, row) for d, row in days.values() if row["code"] == "technical"]
    for day, _row in technical:
        assert day - days[2][0] > 40 and day - days[3][0] > 40
    if customer == "domestic":
        assert len(technical) == 2 and technical[1][0] - technical[0][0] >= 25


@pytest.mark.parametrize("service", ("gas", "electricity", "telephone"))
@pytest.mark.parametrize("customer", CUSTOMERS)
def test_terms_of_other_services(service, customer):
    low_voltage = service == "electricity" and customer in ("domestic", "non_domestic")
    days = chain(customer, service, "suspendable")
    notice = next(day for step, day, _row in days if step == 3)
    cuts = [day for _step, day, row in days if row["code"] == "technical"]
    assert bool(cuts) == (customer != "public")
    for index, day in enumerate(cuts):
        reduction = low_voltage and index == 0
        assert day - notice >= (25 if reduction else 40) + 3
    if low_voltage:
        assert cuts[1] - cuts[0] >= 15


def test_general_rows_take_nothing_from_those_of_a_service():
    """No amount makes a specific row fail where a general one would still match."""
    for position in every_position():
        steps = fitting(**dict(zip(COLUMNS, _reorder(position), strict=True)))
        for step, rows in steps.items():
            if step in (1, 2, 3):
                limits = {(r["amount_from"], r.get("threshold")) for r in rows}
                assert len(limits) == 1, (position, step)


def test_every_position_has_a_way_to_the_end():
    for position in every_position():
        steps = fitting(**dict(zip(COLUMNS, _reorder(position), strict=True)))
        assert {1, 2, 3, 7} <= set(steps), position
        for step in (7, 8):
            lows = {row["amount_from"] for row in steps[step]}
            assert 0 in lows, position


def _reorder(position):
    customer, service, meter, state = position
    return customer, service, state, meter
