from odoo.tools import SQL

from .base import Writer

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


class CustomerWriter(Writer):
    """Customers become contacts of the company, known by `creditbox_code`."""

    kind = "customers"
    table = "res_partner"

    def _load_existing(self, keys):
        return {
            code: partner
            for code, (partner, _commercial) in self._find_customers(keys).items()
        }

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
        installed = [code for code, _name in self.env["res.lang"].get_installed()]
        short = LANGUAGES.get(value.lower(), value.lower())[:2]
        for code in installed:
            if code.lower() == value.lower() or code[:2] == short:
                return code
        row.warn("language", "unknown_language", value)
        return self.company.partner_id.lang

    def _create(self, rows):
        partners = self.env["res.partner"].create(
            [
                {
                    "company_id": self.company.id,
                    "creditbox_code": row.key,
                    "is_company": self._looks_like_company(row),
                    "country_id": self.company.country_id.id,
                    "creditbox_customer_type_id": self.source.customer_type_id.id,
                    "lang": self.company.partner_id.lang or self.env.lang,
                    **row.found["vals"],
                }
                for row in rows
            ]
        )
        for row, partner in zip(rows, partners, strict=True):
            row.found["id"] = partner.id
            row.outcome = "created"
        self._after(rows)

    def _looks_like_company(self, row):
        """Where the billing system does not say: a VAT number, no personal code."""
        fiscal_code = row.values.get("fiscal_code") or ""
        return bool(row.values.get("vat")) and len(fiscal_code) != 16

    def _update(self, rows):
        partners = self.env["res.partner"]
        for row in rows:
            partners.browse(row.found["id"]).write(row.found["vals"])
            row.outcome = "updated"
        self._after(rows)

    def _after(self, rows):
        self._set_ibans([row for row in rows if row.values.get("iban")])
        for row in rows:
            partner = self.env["res.partner"].browse(row.found["id"])
            for message in filter(None, partner._creditbox_checks()):
                row.warn("", "check", message=str(message))

    def _set_ibans(self, rows):
        """Add the accounts that are new; the newest is the first."""
        banks = self.env["res.partner.bank"]
        known = set(
            self.env.execute_query(
                SQL(
                    "SELECT partner_id, sanitized_acc_number FROM res_partner_bank "
                    "WHERE partner_id = ANY(%s)",
                    [row.found["id"] for row in rows],
                )
            )
        )
        banks.create(
            [
                {"partner_id": row.found["id"], "acc_number": row.values["iban"]}
                for row in rows
                if (row.found["id"], _sanitize(row.values["iban"])) not in known
            ]
        )


def _sanitize(number):
    return "".join(char for char in number if char.isalnum()).upper()
