"""Past days that somebody looks at: snapshots that do not stay."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

VIEW_MINUTES = 60


class CreditboxSnapshot(models.Model):
    _inherit = "creditbox.snapshot"

    @api.model
    def _views(self, companies, day):
        """What was open on the day, computed at most an hour ago.

        :return: creditbox.snapshot of kind *view*, one a company
        """
        recent = fields.Datetime.now() - timedelta(minutes=VIEW_MINUTES)
        found = self.search(
            Domain("kind", "=", "view")
            & Domain("date", "=", day)
            & Domain("company_id", "in", companies.ids)
            & Domain("create_date", ">", recent)
        ).grouped("company_id")
        views = self.browse()
        for company in companies:
            views |= (
                found[company][:1] if company in found else self._view(company, day)
            )
        return views

    @api.model
    def _view(self, company, day):
        # whoever may look at a company may look at its past
        view = self.sudo().with_context(creditbox_view=True)
        made = view.create({"company_id": company.id, "date": day})
        self.env.cr.execute("ANALYZE creditbox_snapshot_line, creditbox_snapshot_row")
        return self.browse(made.id)

    @api.autovacuum
    def _gc_views(self):
        """Forget the days that somebody has looked at."""
        before = fields.Datetime.now() - timedelta(days=1)
        views = self.search(
            Domain("kind", "=", "view") & Domain("create_date", "<", before)
        )
        for table in (
            "creditbox_snapshot_line",
            "creditbox_snapshot_row",
        ):
            self.env.cr.execute(
                SQL(
                    "DELETE FROM %s WHERE snapshot_id = ANY(%s)",
                    SQL.identifier(table),
                    views.ids,
                )
            )
        self.env.cr.execute(
            SQL("DELETE FROM creditbox_snapshot WHERE id = ANY(%s)", views.ids)
        )
        self.env.invalidate_all()
