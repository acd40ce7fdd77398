"""What bills and payments share: entries copied from a twin, and their undoing."""

import logging
import re

from odoo import fields
from odoo.exceptions import UserError
from odoo.tools import SQL

from .base import Writer
from .clone import Undo

_logger = logging.getLogger(__name__)

# The columns of a customer on which what the ORM computes on a document depends.
CLASS_COLUMNS = ("country_id", "user_id", "parent_id", "is_company", "lang")
# Here it counts only whether there is something.
CLASS_FILLED = (
    "vat", "street", "zip", "city", "state_id", "l10n_it_codice_fiscale",
    "l10n_it_pa_index",
)  # fmt: skip
NAME_PARTS = re.compile(r"^(.*?)(\d{0,9})(\D*?)$", re.DOTALL)


def split_name(name):
    """(prefix, number) as Odoo's sequence mixin keeps them beside the name."""
    found = NAME_PARTS.match(name)
    return name[: found.start(2)], int(found[2] or 0)


class DocumentWriter(Writer):
    """Writer of entries of the customers' accounts."""

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

    def _customer_class(self, partner_id):
        classes = self._cache.setdefault("classes", {})
        if partner_id not in classes:
            self._load_classes([partner_id])
        return classes[partner_id]

    def _load_classes(self, partner_ids):
        """Group the customers for whom the ORM computes the same defaults."""
        if "class_columns" not in self._cache:
            self._cache["class_columns"] = self._class_columns()
        columns = self._cache["class_columns"]
        self._cache.setdefault("classes", {}).update(
            self.env.execute_query(
                SQL(
                    "SELECT id, md5(ROW(%s)::text) FROM res_partner WHERE id = ANY(%s)",
                    SQL(", ").join(columns),
                    list(partner_ids),
                )
            )
        )

    def _class_columns(self):
        positions = self.env["account.fiscal.position"].search(
            [("company_id", "=", self.company.id)]
        )
        names = [*CLASS_COLUMNS]
        names += ["state_id"] if positions.state_ids else []
        names += ["zip"] if any(positions.mapped("zip_from")) else []
        partner_fields = self.env["res.partner"]._fields
        names += [
            name
            for name, field in partner_fields.items()
            if field.company_dependent and field.store
        ]
        return [
            *map(SQL.identifier, names),
            *(
                SQL("COALESCE(%s::text, '') = ''", SQL.identifier(name))
                for name in CLASS_FILLED
                if name in partner_fields
            ),
        ]

    def _partner_data(self, partner_ids):
        """dict partner id -> (commercial id, shipping id, display name)."""
        partners = self.env["res.partner"].browse(partner_ids)
        with_children = set(
            row[0]
            for row in self.env.execute_query(
                SQL(
                    "SELECT DISTINCT parent_id FROM res_partner "
                    "WHERE parent_id = ANY(%s) AND active",
                    list(partner_ids),
                )
            )
        )
        return {
            partner.id: (
                partner.commercial_partner_id.id,
                partner.address_get(["delivery"])["delivery"]
                if partner.id in with_children or partner.parent_id
                else partner.id,
                partner.display_name,
            )
            for partner in partners
        }

    # -- accounting dates ----------------------------------------------------------

    def _accounting_dates(self, dates, journal, move_type):
        """dict date -> date of the entry, later where the period is closed."""
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

    def _mark_gaps(self, journal, names):
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
                journal=journal.id,
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

    def _existing_numbers(self, journal, names):
        """Names already taken in the journal by documents that are not ours."""
        return {
            name
            for (name,) in self.env.execute_query(
                SQL(
                    "SELECT name FROM account_move "
                    "WHERE journal_id = %s AND name = ANY(%s) AND state = 'posted'",
                    journal.id,
                    list(names),
                )
            )
        }
