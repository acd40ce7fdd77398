from odoo import Command
from odoo.tools import SQL

from ..tools.convert import BILL, CREDIT_NOTE
from .clone import Sentinels
from .documents import DocumentWriter

MOVE_TYPES = {BILL: "out_invoice", CREDIT_NOTE: "out_refund"}
# Field of the layout -> field of the bill, where nothing has to be undone to change it.
FREE = {
    "period_from": "creditbox_period_from",
    "period_to": "creditbox_period_to",
    "payment_code": "creditbox_payment_code",
    "pdf_name": "creditbox_pdf_name",
}


class BillWriter(DocumentWriter):
    """Bills and credit notes become posted customer invoices without taxes."""

    kind = "bills"
    table = "account_move"
    key_field = "number"
    undone_field = "cancelled"

    @property
    def _journal(self):
        return self.source.journal_id

    def _name(self, row):
        return self.source._bill_name(row.key)

    # -- references ----------------------------------------------------------------

    def _resolve(self, rows):
        customers = self._find_customers(row.values["customer_code"] for row in rows)
        supplies = self._find_supplies(
            {row.values["supply_code"] for row in rows if row.values.get("supply_code")}
        )
        for row in rows:
            code, supply = row.values["customer_code"], row.values.get("supply_code")
            if code not in customers:
                row.wait("customer_code", "customers", code)
            elif supply and supply not in supplies:
                self._miss_supply(row, supply)
            if row.outcome is None:
                row.found["partner"], row.found["commercial"] = customers[code]
                row.found["supply"] = supplies.get(supply)

    def _miss_supply(self, row, code):
        if self.source.unknown_supply == "wait":
            row.wait("supply_code", "supplies", code)
        else:
            row.warn("supply_code", "waiting_supplies", code)

    # -- values --------------------------------------------------------------------

    def _kind_and_amount(self, row):
        """(bill or credit note, positive amount): a negative bill is a credit note."""
        kind = row.values.get("kind") or BILL
        amount = row.values["amount"]
        if amount < 0:
            kind = CREDIT_NOTE
        return kind, abs(amount)

    def _orm_vals(self, row):
        """Values with which the ORM would create this bill: the reference."""
        kind, amount = self._kind_and_amount(row)
        values = row.values
        name = self._name(row)
        return {
            "move_type": MOVE_TYPES[kind],
            "company_id": self.company.id,
            "journal_id": self.source.journal_id.id,
            "partner_id": row.found["partner"],
            "name": name,
            "payment_reference": values.get("payment_code") or name,
            "invoice_date": values["issue_date"],
            "invoice_date_due": values["due_date"],
            "invoice_payment_term_id": False,
            "creditbox_source_id": self.source.id,
            "creditbox_ref": row.key,
            "creditbox_supply_id": row.found.get("supply"),
            **{name: values.get(field) for field, name in FREE.items()},
            "invoice_line_ids": [
                Command.create(
                    {
                        "name": name,
                        "account_id": self.source.income_account_id.id,
                        "quantity": 1,
                        "price_unit": float(amount),
                        "tax_ids": [Command.clear()],
                    }
                )
            ],
        }

    # -- creation ------------------------------------------------------------------

    def _create_by_copy(self, rows):
        self._create_by_orm([row for row in rows if not row.values["amount"]])
        return super()._create_by_copy([row for row in rows if row.values["amount"]])

    def _create_by_orm(self, rows):
        moves = self.env["account.move"].create([self._orm_vals(row) for row in rows])
        moves._post(soft=False)
        for row, move in zip(rows, moves, strict=True):
            row.found["id"] = move.id
            row.outcome = "created"

    def _variant(self, row):
        kind, amount = self._kind_and_amount(row)
        return MOVE_TYPES[kind], amount <= Sentinels.small_limit

    def _clone_twin(self, env, partner_id, variant):
        twin = env["account.move"].create(self._twin_vals(partner_id, variant))
        twin._post(soft=False)
        env.flush_all()
        texts = {Sentinels.name: "name", Sentinels.reference: "reference"}
        dates = {Sentinels.issue: "issue", Sentinels.due: "due"}
        return self._clones_of_entry(twin, MOVE_SQL, LINE_SQL, texts, dates)

    def _twin_vals(self, partner_id, variant):
        move_type, small = variant
        amount = Sentinels.small_amount if small else Sentinels.amount
        return {
            "move_type": move_type,
            "company_id": self.company.id,
            "journal_id": self.source.journal_id.id,
            "partner_id": partner_id,
            "name": Sentinels.name,
            "payment_reference": Sentinels.reference,
            "invoice_date": Sentinels.issue,
            "invoice_date_due": Sentinels.due,
            "invoice_payment_term_id": False,
            "creditbox_source_id": self.source.id,
            "invoice_line_ids": [
                Command.create(
                    {
                        "name": Sentinels.name,
                        "account_id": self.source.income_account_id.id,
                        "quantity": 1,
                        "price_unit": float(amount),
                        "tax_ids": [Command.clear()],
                    }
                )
            ],
        }

    def _columns(self, rows, variant):
        def values(field):
            return [row.values.get(field) for row in rows]

        return {
            **self._entry_columns(rows, values("issue_date"), variant[0]),
            "reference": (
                "text",
                [row.values.get("payment_code") or self._name(row) for row in rows],
            ),
            "amount": ("numeric", [self._kind_and_amount(row)[1] for row in rows]),
            "due": ("date", values("due_date")),
            "supply": ("int", [row.found.get("supply") for row in rows]),
            "period_from": ("date", values("period_from")),
            "period_to": ("date", values("period_to")),
            "payment_code": ("text", values("payment_code")),
            "pdf_name": ("text", values("pdf_name")),
        }

    # -- changes -------------------------------------------------------------------

    def _update(self, rows):
        for row in rows:
            move = self.env["account.move"].browse(row.found["id"])
            if move.move_type not in MOVE_TYPES.values():
                row.refuse("number", "foreign_record", row.key)
                continue
            self.partner_ids.add(move.commercial_partner_id.id)
            if row.values.get("cancelled"):
                self._cancel(row, move)
            else:
                self._change(row, move)
        self._match([row for row in rows if row.outcome == "updated"])

    def _cancel(self, row, move):
        if move.state == "posted":
            self._cancel_moves(row, move)
            row.outcome = "updated"
        else:
            row.outcome = "unchanged"

    def _change(self, row, move):
        free = {
            name: row.values[field] or False
            for field, name in FREE.items()
            if field in row.values
        }
        if "supply_code" in row.values:
            free["creditbox_supply_id"] = row.found.get("supply") or False
        free["creditbox_source_id"] = self.source.id
        if self._accounts_differ(row, move):
            move.line_ids.remove_move_reconcile()
            if move.state != "draft":
                move.button_draft()
            move.write({**free, **self._draft_vals(row, move)})
            move._post(soft=False)
        else:
            move.write({**free, **self._due_vals(row, move)})
        row.outcome = "updated"

    def _accounts_differ(self, row, move):
        kind, amount = self._kind_and_amount(row)
        return (
            move.state != "posted"
            or move.move_type != MOVE_TYPES[kind]
            or move.partner_id.id != row.found["partner"]
            or move.invoice_date != row.values["issue_date"]
            or self.currency.compare_amounts(move.amount_total, float(amount)) != 0
        )

    def _draft_vals(self, row, move):
        vals = self._orm_vals(row)
        for name in ("company_id", "journal_id", "name", *FREE.values()):
            vals.pop(name)
        vals["invoice_line_ids"] = [
            *(Command.delete(line.id) for line in move.invoice_line_ids),
            *vals["invoice_line_ids"],
        ]
        return vals

    def _due_vals(self, row, move):
        due = row.values["due_date"]
        return {"invoice_date_due": due} if move.invoice_date_due != due else {}

    # -- matching ------------------------------------------------------------------

    def _run_matcher(self, matcher, rows, dropped):
        """Payments that were waiting for these bills find them now."""
        matcher.run(bills=[row.key for row in rows])


MOVE_SQL = {
    "id": SQL("v.id"),
    "name": SQL("v.name"),
    "sequence_prefix": SQL("v.prefix"),
    "sequence_number": SQL("v.number"),
    "date": SQL("v.day"),
    "partner_id": SQL("v.partner"),
    "commercial_partner_id": SQL("v.commercial"),
    "partner_shipping_id": SQL("v.shipping"),
    "invoice_partner_display_name": SQL("v.partner_name"),
    "creditbox_ref": SQL("v.ref"),
    "creditbox_supply_id": SQL("v.supply"),
    "creditbox_period_from": SQL("v.period_from"),
    "creditbox_period_to": SQL("v.period_to"),
    "creditbox_payment_code": SQL("v.payment_code"),
    "creditbox_pdf_name": SQL("v.pdf_name"),
}
LINE_SQL = {
    "move_id": SQL("v.id"),
    "partner_id": SQL("v.commercial"),
    "date": SQL("v.day"),
}
