from odoo.tools import SQL

from .clone import Clone, Sentinels, read_rows
from .documents import DocumentWriter


class PaymentWriter(DocumentWriter):
    """Payments become posted customer payments, matched with the bills they name."""

    kind = "payments"
    table = "account_payment"
    undone_field = "reversed"

    @property
    def _journal(self):
        return self.source.payment_journal_id

    def _name(self, row):
        return self.source._payment_name(row.key)

    def _variant(self, row):
        return "inbound"

    # -- references ----------------------------------------------------------------

    def _resolve(self, rows):
        """The customer of a payment is the one it names, else that of its bills."""
        customers = self._find_customers(
            {row.values.get("customer_code") for row in rows} - {None}
        )
        numbers = {number for row in rows for number in self._numbers(row)}
        bills = self._find_bills(numbers)
        for row in rows:
            code = row.values.get("customer_code")
            known = [bills[number] for number in self._numbers(row) if number in bills]
            if code and code in customers:
                row.found["partner"], row.found["commercial"] = customers[code]
            elif code:
                row.wait("customer_code", "customers", code)
            elif known:
                row.found["partner"], row.found["commercial"] = known[0]
            else:
                row.wait("bill_number", "bills", self._numbers(row)[0])
            if row.outcome is None:
                self._warn_other_customer(row, bills)

    def _warn_other_customer(self, row, bills):
        for number in self._numbers(row):
            if number in bills and bills[number][1] != row.found["commercial"]:
                row.warn("bill_number", "other_customer", number, bill=number)

    def _numbers(self, row):
        return row.values.get("bill_number") or []

    def _find_bills(self, numbers):
        """dict bill number -> (partner id, commercial partner id)."""
        return {
            number: (partner, commercial)
            for number, partner, commercial in self.env.execute_query(
                SQL(
                    """
                    SELECT creditbox_ref, partner_id, commercial_partner_id
                      FROM account_move
                     WHERE company_id = %s AND creditbox_ref = ANY(%s)
                    """,
                    self.company.id,
                    list(numbers),
                )
            )
        }

    # -- values --------------------------------------------------------------------

    def _memo(self, row):
        return ", ".join(self._numbers(row)) or row.key

    def _orm_vals(self, row):
        """Values with which the ORM would create this payment: the reference."""
        return {
            "payment_type": "inbound",
            "partner_type": "customer",
            "company_id": self.company.id,
            "journal_id": self.source.payment_journal_id.id,
            "partner_id": row.found["partner"],
            "amount": float(row.values["amount"]),
            "date": row.values["date"],
            "memo": self._memo(row),
            "creditbox_source_id": self.source.id,
            "creditbox_ref": row.key,
            "creditbox_channel": row.values.get("channel"),
        }

    def _money_account(self):
        """The account of the journal, unless its payment method names another.

        On the account of the journal a payment is final, and its bill paid at once.
        """
        journal = self.source.payment_journal_id
        method = journal._get_available_payment_method_lines("inbound")[:1]
        return method.payment_account_id or journal.default_account_id

    def _create_by_orm(self, env, vals):
        """A posted payment, as a person would make it."""
        payment = env["account.payment"].create(vals)
        payment.outstanding_account_id = self._money_account()
        payment.action_post()
        return payment

    # -- creation ------------------------------------------------------------------

    def _clone_twin(self, env, partner_id, variant):
        twin = self._create_by_orm(
            env,
            {
                "payment_type": variant,
                "partner_type": "customer",
                "company_id": self.company.id,
                "journal_id": self.source.payment_journal_id.id,
                "partner_id": partner_id,
                "amount": float(Sentinels.amount),
                "date": Sentinels.issue,
                "memo": Sentinels.memo,
                "creditbox_source_id": self.source.id,
                "creditbox_ref": Sentinels.name,
            },
        )
        env.flush_all()
        texts = {Sentinels.memo: "memo"}
        dates = {Sentinels.issue: "issue"}
        (payment,) = read_rows(env, "account.payment", twin.ids)
        clone = Clone(
            env,
            "account.payment",
            {**payment, "move_id": None},
            PAYMENT_SQL,
            texts,
            dates,
        )
        return [
            ("payment", clone),
            *self._clones_of_entry(twin.move_id, MOVE_SQL, LINE_SQL, texts, dates),
        ]

    def _insert(self, clones, variant, rows):
        columns = super()._insert(clones, variant, rows)
        self._link_entries(columns["payment"][1], columns["id"][1])
        self._save_bills(rows)
        return columns

    def _link_entries(self, payment_ids, move_ids):
        """Payment and entry point at each other: one of the two comes later."""
        self.cr.execute(
            SQL(
                """
                UPDATE account_payment AS payment
                   SET move_id = pair.move_id
                  FROM unnest(%s::int[], %s::int[]) AS pair(payment_id, move_id)
                 WHERE payment.id = pair.payment_id
                """,
                payment_ids,
                move_ids,
            )
        )

    def _columns(self, rows, variant):
        dates = [row.values["date"] for row in rows]
        return {
            **self._entry_columns(rows, dates, "entry"),
            "memo": ("text", [self._memo(row) for row in rows]),
            "amount": ("numeric", [row.values["amount"] for row in rows]),
            "channel": ("text", [row.values.get("channel") for row in rows]),
        }

    def _save_bills(self, rows):
        """Keep the bill numbers that the payments name, in their order."""
        self.cr.execute(
            SQL(
                "DELETE FROM creditbox_payment_bill WHERE payment_id = ANY(%s)",
                [row.found["id"] for row in rows],
            )
        )
        links = [
            (row.found["id"], sequence, number)
            for row in rows
            for sequence, number in enumerate(self._numbers(row))
        ]
        if links:
            payments, sequences, numbers = map(list, zip(*links, strict=True))
            self.cr.execute(
                SQL(
                    """
                    INSERT INTO creditbox_payment_bill
                                (company_id, payment_id, sequence, bill_ref)
                    SELECT %s, link.*
                      FROM unnest(%s::int[], %s::int[], %s::text[]) AS link
                    """,
                    self.company.id,
                    payments,
                    sequences,
                    numbers,
                )
            )
        self.env["creditbox.payment.bill"].invalidate_model(flush=False)

    # -- changes -------------------------------------------------------------------

    def _update(self, rows):
        for row in rows:
            payment = self.env["account.payment"].browse(row.found["id"])
            self.partner_ids.add(payment.partner_id.commercial_partner_id.id)
            if row.values.get("reversed"):
                self._reverse(row, payment)
            else:
                self._change(row, payment)
        changed = [row for row in rows if row.outcome == "updated"]
        dropped = self._named_before(changed)
        self._save_bills(changed)
        self._match(changed, dropped)

    def _named_before(self, rows):
        """Numbers of the bills that these payments named until now."""
        ids = [row.found["id"] for row in rows]
        named = self.env["creditbox.payment.bill"].search([("payment_id", "in", ids)])
        return set(named.mapped("bill_ref"))

    def _reverse(self, row, payment):
        if payment.state != "canceled":
            self._cancel_moves(row, payment.move_id)
            payment.state = "canceled"
            row.outcome = "updated"
        else:
            row.outcome = "unchanged"

    def _change(self, row, payment):
        vals = self._orm_vals(row)
        for name in ("company_id", "journal_id", "payment_type", "partner_type"):
            vals.pop(name)
        if self._accounts_differ(row, payment):
            payment.move_id.line_ids.remove_move_reconcile()
            payment.action_draft()
            payment.outstanding_account_id = self._money_account()
            account = payment._fields["outstanding_account_id"]
            with self.env.protecting([account], payment):
                payment.write(vals)
            payment.action_post()
            payment.move_id.filtered(lambda m: m.state == "draft")._post(soft=False)
        else:
            payment.write({"creditbox_channel": vals["creditbox_channel"]})
            payment.memo = vals["memo"]
        row.outcome = "updated"

    def _accounts_differ(self, row, payment):
        amount = float(row.values["amount"])
        return (
            payment.state in ("draft", "canceled")
            or payment.partner_id.id != row.found["partner"]
            or payment.date != row.values["date"]
            or self.currency.compare_amounts(payment.amount, amount) != 0
        )

    # -- matching ------------------------------------------------------------------

    def _run_matcher(self, matcher, rows, dropped):
        matcher.run(dropped, [row.found["id"] for row in rows])


PAYMENT_SQL = {
    "id": SQL("v.payment"),
    "name": SQL("v.name"),
    "move_id": SQL("NULL::int"),
    "partner_id": SQL("v.partner"),
    "creditbox_ref": SQL("v.ref"),
    "creditbox_channel": SQL("v.channel"),
}
MOVE_SQL = {
    "id": SQL("v.id"),
    "name": SQL("v.name"),
    "sequence_prefix": SQL("v.prefix"),
    "sequence_number": SQL("v.number"),
    "date": SQL("v.day"),
    "partner_id": SQL("v.partner"),
    "commercial_partner_id": SQL("v.commercial"),
    "invoice_partner_display_name": SQL("v.partner_name"),
    "origin_payment_id": SQL("v.payment"),
}
LINE_SQL = {
    "move_id": SQL("v.id"),
    "move_name": SQL("v.name"),
    "payment_id": SQL("v.payment"),
    "partner_id": SQL("v.partner"),
    "date": SQL("v.day"),
}
