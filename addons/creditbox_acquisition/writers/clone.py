"""Copies of a record that the ORM made, inserted by the thousand.

A *twin* is made by the ORM with values that occur nowhere else (`Sentinels`), its
rows are read back, and it is undone. Whatever the ORM, the localisation and other
add-ons put in the columns is then known: the copies get the same, except that the
sentinels give way to the values of each row. So no column is forgotten.
"""

import datetime
from decimal import Decimal

from psycopg2.extras import Json

from odoo.tools import SQL


class Sentinels:
    """Values that are recognised wherever they turn up in the twin's rows."""

    amount = Decimal(7919371)
    # Below what localisations treat as a small amount (400 € in Italy).
    small_amount = Decimal(379)
    small_limit = 400
    issue = datetime.date(2019, 3, 7)
    due = datetime.date(2019, 5, 23)
    name = "CBXTWINNAME1"
    memo = "CBXTWINMEMO"
    reference = "CBXTWINREFERENCE"
    partner_name = "CBXTWINPARTNER"


def read_rows(env, model, ids):
    """list of dicts column -> value, every column of the rows of a table."""
    table = SQL.identifier(env[model]._table)
    return env.execute_query_dict(
        SQL("SELECT * FROM %s WHERE id = ANY(%s) ORDER BY id", table, list(ids))
    )


class Clone:
    """INSERT ... SELECT of copies of one row.

    :param dict row: the twin's row, column -> value
    :param dict fixed: column -> SQL over the alias `v`, where no sentinel can tell
    :param dict texts: sentinel text -> name of the column of `v` that replaces it
    :param dict dates: sentinel date -> name of the column of `v` that replaces it
    """

    def __init__(self, env, model, row, fixed, texts, dates):
        self.env = env
        self.model = model
        self.texts = texts
        self.dates = dates
        self.columns = {
            column: fixed[column] if column in fixed else self._expression(value)
            for column, value in row.items()
            if value is not None or column in fixed
        }

    def _expression(self, value):
        """SQL of the copy's value of a column whose value in the twin is this."""
        if isinstance(value, Decimal | float):
            if abs(Decimal(str(value))) in (Sentinels.amount, Sentinels.small_amount):
                return SQL("v.amount") if value > 0 else SQL("-v.amount")
        elif isinstance(value, str):
            for text, column in self.texts.items():
                if text in value:
                    return self._replaced(value, text, column)
        elif isinstance(value, datetime.date):
            if value in self.dates:
                return SQL("v.%s", SQL.identifier(self.dates[value]))
        elif isinstance(value, dict | list):
            return SQL("%s", Json(value))
        return SQL("%s", value)

    def _replaced(self, value, text, column):
        source = SQL("v.%s", SQL.identifier(column))
        if value == text:
            return source
        return SQL("replace(%s, %s, %s)", value, text, source)

    def insert(self, values):
        """Insert copies.

        :param values: dict name -> (SQL type, list); the columns of the alias `v`
        """
        self.env.cr.execute(
            SQL(
                "INSERT INTO %s (%s) SELECT %s FROM unnest(%s) AS v(%s)",
                SQL.identifier(self.env[self.model]._table),
                SQL(", ").join(map(SQL.identifier, self.columns)),
                SQL(", ").join(self.columns.values()),
                SQL(", ").join(
                    SQL("%s::%s[]", column, SQL(kind))
                    for kind, column in values.values()
                ),
                SQL(", ").join(map(SQL.identifier, values)),
            )
        )


def next_ids(env, model, count):
    """list of ids reserved for new rows of a table, ascending."""
    sequence = f"{env[model]._table}_id_seq"
    rows = env.execute_query(
        SQL("SELECT nextval(%s) FROM generate_series(1, %s)", sequence, count)
    )
    return [row[0] for row in rows]


class Undo(Exception):
    """Leaves the savepoint of a twin without a trace."""
