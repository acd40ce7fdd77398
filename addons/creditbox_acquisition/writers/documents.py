"""What bills and payments share: entries copied from a twin, and their undoing."""

import logging
import re

from odoo import fields
from odoo.exceptions import UserError
from odoo.tools import SQL

from .base import Writer
from .clone import Clone, Undo, next_ids, read_rows
from .customer_classes import CustomerClasses
from .matching import Matcher

_logger = logging.getLogger(__name__)

NAME_PARTS = re.compile(r"^(.*?)(\d{0,9})(\D*?)$", re.DOTALL)


def split_name(name):
    """(prefix, number) as Odoo's sequence mixin keeps them beside the name."""
    found = NAME_PARTS.match(name)
    return name[: found.start(2)], int(found[2] or 0)


class DocumentWriter(CustomerClasses, Writer):
    """Writer of entries of the customers' accounts."""

    # The field of the layout that says that a document is no longer there.
    undone_field = None

    def _load_existing(self, keys):
        rows = self.env.execute_query(
            SQL(
                "SELECT creditbox_ref, id FROM %s "
                "WHERE company_id = %s AND creditbox_ref = ANY(%s)",
                SQL.identifier(self.table),
                self.company.id,
                list(keys),
            )
        )
        return dict(rows)

    # -- creation ------------------------------------------------------------------

    def _create(self, rows):
        for row in rows:
            if row.values.get(self.undone_field):
                row.outcome = "unchanged"
        rows = [row for row in rows if row.outcome is None]
        taken = self._existing_numbers(self._name(row) for row in rows)
        for row in rows:
            if self._name(row) in taken:
                row.refuse(self.key_field, "foreign_record", row.key)
        rows = [row for row in rows if row.outcome is None]
        self._create_by_copy(rows)
        self._match(rows)

    def _create_by_copy(self, rows):
        """Insert copies of the twin that fits the customer of each row."""
        if not rows:
            return
        self._load_classes({row.found["partner"] for row in rows})
        groups = {}
        for row in rows:
            key, clones = self._twin(row.found["partner"], self._variant(row))
            groups.setdefault(key, (clones, []))[1].append(row)
        for (_class, variant), (clones, group) in groups.items():
            self._insert(clones, variant, group)
        self._mark_gaps([self._name(row) for row in rows])
        self._mark_as_customers(
            partner
            for row in rows
            for partner in {row.found["partner"], row.found["commercial"]}
        )

    def _insert(self, clones, variant, rows):
        """Insert the documents of rows that share a twin.

        :param clones: list of (name of the column of its ids, `Clone`); the first is
            that of the document
        :return: dict name -> (SQL type, list), the columns inserted
        """
        columns = self._columns(rows, variant)
        for name, clone in clones:
            columns[name] = ("int", next_ids(self.env, clone.model, len(rows)))
        for _name, clone in clones:
            clone.insert(columns)
        ids = columns[clones[0][0]][1]
        for row, record_id in zip(rows, ids, strict=True):
            row.found["id"] = record_id
            row.outcome = "created"
        return columns

    def _entry_columns(self, rows, days, move_type):
        """What differs from one entry to the next, whatever the document.

        :param days: list of dates of the documents
        :return: dict name -> (SQL type, list)
        """
        data = self._partner_data({row.found["partner"] for row in rows})
        partners = [data[row.found["partner"]] for row in rows]
        names = [self._name(row) for row in rows]
        parts = [split_name(name) for name in names]
        accounting = self._accounting_dates(set(days), move_type)
        return {
            "name": ("text", names),
            "prefix": ("text", [prefix for prefix, _number in parts]),
            "number": ("int", [number for _prefix, number in parts]),
            "ref": ("text", [row.key for row in rows]),
            "issue": ("date", days),
            "day": ("date", [accounting[day] for day in days]),
            "partner": ("int", [row.found["partner"] for row in rows]),
            "commercial": ("int", [commercial for commercial, _s, _n in partners]),
            "shipping": ("int", [shipping for _c, shipping, _n in partners]),
            "partner_name": ("text", [name for _c, _s, name in partners]),
        }

    # -- twins ---------------------------------------------------------------------

    def _twin(self, partner_id, variant):
        """The clones of a document of this variant for customers like this one."""
        key = (self._customer_class(partner_id), variant)
        if key not in self._cache:
            self._cache[key] = self._make_clones(partner_id, variant)
        return key, self._cache[key]

    def _make_clones(self, partner_id, variant):
        """Have the ORM make a document, look at its rows, and undo it."""
        env = self.env(context=dict(self.env.context, creditbox_twin=True))
        clones = None
        try:
            with env.cr.savepoint():
                clones = self._clone_twin(env, partner_id, variant)
                raise Undo
        except Undo:
            env.invalidate_all(flush=False)
        return clones

    def _clones_of_entry(self, move, fixed, fixed_lines, texts, dates):
        """list of (column of the ids, `Clone`), of an entry and of each of its lines.

        :param fixed: dict column -> SQL, and `fixed_lines` the same of the lines
        """
        (row,) = read_rows(move.env, move._name, move.ids)
        clones = [("id", Clone(move.env, move._name, row, fixed, texts, dates))]
        lines = move.line_ids
        for index, row in enumerate(read_rows(move.env, lines._name, lines.ids)):
            name = f"line{index}"
            known = {**fixed_lines, "id": SQL("v.%s", SQL.identifier(name))}
            clones.append(
                (name, Clone(move.env, lines._name, row, known, texts, dates))
            )
        return clones

    # -- accounting dates ----------------------------------------------------------

    def _accounting_dates(self, dates, move_type):
        """dict date -> date of the entry, later where the period is closed."""
        journal = self._journal
        first_open = self.company._get_user_fiscal_lock_date(journal)
        result = {date: date for date in dates}
        locked = [date for date in dates if date <= first_open]
        if locked:
            move = self.env["account.move"].new(
                {
                    "move_type": move_type,
                    "journal_id": journal.id,
                    "company_id": self.company.id,
                }
            )
            for date in locked:
                result[date] = move._get_accounting_date(date, False)
        return result

    # -- after the inserts ---------------------------------------------------------

    def _mark_gaps(self, names):
        """Keep Odoo's flag of the numbers whose predecessor is missing."""
        if not names:
            return
        prefixes, numbers = zip(*map(split_name, names), strict=True)
        self.cr.execute(
            SQL(
                """
                UPDATE account_move AS move
                   SET made_sequence_gap = gap.made
                  FROM (
                        SELECT move.id,
                               move.sequence_number > 1 AND NOT EXISTS (
                                   SELECT 1
                                     FROM account_move AS previous
                                    WHERE previous.journal_id = move.journal_id
                                      AND previous.sequence_prefix =
                                          move.sequence_prefix
                                      AND previous.sequence_number =
                                          move.sequence_number - 1
                               ) AS made
                          FROM (
                                SELECT DISTINCT prefix, number + step AS number
                                  FROM unnest(%(prefixes)s::text[], %(numbers)s::int[])
                                       AS name(prefix, number),
                                       (VALUES (0), (1)) AS next(step)
                               ) AS name
                          JOIN account_move AS move
                            ON move.journal_id = %(journal)s
                           AND move.sequence_prefix = name.prefix
                           AND move.sequence_number = name.number
                       ) AS gap
                 WHERE move.id = gap.id
                   AND move.made_sequence_gap IS DISTINCT FROM gap.made
                   AND move.state = 'posted'
                """,
                prefixes=list(prefixes),
                numbers=list(numbers),
                journal=self._journal.id,
            )
        )

    def _mark_as_customers(self, partner_ids):
        """Contacts with a document are customers, as Odoo marks them.

        Odoo goes on counting their documents there; that would be a lock and a row
        version of each customer at each bill, for a number nobody reads.
        """
        self.cr.execute(
            SQL(
                """
                UPDATE res_partner
                   SET customer_rank = 1
                 WHERE id = ANY(%s) AND COALESCE(customer_rank, 0) = 0
                """,
                list(set(partner_ids)),
            )
        )
        self.env["res.partner"].invalidate_model(["customer_rank"], flush=False)

    # -- undoing -------------------------------------------------------------------

    def _cancel_moves(self, row, move):
        """Take an entry out of the accounts; in a closed period, reverse it."""
        move.line_ids.remove_move_reconcile()
        try:
            with self.cr.savepoint():
                move.button_cancel()
        except UserError:
            today = fields.Date.context_today(move)
            move._reverse_moves([{"date": today, "invoice_date": today}], cancel=True)
            row.warn("", "locked_period")

    def _existing_numbers(self, names):
        """Names already taken in the journal by documents that are not ours."""
        return {
            name
            for (name,) in self.env.execute_query(
                SQL(
                    "SELECT name FROM account_move "
                    "WHERE journal_id = %s AND name = ANY(%s) AND state = 'posted'",
                    self._journal.id,
                    list(names),
                )
            )
        }

    # -- matching ------------------------------------------------------------------

    def _match(self, rows, dropped=()):
        """Match payments and bills anew, as far as the rows have changed them.

        :param dropped: numbers of the bills that payments named and name no longer
        """
        rows = [row for row in rows if row.outcome in ("created", "updated")]
        if not rows:
            return
        self.partner_ids.update(
            row.found["commercial"] for row in rows if "commercial" in row.found
        )
        matcher = Matcher(self.source)
        self._run_matcher(matcher, rows, dropped)
        self.partner_ids |= matcher.partner_ids

    # -- for the kinds -------------------------------------------------------------

    @property
    def _journal(self):
        raise NotImplementedError

    def _name(self, row):
        """Number of the entry."""
        raise NotImplementedError

    def _variant(self, row):
        """What, beside the customer, two documents share that are copies of one."""
        raise NotImplementedError

    def _clone_twin(self, env, partner_id, variant):
        """list of (column of the ids, `Clone`) of a document; the document first."""
        raise NotImplementedError

    def _columns(self, rows, variant):
        """dict name -> (SQL type, list): what differs from one to the next."""
        raise NotImplementedError

    def _run_matcher(self, matcher, rows, dropped):
        raise NotImplementedError
