from odoo.models import BaseModel
from odoo.tools import SQL

from odoo.addons.base.models.res_bank import sanitize_account_number
from odoo.addons.base_iban.models.res_partner_bank import normalize_iban, pretty_iban
from odoo.addons.creditbox_base.tools import checks

from .records import RecordWriter

PLAIN = {
    "name": "name",
    "fiscal_code": "creditbox_fiscal_code",
    "vat": "vat",
    "street": "street",
    "street2": "street2",
    "zip": "zip",
    "city": "city",
    "phone": "phone",
    "mobile": "creditbox_mobile",
    "email": "email",
    "pec": "creditbox_pec",
}
LANGUAGES = {
    "italiano": "it", "italiana": "it", "ita": "it", "italian": "it",
    "inglese": "en", "english": "en", "eng": "en", "tedesco": "de", "german": "de",
    "deutsch": "de", "deu": "de", "ger": "de", "francese": "fr", "french": "fr",
    "fra": "fr", "fre": "fr", "sloveno": "sl", "slv": "sl", "spagnolo": "es",
    "spanish": "es", "spa": "es",
}  # fmt: skip


class CustomerWriter(RecordWriter):
    """Customers become contacts of the company, known by `creditbox_code`."""

    kind = "customers"
    table = "res_partner"

    def _load_existing(self, keys):
        return {
            code: partner
            for code, (partner, _commercial) in self._find_customers(keys).items()
        }

    # -- values --------------------------------------------------------------------

    def _resolve(self, rows):
        for row in rows:
            row.found["vals"] = self._vals(row)

    def _vals(self, row):
        values = row.values
        vals = {name: values[field] for field, name in PLAIN.items() if field in values}
        if "customer_type" in values:
            vals["creditbox_customer_type_id"] = self._typology(
                row,
                "customer_type",
                "creditbox.customer.type",
                self.source.customer_type_id,
            )
        if values.get("company") is not None:
            vals["is_company"] = values["company"]
        if "country" in values or "state" in values:
            country = self._country(row)
            vals["country_id"] = country.id
            if "state" in values:
                vals["state_id"] = self._state(row, country)
        if values.get("language"):
            vals["lang"] = self._language(row, values["language"])
        return vals

    def _language(self, row, value):
        """Code of an installed language, or a warning and the company's."""
        if ("language", value) not in self._cache:
            self._cache["language", value] = self._find_language(value)
        found = self._cache["language", value]
        if not found:
            row.warn("language", "unknown_language", value)
        return found or self.company.partner_id.lang

    def _find_language(self, value):
        short = LANGUAGES.get(value.lower(), value.lower())[:2]
        for code, _name in self.env["res.lang"].get_installed():
            if code.lower() == value.lower() or code[:2] == short:
                return code
        return None

    def _orm_vals(self, row):
        """Values with which the ORM would create this customer: the reference."""
        return {
            "company_id": self.company.id,
            "creditbox_code": row.key,
            "is_company": self._looks_like_company(row),
            "country_id": self.company.country_id.id,
            "creditbox_customer_type_id": self.source.customer_type_id.id,
            "lang": self.company.partner_id.lang or self.env.lang,
            **row.found["vals"],
        }

    def _looks_like_company(self, row):
        """Where the billing system does not say: a VAT number, no personal code."""
        fiscal_code = row.values.get("fiscal_code") or ""
        return bool(row.values.get("vat")) and len(fiscal_code) != 16

    def _normalize_mobile(self, vals, country):
        """Write the number as it will be kept: else it would be written twice."""
        mobile = vals.get("creditbox_mobile")
        if mobile:
            number = checks.normalize_phone(mobile, country.code)
            vals["creditbox_mobile"] = number or mobile
        return vals

    # -- writing -------------------------------------------------------------------

    def _create(self, rows):
        countries = self.env["res.country"]
        vals_list = [self._orm_vals(row) for row in rows]
        for vals in vals_list:
            self._normalize_mobile(vals, countries.browse(vals["country_id"]))
        # They have no parent and no contacts to share an address with.
        partners = self.env["res.partner"].with_context(_partners_skip_fields_sync=True)
        for row, partner in zip(rows, partners.create(vals_list), strict=True):
            row.found["id"] = partner.id
            row.outcome = "created"
        self._add_accounts(rows)
        self._warn(rows)

    def _update(self, rows):
        partners = self.env["res.partner"].browse([row.found["id"] for row in rows])
        wanted = {}
        for row, partner in zip(rows, partners, strict=True):
            vals = row.found["vals"]
            country = self.env["res.country"].browse(vals.get("country_id"))
            wanted[partner.id] = self._normalize_mobile(
                vals, country or partner.country_id
            )
        changed = self._write_changes(partners, wanted)
        added = self._add_accounts(rows)
        self._log(partners.browse(added), added)
        for row in rows:
            done = row.found["id"] in changed or row.found["id"] in added
            row.outcome = "updated" if done else "unchanged"
        self._warn(rows)

    def _warn(self, rows):
        partners = self.env["res.partner"].browse([row.found["id"] for row in rows])
        for row, partner in zip(rows, partners, strict=True):
            for message in filter(None, partner._creditbox_checks()):
                row.warn("", "check", message=str(message))

    # -- bank accounts -------------------------------------------------------------

    def _add_accounts(self, rows):
        """Add the bank accounts that are new; those of before stay.

        :return: dict partner id -> number of the account added
        """
        given = {
            row.found["id"]: row.values["iban"]
            for row in rows
            if row.values.get("iban")
        }
        known = set(
            self.env.execute_query(
                SQL(
                    "SELECT partner_id, sanitized_acc_number FROM res_partner_bank "
                    "WHERE partner_id = ANY(%s)",
                    list(given),
                )
            )
        )
        added = {
            partner_id: _pretty(number)
            for partner_id, number in given.items()
            if (partner_id, sanitize_account_number(number)) not in known
        }
        # What Odoo does account by account beside the ORM's own creation, a search
        # and a note, is done for all at once: above, and by who calls.
        accounts = BaseModel.create(
            self.env["res.partner.bank"],
            [
                {"partner_id": partner_id, "acc_number": number}
                for partner_id, number in added.items()
            ],
        )
        accounts._track_discard()
        return added


def _pretty(number):
    """An IBAN in groups of four as Odoo keeps it; other numbers as they are."""
    pretty = pretty_iban(normalize_iban(number))
    return pretty if " " in pretty else number
