"""Write the files that the billing systems of an invented group would write.

    python demo/generator.py OUT [--customers N] [--seed S] [--until DATE]

The same arguments give the same bytes, at any size, with flat memory. OUT gets one
folder a company, with customers, supplies, bills and payments, and ``expected.json``:
for each file how many rows there are and which ones ought to be refused, for each
company the sums that the accounts ought to show.
"""

import argparse
import json
import random
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import dirt
from behaviour import Cashier, choose_payer
from billing import make_bills
from layouts import (
    ELECTRICITY_LAYOUT,
    FILES,
    GAS_LAYOUT,
    TODAY_FILE,
    WATER_LAYOUT,
    Layout,
    Table,
)
from population import (
    ELECTRICITY,
    GAS,
    LARGE,
    PUBLIC,
    SUSPENDED,
    WATER,
    make_subject,
    make_supplies,
)

DEFAULT_CUSTOMERS = 3000


@dataclass(frozen=True)
class Company:
    """An operating company of the group and the files its billing system writes."""

    folder: str
    name: str
    service: int
    layout: Layout


PARENT = "Gruppo Valdifonte S.p.A."
COMPANIES = (
    Company("acqua", "Acque di Valdifonte S.p.A.", WATER, WATER_LAYOUT),
    Company("gas", "Gas Valdifonte S.r.l.", GAS, GAS_LAYOUT),
    Company("energia", "Energia Valdifonte S.r.l.", ELECTRICITY, ELECTRICITY_LAYOUT),
)


class CompanyWriter:
    """Files and sums of one company."""

    def __init__(self, company: Company, out: Path, seed: int, until: date):
        self.company, self.seed, self.until = company, seed, until
        folder = out / company.folder
        folder.mkdir(parents=True, exist_ok=True)
        self.tables = {
            kind: Table(folder, stem, kind, company.layout)
            for kind, stem in FILES.items()
        }
        self.today = Table(folder, TODAY_FILE, "payments", company.layout)
        self.customers = 0
        self.sums = dict.fromkeys(
            ("billed", "credited", "cancelled", "paid", "reversed", "paid_today"),
            Decimal(0),
        )

    def add_customer(self, subject):
        """Everything about one customer, and now and then a row that is wrong."""
        service = self.company.service
        rng = random.Random(f"{self.seed}/{service}/{subject.number}")
        payer = choose_payer(rng, subject.customer_type in (LARGE, PUBLIC))
        supplies = make_supplies(subject, service, rng, self.until)
        bills = [
            bill
            for supply in supplies
            for bill in make_bills(subject, supply, rng, self.until)
        ]
        bills.sort(key=lambda bill: (bill.due_date, bill.number))
        cashier = Cashier(rng, payer, bool(subject.iban), self.until)
        payments = cashier.collect(bills)
        if payer == "never" and rng.random() < 0.25:
            supplies[0].meter_state = SUSPENDED
        self._write(subject, supplies, bills, payments, cashier.pay_up(bills))

    def _write(self, subject, supplies, bills, payments, today):
        rows = {
            "customers": [customer_row(subject, self.company.service)],
            "supplies": [supply_row(supply) for supply in supplies],
            "bills": [vars(bill) for bill in bills],
            "payments": [vars(payment) for payment in payments],
        }
        for kind, table in self.tables.items():
            for row in rows[kind]:
                table.add(row)
        for payment in today:
            self.today.add(vars(payment))
        self._count(bills, payments, today)
        if self.customers % dirt.EVERY == 0:
            self._spoil(rows)
        self.customers += 1

    def _spoil(self, rows):
        turn = self.customers // dirt.EVERY
        for kind, table in self.tables.items():
            if rows[kind] and turn < dirt.MOST:
                dirt.add(table, kind, rows[kind][-1], turn)

    def _count(self, bills, payments, today):
        for bill in bills:
            column = {"bill": "billed", "credit_note": "credited"}[bill.kind]
            self.sums["cancelled" if bill.cancelled else column] += bill.amount
        for payment in payments:
            self.sums["reversed" if payment.reversed else "paid"] += payment.amount
        for payment in today:
            self.sums["paid_today"] += payment.amount

    def close(self) -> dict:
        """Finish the files; what they hold."""
        tables = [*self.tables.values(), self.today]
        for table in tables:
            table.close()
        sums = self.sums
        balance = sums["billed"] - sums["credited"] - sums["paid"]
        return {
            "name": self.company.name,
            "customers": self.customers,
            "sums": {key: str(value) for key, value in sums.items()},
            "balance": str(balance),
            "files": [file for table in tables for file in table.files],
        }


def customer_row(subject, service: int) -> dict:
    """A subject as the customer of one company."""
    row = vars(subject) | {
        "code": subject.customer_code(service),
        "company": subject.is_company,
        "country": "IT",
    }
    return row | _address(subject.town)


def supply_row(supply) -> dict:
    """A supply as the files have it."""
    return vars(supply) | _address(supply.town)


def _address(town) -> dict:
    return {"zip": town.zip, "city": town.name, "state": town.state}


def generate(out: Path, customers: int, seed: int, until: date) -> dict:
    """Write the files of the group into ``out``; returns what expected.json holds."""
    writers = [CompanyWriter(company, out, seed, until) for company in COMPANIES]
    number = made = 0
    while made < customers:
        number += 1
        subject = make_subject(seed, number)
        for writer in writers:
            if writer.company.service in subject.services and made < customers:
                writer.add_customer(subject)
                made += 1
    expected = {
        "parent": PARENT,
        "seed": seed,
        "until": until.isoformat(),
        "customers": made,
        "subjects": number,
        "companies": {writer.company.folder: writer.close() for writer in writers},
    }
    text = json.dumps(expected, indent=1, ensure_ascii=False)
    (out / "expected.json").write_text(text + "\n", encoding="utf-8")
    return expected


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path, help="folder to write into")
    parser.add_argument("--customers", type=int, default=DEFAULT_CUSTOMERS)
    parser.add_argument("--seed", type=int, default=19)
    parser.add_argument("--until", type=date.fromisoformat, default=date.today())
    options = parser.parse_args()
    done = generate(options.out, options.customers, options.seed, options.until)
    for folder, company in done["companies"].items():
        files = company["files"]
        rows = ", ".join(f"{file['rows']} {file['kind']}" for file in files)
        refused = sum(file["refused"] for file in files)
        print(f"{folder}: {rows}; {refused} to be refused; open {company['balance']}")


if __name__ == "__main__":
    main()
