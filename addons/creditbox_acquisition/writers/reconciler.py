"""Writes matchings of bills and payments as Odoo's `reconcile` would, by the set."""

from odoo.tools import SQL

from .clone import next_ids


class Reconciler:
    """Inserts matchings and brings all that depends on them up to date.

    :param among: `Connected`, the bills and payments they are of
    :param left: dict line id -> cents left of each of their lines afterwards, signed
    """

    def __init__(self, among, left):
        self.among = among
        self.left = left
        self.env = among.env
        self.cr = self.env.cr

    def run(self, pairs):
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
        dates = {row["id"]: row["date"] for row in self.among.bills.values()}
        dates.update(
            {row["id"]: row["line_date"] for row in self.among.payments.values()}
        )
        currency = self.among.company.currency_id.id
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
                company=self.among.company.id,
                uid=self.env.uid,
                now=self.cr.now(),
                ids=next_ids(self.env, "account.partial.reconcile", len(pairs)),
                credits=[credit for credit, _debit in pairs],
                debits=[debit for _credit, debit in pairs],
                amounts=[cents / self.among.unit for cents in pairs.values()],
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
            self.left[line] / self.among.unit if line in touched else None
            for line in numbers
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
        moves = [
            row["move_id"] for row in self.among.bills.values() if row["id"] in lines
        ]
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
                [row["payment_id"] for row in self.among.payments.values()],
                [row["id"] for row in self.among.payments.values()],
            )
        )

    def _state_of_paid(self):
        """State of a bill that is covered: by money in the bank, or on its way."""
        if all(row["is_matched"] for row in self.among.payments.values()):
            return "paid"
        return self.env["account.move"]._get_invoice_in_payment_state()

    def _settle_payments(self):
        """Payments not on the account of the journal end when their bills are paid."""
        pending = [
            row["payment_id"]
            for row in self.among.payments.values()
            if row["state"] == "in_process"
        ]
        if pending:
            payments = self.env["account.payment"].browse(pending)
            self.env.add_to_compute(payments._fields["state"], payments)
            payments.flush_recordset(["state"])
