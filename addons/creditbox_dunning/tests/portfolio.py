"""A random portfolio, kept twice: in the database and as the reading's own objects.

Bills, payments and matchings are written by SQL, many at a time, as an acquisition
does; the debts are then refreshed once.
"""

from datetime import datetime, time, timedelta
from itertools import count

from odoo.tools import SQL

from . import reading

AMOUNTS = (500, 1000, 4999, 5000, 12050, 30000)
_numbers = count(1)


class Portfolio:
    """What is owed to one company."""

    def __init__(self, env, company, rng, office):
        self.env, self.company, self.rng, self.office = env, company, rng, office
        self.customers, self.supplies = [], []
        self.matches = []  # (partial id, bill, credit line's place, cents)
        self.open_credits = []  # [line id, place, cents]
        self.runs = []
        accounts = env["account.account"].with_company(company)
        self.receivable, self.income = (
            accounts.search(
                [("company_ids", "in", company.id), ("account_type", "=", kind)],
                limit=1,
            )
            for kind in ("asset_receivable", "income")
        )
        self.journal = env["account.journal"].search(
            [("company_id", "=", company.id), ("type", "=", "general")], limit=1
        )
        self.reason = env.ref("creditbox_base.hold_reason_dispute")

    def insert(self, table, rows):
        """:return: ids of the rows, dicts of columns"""
        if not rows:
            return []
        now = self.env.cr.now()
        columns = list(rows[0])
        return [
            row_id
            for (row_id,) in self.env.execute_query(
                SQL(
                    "INSERT INTO %s (%s, create_date, write_date)"
                    " VALUES %s RETURNING id",
                    SQL.identifier(table),
                    SQL(", ").join(map(SQL.identifier, columns)),
                    SQL(", ").join(
                        SQL(
                            "(%s, %s, %s)",
                            SQL(", ").join(SQL("%s", row[c]) for c in columns),
                            now,
                            now,
                        )
                        for row in rows
                    ),
                )
            )
        ]

    # ------------------------------------------------------------------
    # who owes
    # ------------------------------------------------------------------
    def add_customers(self, number, kinds):
        names = [f"Model {next(_numbers)}" for _n in range(number)]
        rows = []
        for name in names:
            email = f"{name.replace(' ', '').lower()}@example.com"
            has_email, has_street = self.rng.random() < 0.8, self.rng.random() < 0.8
            rows.append(
                {
                    "name": name,
                    "complete_name": name,
                    "active": True,
                    "is_company": False,
                    "type": "contact",
                    "lang": "en_US",
                    "autopost_bills": "ask",
                    "creditbox_customer_type_id": self.rng.choice(kinds),
                    "email": email if has_email else None,
                    "email_normalized": email if has_email else None,
                    "street": f"Via {name}" if has_street else None,
                    "city": "Milano",
                }
            )
        ids = self.insert("res_partner", rows)
        self.env.cr.execute(
            SQL(
                "UPDATE res_partner SET commercial_partner_id = id WHERE id = ANY(%s)",
                ids,
            )
        )
        self.customers += [
            reading.Customer(
                partner_id,
                row["creditbox_customer_type_id"],
                row["email"],
                row["street"] and f"{row['street']} Milano".upper(),
            )
            for partner_id, row in zip(ids, rows, strict=True)
        ]

    def add_supplies(self, services, states, types, today):
        """Give each customer up to three supplies; some owe without any."""
        wanted = [
            c for c in self.customers for _n in range(self.rng.choice((0, 1, 1, 2, 3)))
        ]
        meters = [
            {
                "company_id": self.company.id,
                "serial": f"M{next(_numbers)}",
                "meter_type_id": self.rng.choice(list(types)),
                "meter_state_id": self.rng.choice(states),
                "active": True,
            }
            for _customer in wanted
        ]
        meter_ids = self.insert("creditbox_meter", meters)
        rows = [
            {
                "code": meter["serial"],
                "company_id": self.company.id,
                "partner_id": customer.id,
                "service_type_id": self.rng.choice(services),
                "meter_id": meter_id,
                "active": True,
                "protected_until": self.rng.choice(
                    (None, None, None, today + timedelta(days=30))
                ),
                "subsidised_amount": self.rng.choice((None, 0, 20, 75.5)),
            }
            for customer, meter, meter_id in zip(wanted, meters, meter_ids, strict=True)
        ]
        ids = self.insert("creditbox_supply", rows)
        self.supplies += [
            reading.Supply(
                supply_id,
                customer,
                row["service_type_id"],
                meter["meter_state_id"],
                meter["meter_type_id"],
                types[meter["meter_type_id"]],
                row["protected_until"],
                round((row["subsidised_amount"] or 0) * 100),
            )
            for supply_id, customer, row, meter in zip(
                ids, wanted, rows, meters, strict=True
            )
        ]

    def place(self, customer):
        mine = [supply for supply in self.supplies if supply.customer is customer]
        return customer, self.rng.choice([*mine, None])

    # ------------------------------------------------------------------
    # entries
    # ------------------------------------------------------------------
    def add_entries(self, entries):
        """Post entries of one line in the customers' account.

        :param entries: list of (place, due date, cents, cents that are open)
        :return: ids of the lines
        """
        moves = [
            {
                "name": f"MODEL/{next(_numbers)}",
                "state": "posted",
                "move_type": "out_invoice" if cents > 0 else "entry",
                "date": due - timedelta(days=20),
                "invoice_date": due - timedelta(days=20),
                "invoice_date_due": due,
                "journal_id": self.journal.id,
                "company_id": self.company.id,
                "currency_id": self.company.currency_id.id,
                "partner_id": customer.id,
                "commercial_partner_id": customer.id,
                "creditbox_supply_id": supply.id if supply else None,
                "auto_post": "no",
            }
            for (customer, supply), due, cents, _open in entries
        ]
        move_ids = self.insert("account_move", moves)
        zipped = [*zip(move_ids, moves, entries, strict=True)]
        self.insert(
            "account_move_line",
            [
                self._line(move_id, move, self.income, -cents, 0, None)
                for move_id, move, (_place, _due, cents, _open) in zipped
            ],
        )
        return self.insert(
            "account_move_line",
            [
                self._line(move_id, move, self.receivable, cents, still_open, due)
                for move_id, move, (_place, due, cents, still_open) in zipped
            ],
        )

    def _line(self, move_id, move, account, cents, still_open, due):
        currency = self.company.currency_id.id
        return {
            "move_id": move_id,
            "move_name": move["name"],
            "parent_state": "posted",
            "date": move["date"],
            "journal_id": self.journal.id,
            "company_id": self.company.id,
            "company_currency_id": currency,
            "currency_id": currency,
            "account_id": account.id,
            "partner_id": move["partner_id"],
            "display_type": "payment_term" if due else "product",
            "date_maturity": due,
            "debit": max(cents, 0) / 100,
            "credit": max(-cents, 0) / 100,
            "balance": cents / 100,
            "amount_currency": cents / 100,
            "amount_residual": still_open / 100,
            "amount_residual_currency": still_open / 100,
            "reconciled": bool(due) and not still_open,
        }

    def add_bills(self, customers, today):
        entries = []
        for customer in customers:
            due = today - timedelta(days=self.rng.randint(-10, 60))
            amount = self.rng.choice(AMOUNTS)
            entries.append((self.place(customer), due, amount, amount))
        for entry, line in zip(entries, self.add_entries(entries), strict=True):
            (customer, supply), due, amount, _open = entry
            self.office.bills.append(reading.Bill(line, customer, supply, due, amount))

    def add_credits(self, customers, today):
        entries = []
        for customer in customers:
            amount = self.rng.choice(AMOUNTS)
            entries.append((self.place(customer), today, -amount, -amount))
        for entry, line in zip(entries, self.add_entries(entries), strict=True):
            place, _due, amount, _open = entry
            self.office.credits[place] -= amount
            self.open_credits.append([line, place, -amount])

    def pay(self, bills, today):
        """Payments that come matched: of a part, or of the whole."""
        entries, paid = [], []
        for bill in bills:
            if bill.residual > 0:
                part = self.rng.choice(
                    (bill.residual, self.rng.randint(1, bill.residual))
                )
                entries.append(((bill.customer, None), today, -part, 0))
                paid.append((bill, part))
        lines = self.add_entries(entries)
        self.match(
            [
                (bill, line, part)
                for (bill, part), line in zip(paid, lines, strict=True)
            ],
            today,
        )

    def use_credits(self, number, today):
        """Somebody matches open credits with bills of the same customer."""
        for credit in self.rng.sample(
            self.open_credits, min(number, len(self.open_credits))
        ):
            line, place, cents = credit
            bills = [
                b for b in self.office.bills if b.customer is place[0] and b.residual
            ]
            if not bills or not cents:
                continue
            bill = self.rng.choice(bills)
            part = min(cents, bill.residual)
            credit[2] -= part
            self.office.credits[place] -= part
            self.env.cr.execute(
                SQL(
                    "UPDATE account_move_line SET amount_residual = %s,"
                    " reconciled = %s WHERE id = %s",
                    -credit[2] / 100,
                    not credit[2],
                    line,
                )
            )
            self.match([(bill, line, part)], today, place)

    def match(self, pairs, today, place=None):
        ids = self.insert(
            "account_partial_reconcile",
            [
                {
                    "debit_move_id": bill.line,
                    "credit_move_id": line,
                    "amount": part / 100,
                    "debit_amount_currency": part / 100,
                    "credit_amount_currency": part / 100,
                    "debit_currency_id": self.company.currency_id.id,
                    "credit_currency_id": self.company.currency_id.id,
                    "company_id": self.company.id,
                    "max_date": today,
                }
                for bill, line, part in pairs
            ],
        )
        for (bill, line, part), partial in zip(pairs, ids, strict=True):
            bill.residual -= part
            whose = place or (bill.customer, None)
            self.matches.append((partial, bill, line, whose, part))
            self.env.cr.execute(
                SQL(
                    "UPDATE account_move_line SET amount_residual = %s,"
                    " reconciled = %s WHERE id = %s",
                    bill.residual / 100,
                    not bill.residual,
                    bill.line,
                )
            )

    def unmatch(self, number):
        """A bank gives payments back: the bill is open again, and the credit."""
        for match in self.rng.sample(self.matches, min(number, len(self.matches))):
            partial, bill, line, place, part = match
            self.matches.remove(match)
            self.env.invalidate_all()
            records = self.env["account.partial.reconcile"].browse(partial)
            records.with_context(creditbox_bulk=True).unlink()
            bill.residual += part
            self.office.credits[place] += part
            for credit in self.open_credits:
                if credit[0] == line:
                    credit[2] += part
                    break
            else:
                self.open_credits.append([line, place, part])

    # ------------------------------------------------------------------
    # what holds them back
    # ------------------------------------------------------------------
    def add_holds(self, number, today):
        rows, bills = [], [b for b in self.office.bills if b.residual]
        for bill in self.rng.sample(bills, min(number, len(bills))):
            levels = {"bill": bill, "customer": bill.customer, "supply": bill.supply}
            level = self.rng.choice([name for name, what in levels.items() if what])
            first = today - timedelta(days=self.rng.randint(-3, 3))
            last = first + timedelta(days=self.rng.choice((0, 5, 20)))
            self.office.holds.append(reading.Hold(levels[level], first, last))
            rows.append(self._hold_values(level, levels[level], first, last))
        records = (
            self.env["creditbox.hold"].with_context(creditbox_bulk=True).create(rows)
        )
        new = self.office.holds[len(self.office.holds) - len(rows) :]
        for hold, record in zip(new, records, strict=True):
            hold.record = record

    def _hold_values(self, level, target, first, last):
        move = (
            level == "bill"
            and self.env["account.move.line"].browse(target.line).move_id
        )
        return {
            "level": level,
            "move_id": move and move.id,
            "supply_id": level == "supply" and target.id,
            "partner_id": level == "customer" and target.id,
            "company_id": self.company.id,
            "reason_id": self.reason.id,
            "date_from": first,
            "date_to": last,
        }

    def release_holds(self, number):
        for hold in self.rng.sample(
            self.office.holds, min(number, len(self.office.holds))
        ):
            self.office.holds.remove(hold)
            hold.record.with_context(creditbox_bulk=True).action_release()

    def exclude(self, number):
        """Plans, agencies, lawsuits: the bill takes no part, or does again."""
        for bill in self.rng.sample(
            self.office.bills, min(number, len(self.office.bills))
        ):
            item = self.env["creditbox.item"].search([("move_line_id", "=", bill.line)])
            if item:
                bill.excluded = not bill.excluded
                item.sudo().exclusion = "plan" if bill.excluded else False

    def change_meters(self, number, states):
        supplies = self.rng.sample(self.supplies, min(number, len(self.supplies)))
        for supply in supplies:
            supply.meter_state = self.rng.choice(states)
            record = self.env["creditbox.supply"].browse(supply.id)
            record.meter_id.meter_state_id = supply.meter_state

    def settle(self, day):
        """The debts have changed: positions and actions under way follow."""
        self.env.flush_all()
        # as an acquisition does: on stale statistics a statement may take minutes
        self.env.cr.execute(
            "ANALYZE account_move, account_move_line, creditbox_item,"
            " creditbox_position, creditbox_action, creditbox_action_line"
        )
        self.env["creditbox.position"]._touch(
            [customer.id for customer in self.customers], self.company
        )
        self.office.check_due(day)


def moment(day, hour):
    return datetime.combine(day, time(hour))
