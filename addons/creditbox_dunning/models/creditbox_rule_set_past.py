from odoo import api, models
from odoo.fields import Domain


class CreditboxRuleSet(models.Model):
    _inherit = "creditbox.rule.set"

    @api.model
    def _in_force_at(self, company, moment):
        """Return the table that was in force: the company's own, else the standard.

        :param moment: datetime in UTC
        """
        published = Domain("date_published", "<=", moment) | Domain(
            "date_published", "=", False
        )
        for owner in (company.id, False):
            table = self.search(
                Domain("company_id", "=", owner)
                & Domain("state", "!=", "draft")
                & published,
                order="date_published desc NULLS LAST, version desc",
                limit=1,
            )
            if table:
                return table
        # older than our first table: what was used is not known
        return self._published(company)
