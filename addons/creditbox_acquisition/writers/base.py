"""What the writers of all kinds have in common."""

from odoo.tools import SQL

from ..tools.values import fold
from ..tools.words import standard_code

CONTEXT = {
    "creditbox_bulk": True,
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
    "no_reset_password": True,
    "skip_is_manually_modified": True,
}


class Writer:
    """Writes rows of one kind for one source, all in a few statements.

    After `take`, each row has its `outcome`, and `partner_ids` holds the customers
    whose debt may have changed.
    """

    kind = None
    table = None

    def __init__(self, source):
        company = source.company_id
        self.source = source.sudo().with_company(company).with_context(**CONTEXT)
        self.env = self.source.env
        self.cr = self.env.cr
        self.company = self.source.company_id
        self.currency = self.company.currency_id
        self.partner_ids = set()
        self._cache = {}

    def take(self, rows):
        """Write the rows that are not refused yet; sets their outcome."""
        rows = [row for row in self._drop_repeated(rows) if row.outcome is None]
        known = self._load_keys([row.key for row in rows])
        for row in rows:
            if known.get(row.key) == row.fingerprint:
                row.outcome = "unchanged"
        rows = [row for row in rows if row.outcome is None]
        if not rows:
            return
        self._resolve(rows)
        rows = [row for row in rows if row.outcome is None]
        existing = self._load_existing([row.key for row in rows])
        for row in rows:
            row.found["id"] = existing.get(row.key)
        self._create([row for row in rows if not row.found["id"]])
        self._update([row for row in rows if row.found["id"] and row.outcome is None])
        self._save_keys([row for row in rows if row.outcome in WRITTEN])

    def _drop_repeated(self, rows):
        """The last of the rows with the same key; the others get a warning."""
        last = {row.key: row for row in rows if row.outcome is None}
        for row in rows:
            if row.outcome is None and last[row.key] is not row:
                row.warn(self.key_field, "duplicate", row.key, row=last[row.key].number)
                row.outcome = "unchanged"
        return last.values()

    # -- keys ----------------------------------------------------------------------

    def _load_keys(self, keys):
        """dict key -> fingerprint, of the records that still exist."""
        return dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT known.key, known.fingerprint
                      FROM creditbox_acquisition_key AS known
                      LEFT JOIN %s AS record ON record.id = known.res_id
                     WHERE known.company_id = %s
                       AND known.kind = %s
                       AND known.key = ANY(%s)
                       AND (known.res_id IS NULL OR record.id IS NOT NULL)
                    """,
                    SQL.identifier(self.table),
                    self.company.id,
                    self.kind,
                    list(keys),
                )
            )
        )

    def _save_keys(self, rows):
        if not rows:
            return
        self.cr.execute(
            SQL(
                """
                INSERT INTO creditbox_acquisition_key
                            (company_id, kind, key, fingerprint, res_id)
                SELECT %s, %s, row.key, row.fingerprint, row.res_id
                  FROM unnest(%s::text[], %s::text[], %s::int[])
                       AS row(key, fingerprint, res_id)
                    ON CONFLICT (company_id, kind, key)
                    DO UPDATE SET fingerprint = EXCLUDED.fingerprint,
                                  res_id = EXCLUDED.res_id
                """,
                self.company.id,
                self.kind,
                [row.key for row in rows],
                [row.fingerprint for row in rows],
                [row.found.get("id") or None for row in rows],
            )
        )

    # -- look-ups ------------------------------------------------------------------

    def _find_customers(self, codes):
        """dict customer code -> (partner id, commercial partner id)."""
        return {
            code: (partner, commercial)
            for code, partner, commercial in self.env.execute_query(
                SQL(
                    """
                    SELECT creditbox_code, id, commercial_partner_id
                      FROM res_partner
                     WHERE company_id = %s AND creditbox_code = ANY(%s)
                    """,
                    self.company.id,
                    list(codes),
                )
            )
        }

    def _find_supplies(self, codes):
        """dict supply code -> id."""
        return dict(
            self.env.execute_query(
                SQL(
                    "SELECT code, id FROM creditbox_supply "
                    "WHERE company_id = %s AND code = ANY(%s)",
                    self.company.id,
                    list(codes),
                )
            )
        )

    def _typology(self, row, field_name, model, default=None):
        """id of the row of a typology, or refuse the row."""
        value = row.values.get(field_name)
        if value is None:
            return default and default.id
        if (model, value) not in self._cache:
            self._cache[model, value] = self._find_typology(model, value)
        if not self._cache[model, value]:
            row.refuse(field_name, "unknown_typology", value)
        return self._cache[model, value]

    def _find_typology(self, model, value):
        found = self.env[model]._find_by_code_or_name(value)
        code = None if found else standard_code(model, fold(value))
        return (
            found if code is None else self.env[model]._find_by_code_or_name(code)
        ).id

    def _country(self, row):
        code = row.values.get("country")
        if code is None:
            return self.company.country_id
        if ("country", code) not in self._cache:
            countries = self.env["res.country"]
            found = countries.search([("code", "=", code.upper())], limit=1)
            found = found or countries.search([("name", "=ilike", code)], limit=1)
            self._cache["country", code] = found
        found = self._cache["country", code]
        if not found:
            row.warn("country", "unknown_country", code)
        return found

    def _state(self, row, country):
        code = row.values.get("state")
        if code is None:
            return False
        cache_key = ("state", country.id, code)
        if cache_key not in self._cache:
            states = self.env["res.country.state"]
            domain = [("country_id", "=", country.id)]
            found = states.search([*domain, ("code", "=", code.upper())], limit=1)
            found = found or states.search([*domain, ("name", "=ilike", code)], limit=1)
            self._cache[cache_key] = found.id
        if not self._cache[cache_key]:
            row.warn("state", "unknown_state", code)
        return self._cache[cache_key]

    # -- for the kinds -------------------------------------------------------------

    key_field = "code"

    def _resolve(self, rows):
        """Find what the rows refer to; rows whose reference is missing wait."""

    def _load_existing(self, keys):
        """dict key -> id of the records that are there already."""
        raise NotImplementedError

    def _create(self, rows):
        raise NotImplementedError

    def _update(self, rows):
        raise NotImplementedError


WRITTEN = ("created", "updated", "unchanged")
