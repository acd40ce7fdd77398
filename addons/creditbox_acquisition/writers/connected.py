"""The bills and payments that a change can have an effect on."""

from odoo.tools import SQL


class Connected:
    """All bills and payments that hang together with some of them.

    `bills`: dict number -> row of the receivable line, `payments`: dict id -> the
    same of payments; `partner_ids`: the commercial partners of all of them.
    """

    def __init__(self, source):
        self.source = source
        self.env = source.env
        self.company = source.company_id
        self.unit = 10**self.company.currency_id.decimal_places
        self.bills, self.payments = {}, {}
        self.partner_ids = set()

    def gather(self, refs, payment_ids):
        """Fill `bills` (by number), `payments` (by id) with all that is connected."""
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
                       move.creditbox_supply_id AS supply_id,
                       move.creditbox_charge IS NOT NULL AS charge
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

    def load_partials(self):
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
            (credit, debit): (partial, self.cents(amount))
            for credit, debit, partial, amount in rows
        }

    def cents(self, amount):
        """Amount of the accounts in the smallest unit of the currency."""
        return int(round(amount * self.unit))
