"""Bring the reconciliation of acquired bills and payments to what it must be."""

from odoo.tools import SQL

from ..tools.matching import Bill, Payment, allocate
from .clone import next_ids


class Matcher:
    """Matches the bills and payments touched, and all that hangs together with them.

    What must be is computed from scratch (`tools.matching.allocate`), compared with
    what is there, and only the difference is written. Matchings with anything else
    than acquired documents are people's work and stay.
    """

    def __init__(self, source):
        self.source = source
        self.env = source.env
        self.cr = self.env.cr
        self.company = source.company_id
        self.unit = 10**self.company.currency_id.decimal_places
        self.partner_ids = set()

    def run(self, bills=(), payments=()):
        """Match.

        :param bills: numbers (`creditbox_ref`) of the bills written
        :param payments: ids of the payments written
        """
        self.env.flush_all()
        self._gather(set(bills), set(payments))
        if not self.payments:
            return
        present = self._load_partials()
        capacity = {}
        for (payment_line, bill_line), (_partial, cents) in present.items():
            capacity[payment_line] = capacity.get(payment_line, 0) + cents
            capacity[bill_line] = capacity.get(bill_line, 0) + cents
        wanted = {
            (payment, bill): cents
            for payment, bill, cents in allocate(
                [self._bill(row, capacity) for row in self.bills.values()],
                [self._payment(row, capacity) for row in self.payments.values()],
            )
        }
        self.left = self._left_over(wanted, capacity)
        self._remove(
            [
                partial
                for pair, (partial, cents) in present.items()
                if wanted.get(pair) != cents
            ]
        )
        self._reconcile(
            {
                pair: cents
                for pair, cents in wanted.items()
                if pair not in present or present[pair][1] != cents
            }
        )
        self._set_supplies()

    def _left_over(self, wanted, capacity):
        """dict line id -> cents left when all is matched as wanted, signed."""
        left = {}
        for row in (*self.bills.values(), *self.payments.values()):
            sign = 1 if "payment_id" not in row else -1
            cents = sign * self._cents(row["residual"]) + capacity.get(row["id"], 0)
            left[row["id"]] = sign * cents
        for (payment, bill), cents in wanted.items():
            left[payment] += cents
            left[bill] -= cents
        return left

    # -- gathering -----------------------------------------------------------------

    def _gather(self, refs, payment_ids):
        """Fill `bills` (by number), `payments` (by id) with all that is connected."""
        self.bills, self.payments = {}, {}
        partners, refs_done, partners_done = set(), set(), set()
        while refs or payment_ids or partners:
            refs_done |= refs
            partners_done |= partners
            new_bills = self._load_bills(refs, partners)
            new_payments = self._load_payments(payment_ids, refs, partners)
            self.bills.update(new_bills)
            self.payments.update(new_payments)
            refs = {ref for row in new_payments.values() for ref in row["refs"]}
            refs = (refs | set(new_bills)) - refs_done
            partners = self._covered_oldest(new_bills, new_payments) - partners_done
            payment_ids = set()
        for row in (*self.bills.values(), *self.payments.values()):
            self.partner_ids.add(row["partner_id"])

    def _covered_oldest(self, bills, payments):
        """Customers whose payments without a number cover the oldest bills."""
        found = {
            row["partner_id"]
            for row in payments.values()
            if row["oldest"] and not row["refs"]
        }
        if self.source.payment_policy == "oldest":
            found |= {row["partner_id"] for row in bills.values()}
        return found

    def _load_bills(self, refs, partners):
        """dict number -> receivable line of the posted bills."""
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT move.creditbox_ref AS ref, line.id, move.id AS move_id,
                       line.date_maturity AS due, line.amount_residual AS residual,
                       line.account_id, line.partner_id, line.date,
                       move.creditbox_supply_id AS supply_id
                  FROM account_move AS move
                  JOIN account_move_line AS line
                    ON line.move_id = move.id AND line.display_type = 'payment_term'
                 WHERE move.company_id = %(company)s
                   AND move.creditbox_ref IS NOT NULL
                   AND move.move_type = 'out_invoice'
                   AND move.state = 'posted'
                   AND %(which)s
                """,
                company=self.company.id,
                which=SQL("move.creditbox_ref = ANY(%s)", list(refs))
                if not partners
                else SQL(
                    "(move.creditbox_ref = ANY(%s) OR line.partner_id = ANY(%s))",
                    list(refs),
                    list(partners),
                ),
            )
        )
        return {row["ref"]: row for row in rows}

    def _load_payments(self, ids, refs, partners):
        """dict id -> receivable line of the posted payments, with the bills named."""
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT payment.id AS payment_id, payment.creditbox_ref AS ref,
                       payment.date, payment.move_id, line.id,
                       line.amount_residual AS residual, line.account_id,
                       partner.commercial_partner_id AS partner_id,
                       line.date AS line_date,
                       move.creditbox_supply_id AS supply_id,
                       payment.state, payment.is_matched,
                       source.payment_policy = 'oldest' AS oldest,
                       ARRAY(
                           SELECT named.bill_ref
                             FROM creditbox_payment_bill AS named
                            WHERE named.payment_id = payment.id
                            ORDER BY named.sequence
                       ) AS refs
                  FROM account_payment AS payment
                  JOIN account_move AS move ON move.id = payment.move_id
                  JOIN account_move_line AS line
                    ON line.move_id = move.id
                   -- no use of the index by account: it holds everybody's lines
                   AND line.account_id + 0 = payment.destination_account_id
                  JOIN creditbox_source AS source
                    ON source.id = payment.creditbox_source_id
                  JOIN res_partner AS partner ON partner.id = payment.partner_id
                 WHERE move.state = 'posted'
                   AND payment.creditbox_ref IS NOT NULL
                   AND payment.id IN (%(which)s)
                """,
                which=SQL(" UNION ").join(
                    self._sql_which_payments(ids, refs, partners)
                ),
            )
        )
        return {row["payment_id"]: row for row in rows}

    def _sql_which_payments(self, ids, refs, partners):
        yield SQL("SELECT unnest(%s::int[])", list(ids))
        if refs:
            yield SQL(
                "SELECT payment_id FROM creditbox_payment_bill "
                "WHERE company_id = %s AND bill_ref = ANY(%s)",
                self.company.id,
                list(refs),
            )
        if partners:
            yield SQL(
                "SELECT id FROM account_payment WHERE company_id = %s "
                "AND partner_id IN (SELECT id FROM res_partner "
                "                    WHERE commercial_partner_id = ANY(%s))",
                self.company.id,
                list(partners),
            )

    def _load_partials(self):
        """dict (payment line, bill line) -> (partial id, cents), what is matched."""
        bill_lines = [row["id"] for row in self.bills.values()]
        payment_lines = [row["id"] for row in self.payments.values()]
        if not bill_lines:
            return {}
        rows = self.env.execute_query(
            SQL(
                """
                SELECT credit_move_id, debit_move_id, id, amount
                  FROM account_partial_reconcile
                 WHERE credit_move_id = ANY(%s) AND debit_move_id = ANY(%s)
                """,
                payment_lines,
                bill_lines,
            )
        )
        return {
            (credit, debit): (partial, self._cents(amount))
            for credit, debit, partial, amount in rows
        }

    def _cents(self, amount):
        return int(round(amount * self.unit))

    def _bill(self, row, capacity):
        amount = self._cents(row["residual"]) + capacity.get(row["id"], 0)
        return Bill(
            row["id"], row["ref"], row["due"], amount, row["account_id"],
            row["partner_id"],
        )  # fmt: skip

    def _payment(self, row, capacity):
        amount = self._cents(-row["residual"]) + capacity.get(row["id"], 0)
        return Payment(
            row["id"], row["ref"], row["date"], amount, row["account_id"],
            row["partner_id"], tuple(row["refs"]), row["oldest"],
        )  # fmt: skip

    # -- writing -------------------------------------------------------------------

    def _remove(self, partial_ids):
        if not partial_ids:
            return
        self.env["account.partial.reconcile"].browse(partial_ids).unlink()
        self.env.flush_all()

    def _reconcile(self, pairs):
        """Insert the matchings and bring all that depends on them up to date.

        :param pairs: dict (payment line id, bill line id) -> cents
        """
        if not pairs:
            return
        self._insert_partials(pairs)
        lines = {line for pair in pairs for line in pair}
        self._update_lines(lines, self._number_matchings(lines))
        self._update_documents(lines)
        self.env.invalidate_all(flush=False)
        self._settle_payments()

    def _insert_partials(self, pairs):
        dates = {row["id"]: row["date"] for row in self.bills.values()}
        dates.update({row["id"]: row["line_date"] for row in self.payments.values()})
        currency = self.company.currency_id.id
        self.cr.execute(
            SQL(
                """
                INSERT INTO account_partial_reconcile
                       (id, credit_move_id, debit_move_id, amount,
                        credit_amount_currency, debit_amount_currency, max_date,
                        credit_currency_id, debit_currency_id, company_id,
                        create_uid, write_uid, create_date, write_date)
                SELECT pair.id, pair.credit, pair.debit, pair.amount,
                       pair.amount, pair.amount, pair.day,
                       %(currency)s, %(currency)s, %(company)s,
                       %(uid)s, %(uid)s, %(now)s, %(now)s
                  FROM unnest(%(ids)s::int[], %(credits)s::int[], %(debits)s::int[],
                              %(amounts)s::numeric[], %(days)s::date[])
                       AS pair(id, credit, debit, amount, day)
                """,
                currency=currency,
                company=self.company.id,
                uid=self.env.uid,
                now=self.cr.now(),
                ids=next_ids(self.env, "account.partial.reconcile", len(pairs)),
                credits=[credit for credit, _debit in pairs],
                debits=[debit for _credit, debit in pairs],
                amounts=[cents / self.unit for cents in pairs.values()],
                days=[max(dates[credit], dates[debit]) for credit, debit in pairs],
            )
        )

    def _number_matchings(self, lines):
        """dict line id -> (matching number, full matching or None), as Odoo has them.

        All lines are in it that hang together with these.
        """
        groups = self._matching_groups(lines)
        full = [group for group in groups if group["settled"]]
        full_ids = next_ids(self.env, "account.full.reconcile", len(full))
        for group, full_id in zip(full, full_ids, strict=True):
            group["full"] = full_id
        if full:
            self._insert_fulls(full)
        return {
            line: (str(group.get("full") or f"P{group['number']}"), group.get("full"))
            for group in groups
            for line in group["lines"]
        }

    def _update_lines(self, touched, numbers):
        """Residual and matching number of the lines, in one statement."""
        residuals = [
            self.left[line] / self.unit if line in touched else None for line in numbers
        ]
        self.cr.execute(
            SQL(
                """
                UPDATE account_move_line AS line
                   SET amount_residual = COALESCE(one.residual, line.amount_residual),
                       amount_residual_currency =
                           COALESCE(one.residual, line.amount_residual_currency),
                       reconciled = COALESCE(one.residual = 0, line.reconciled),
                       matching_number = one.number,
                       full_reconcile_id = one.full_id
                  FROM unnest(%s::int[], %s::numeric[], %s::text[], %s::int[])
                       AS one(id, residual, number, full_id)
                 WHERE line.id = one.id
                """,
                list(numbers),
                residuals,
                [number for number, _full in numbers.values()],
                [full for _number, full in numbers.values()],
            )
        )

    def _insert_fulls(self, groups):
        self.cr.execute(
            SQL(
                """
                INSERT INTO account_full_reconcile
                            (id, create_uid, write_uid, create_date, write_date)
                SELECT one.id, %(uid)s, %(uid)s, %(now)s, %(now)s
                  FROM unnest(%(ids)s::int[]) AS one(id)
                """,
                ids=[group["full"] for group in groups],
                uid=self.env.uid,
                now=self.cr.now(),
            )
        )
        pairs = [(p, group["full"]) for group in groups for p in group["partials"]]
        self.cr.execute(
            SQL(
                """
                UPDATE account_partial_reconcile AS partial
                   SET full_reconcile_id = one.full_id
                  FROM unnest(%s::int[], %s::int[]) AS one(id, full_id)
                 WHERE partial.id = one.id
                """,
                [partial for partial, _full in pairs],
                [full for _partial, full in pairs],
            )
        )

    def _matching_groups(self, lines):
        """Connected lines: dicts of `lines`, `partials`, `number` and `settled`."""
        partials = self._load_connected(lines)
        parent = {}

        def find(line):
            while parent.setdefault(line, line) != line:
                parent[line] = line = parent[parent[line]]
            return line

        for _partial, credit, debit, *_done in partials:
            parent[find(credit)] = find(debit)
        groups = {}
        for partial, credit, debit, credit_done, debit_done in sorted(partials):
            done = self._is_done(credit, credit_done) and self._is_done(
                debit, debit_done
            )
            group = groups.setdefault(
                find(credit),
                {"lines": set(), "partials": [], "number": partial, "settled": True},
            )
            group["lines"] |= {credit, debit}
            group["partials"].append(partial)
            group["settled"] &= done
        return list(groups.values())

    def _is_done(self, line, stored):
        """Whether a line is settled: those at hand are not written yet."""
        return not self.left[line] if line in self.left else bool(stored)

    def _load_connected(self, lines):
        """(id, credit line, debit line, either settled) of partials around lines."""
        found, border = {}, set(lines)
        seen = set(border)
        while border:
            rows = self.env.execute_query(
                SQL(
                    """
                    SELECT partial.id, partial.credit_move_id, partial.debit_move_id,
                           credit.reconciled, debit.reconciled
                      FROM account_partial_reconcile AS partial
                      JOIN account_move_line AS credit
                        ON credit.id = partial.credit_move_id
                      JOIN account_move_line AS debit
                        ON debit.id = partial.debit_move_id
                     WHERE partial.id IN (
                           SELECT id FROM account_partial_reconcile
                            WHERE credit_move_id = ANY(%(lines)s)
                            UNION
                           SELECT id FROM account_partial_reconcile
                            WHERE debit_move_id = ANY(%(lines)s)
                           )
                    """,
                    lines=list(border),
                )
            )
            found.update((row[0], row) for row in rows)
            border = {line for row in rows for line in row[1:3]} - seen
            seen |= border
        return list(found.values())

    def _update_documents(self, lines):
        """Residual and state of the bills, and whether payments are matched."""
        moves = [row["move_id"] for row in self.bills.values() if row["id"] in lines]
        self.cr.execute(
            SQL(
                """
                UPDATE account_move AS move
                   SET amount_residual = line.residual,
                       amount_residual_signed = line.residual,
                       payment_state =
                           CASE WHEN line.residual = 0 THEN %(paid)s
                                ELSE 'partial' END,
                       is_manually_modified = TRUE
                  FROM (
                        SELECT move_id, SUM(amount_residual) AS residual
                          FROM account_move_line
                         WHERE move_id = ANY(%(moves)s)
                           AND display_type = 'payment_term'
                         GROUP BY move_id
                       ) AS line
                 WHERE move.id = line.move_id
                """,
                moves=moves,
                paid=self._state_of_paid(),
            )
        )
        self.cr.execute(
            SQL(
                """
                UPDATE account_payment AS payment
                   SET is_reconciled = line.reconciled
                  FROM unnest(%s::int[], %s::int[]) AS one(payment_id, line_id)
                  JOIN account_move_line AS line ON line.id = one.line_id
                 WHERE payment.id = one.payment_id
                   AND payment.is_reconciled IS DISTINCT FROM line.reconciled
                """,
                [row["payment_id"] for row in self.payments.values()],
                [row["id"] for row in self.payments.values()],
            )
        )

    def _state_of_paid(self):
        """State of a bill that is covered: by money in the bank, or on its way."""
        if all(row["is_matched"] for row in self.payments.values()):
            return "paid"
        return self.env["account.move"]._get_invoice_in_payment_state()

    def _settle_payments(self):
        """Payments not on the account of the journal end when their bills are paid."""
        pending = [
            row["payment_id"]
            for row in self.payments.values()
            if row["state"] == "in_process"
        ]
        if pending:
            payments = self.env["account.payment"].browse(pending)
            self.env.add_to_compute(payments._fields["state"], payments)
            payments.flush_recordset(["state"])

    def _set_supplies(self):
        """A payment whose bills are all of one supply is a credit of that supply."""
        changes = {}
        for row in self.payments.values():
            if row["refs"]:
                named = [self.bills[ref] for ref in row["refs"] if ref in self.bills]
                supplies = {bill["supply_id"] for bill in named}
                supply = supplies.pop() if len(supplies) == 1 else None
                if supply != row["supply_id"]:
                    changes[row["move_id"]] = supply
        if changes:
            self.cr.execute(
                SQL(
                    """
                    UPDATE account_move AS move
                       SET creditbox_supply_id = change.supply_id
                      FROM unnest(%s::int[], %s::int[]) AS change(id, supply_id)
                     WHERE move.id = change.id
                    """,
                    list(changes),
                    list(changes.values()),
                )
            )
            self.env["account.move"].invalidate_model(
                ["creditbox_supply_id"], flush=False
            )
