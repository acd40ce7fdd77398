"""Customers for whom the ORM makes the same document."""

from odoo.tools import SQL

# The columns of a customer on which what the ORM computes on a document depends.
CLASS_COLUMNS = ("country_id", "user_id", "parent_id", "is_company", "lang")
# Here it counts only whether there is something.
CLASS_FILLED = (
    "vat", "street", "zip", "city", "state_id", "l10n_it_codice_fiscale",
    "l10n_it_pa_index",
)  # fmt: skip


class CustomerClasses:
    """Part of a writer of documents: which customers may share a twin."""

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
