from datetime import datetime, time

from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.tools import SQL

BATCH = 5_000


class CreditboxRetention(models.AbstractModel):
    """What its company keeps no longer goes every night (GDPR art. 5 (1) e)."""

    _name = "creditbox.retention"
    _description = "Retention of Personal Data"

    @api.model
    def _purges(self):
        """:return: list of methods (company, moment) that drop one batch of what is
        older and no longer needed, and return how many that was; addons add theirs"""
        return [self._purge_former]

    @api.model
    def _cron_purge(self):
        """Purge batch by batch, each committed; what is left goes the next night."""
        companies = self._companies()
        for company in [*companies, companies.browse()]:
            before = self._keep_from(company)
            for purge in self._purges() if before else ():
                while count := purge(company, before):
                    if not self.env["ir.cron"]._commit_progress(count, remaining=1):
                        return
        self.env["ir.cron"]._commit_progress(remaining=0)

    @api.model
    def _keep_from(self, company):
        """:param company: empty for what belongs to the whole group, which is kept as
            long as the company that keeps longest
        :return: datetime in UTC from which all is kept, None: for ever"""
        companies = company or self._companies()
        months = companies.mapped("creditbox_keep_months")
        if not months or not all(months):
            return None
        days = [c._creditbox_today() for c in companies]
        return datetime.combine(min(days) - relativedelta(months=max(months)), time.min)

    def _companies(self):
        """:return: all companies, also those that are closed"""
        companies = self.env["res.company"].sudo()  # whoever asks
        return companies.search([("active", "in", (True, False))])

    def _purge_former(self, company, before):
        """Former values: nobody can look at a day before the period any more."""
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM creditbox_former WHERE id IN (
                    SELECT id FROM creditbox_former
                     WHERE company_id IS NOT DISTINCT FROM %s AND date_to < %s
                     LIMIT %s)
                """,
                company.id or None,
                before,
                BATCH,
            )
        )
        return self.env.cr.rowcount
