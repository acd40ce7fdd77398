"""Posted debit notes by the hundred, as copies of one that the ORM made.

Whatever the ORM, the localisation and other addons put into the columns, the copies
get too; only what tells two of them apart is replaced.
"""

from odoo.tools import SQL

MOVE_AMOUNTS = (
    "amount_untaxed",
    "amount_total",
    "amount_residual",
    "amount_untaxed_signed",
    "amount_untaxed_in_currency_signed",
    "amount_total_signed",
    "amount_total_in_currency_signed",
    "amount_residual_signed",
)
LINE_AMOUNTS = (
    "debit",
    "credit",
    "balance",
    "amount_currency",
    "amount_residual",
    "amount_residual_currency",
    "price_unit",
    "price_subtotal",
    "price_total",
)


class CannotCopy(Exception):
    """The debit note has parts that are not its amount, or a name without a number."""


class MoveCopies:
    """:param twin: posted account.move of one product line"""

    def __init__(self, twin):
        twin.env.flush_all()
        self.env = twin.env
        self.twin = twin
        (self.move,) = self._rows("account.move", twin.ids)
        self.lines = self._rows("account.move.line", twin.line_ids.ids)
        self.amount = self.move["amount_total"]
        self._check()

    def _rows(self, model, ids):
        table = SQL.identifier(self.env[model]._table)
        return self.env.execute_query_dict(
            SQL("SELECT * FROM %s WHERE id = ANY(%s) ORDER BY id", table, list(ids))
        )

    def _check(self):
        for names, rows in ((MOVE_AMOUNTS, [self.move]), (LINE_AMOUNTS, self.lines)):
            for row in rows:
                for name in names:
                    if abs(row.get(name) or 0) not in (0, self.amount):
                        raise CannotCopy(f"{name} is {row[name]}")
        prefix, number = self.move["sequence_prefix"], self.move["sequence_number"]
        if not prefix or not self.move["name"].endswith(str(number)):
            raise CannotCopy(f"numbered {self.move['name']}")

    def make(self, rows):
        """Insert the copies.

        :param rows: list of dicts of partner (res.partner), supply (id), amount, label
        :return: account.move in the order of ``rows``
        """
        ids = self._next_ids("account.move", len(rows))
        names = [self._name(place) for place in range(1, len(rows) + 1)]
        values = {
            "id": ("int", ids),
            "name": ("text", names),
            "number": (
                "int",
                [self.move["sequence_number"] + n for n in range(1, len(rows) + 1)],
            ),
            "partner": ("int", [row["partner"].id for row in rows]),
            "partner_name": ("text", [row["partner"].name for row in rows]),
            "supply": ("int", [row["supply"] or None for row in rows]),
            "amount": ("numeric", [row["amount"] for row in rows]),
            "label": ("text", [row["label"] for row in rows]),
        }
        self._insert("account.move", self.move, self._move_columns(), values)
        for line in self.lines:
            line_ids = self._next_ids("account.move.line", len(rows))
            values["line"] = ("int", line_ids)
            self._insert("account.move.line", line, self._line_columns(line), values)
            self._copy_relations(line["id"], line_ids)
        self.env.invalidate_all(flush=False)
        return self.env["account.move"].browse(ids)

    def _name(self, place):
        """:return: str, the number of the ``place``-th copy"""
        prefix = self.move["sequence_prefix"]
        digits = len(self.move["name"]) - len(prefix)
        return f"{prefix}{self.move['sequence_number'] + place:0{digits}}"

    def _next_ids(self, model, count):
        sequence = f"{self.env[model]._table}_id_seq"
        rows = self.env.execute_query(
            SQL("SELECT nextval(%s) FROM generate_series(1, %s)", sequence, count)
        )
        return [row[0] for row in rows]

    def _move_columns(self):
        reference = self.move["payment_reference"]
        return {
            "id": SQL("v.id"),
            "name": SQL("v.name"),
            "creditbox_ref": SQL("v.name"),
            "payment_reference": self._renamed(reference),
            "sequence_number": SQL("v.number"),
            "partner_id": SQL("v.partner"),
            "commercial_partner_id": SQL("v.partner"),
            "partner_shipping_id": SQL("v.partner"),
            "invoice_partner_display_name": SQL("v.partner_name"),
            "creditbox_supply_id": SQL("v.supply"),
            "access_token": SQL("NULL"),
        }

    def _renamed(self, text):
        if not text:
            return SQL("NULL")
        return SQL("replace(%s, %s, v.name)", text, self.move["name"])

    def _line_columns(self, line):
        product = line["display_type"] == "product"
        return {
            "id": SQL("v.line"),
            "move_id": SQL("v.id"),
            "move_name": SQL("v.name"),
            "partner_id": SQL("v.partner"),
            "name": SQL("v.label") if product else self._renamed(line["name"]),
        }

    def _insert(self, model, row, fixed, values):
        table = SQL.identifier(self.env[model]._table)
        amounts = MOVE_AMOUNTS if model == "account.move" else LINE_AMOUNTS
        columns = {}
        for name, value in row.items():
            if name in fixed:
                columns[name] = fixed[name]
            elif name in amounts and value:
                columns[name] = SQL("v.amount" if value > 0 else "-v.amount")
            elif value is not None:
                columns[name] = SQL("twin.%s", SQL.identifier(name))
        self.env.cr.execute(
            SQL(
                "INSERT INTO %(table)s (%(names)s) SELECT %(columns)s"
                " FROM %(table)s twin, unnest(%(lists)s) AS v(%(fields)s)"
                " WHERE twin.id = %(twin)s",
                table=table,
                names=SQL(", ").join(map(SQL.identifier, columns)),
                columns=SQL(", ").join(columns.values()),
                lists=SQL(", ").join(
                    SQL("%s::%s[]", column, SQL(kind))
                    for kind, column in values.values()
                ),
                fields=SQL(", ").join(map(SQL.identifier, values)),
                twin=row["id"],
            )
        )

    def _copy_relations(self, twin_id, line_ids):
        """Taxes, tags and whatever else stands in a table of its own."""
        for field in self.env["account.move.line"]._fields.values():
            if field.type == "many2many" and field.store and field.relation:
                self.env.cr.execute(
                    SQL(
                        "INSERT INTO %(table)s (%(own)s, %(other)s)"
                        " SELECT line.id, twin.%(other)s"
                        " FROM %(table)s twin, unnest(%(ids)s::int[]) AS line (id)"
                        " WHERE twin.%(own)s = %(twin)s",
                        table=SQL.identifier(field.relation),
                        own=SQL.identifier(field.column1),
                        other=SQL.identifier(field.column2),
                        ids=line_ids,
                        twin=twin_id,
                    )
                )
