from odoo import api, models

from .creditbox_quality_clock import OPEN


class CreditboxQualityClock(models.Model):
    """What procedures ask before they start a clock."""

    _inherit = "creditbox.quality.clock"

    @api.model
    def _is_regulated(self, code, company, moment):
        """:return: bool, whether a standard is in force

        :param moment: naive datetime.datetime, UTC
        """
        standards = self.env["creditbox.quality.standard"]
        day = company._creditbox_local(moment).date()
        versions = standards._versions([code], company)
        return bool(standards._best_of(versions, company, day))

    @api.model
    def _running_at(self, code, supply):
        """:return: creditbox.quality.clock, open, of a supply, whatever it is for"""
        if not supply:
            return self.browse()
        return self.search(
            [
                ("code", "=", code),
                ("supply_id", "=", supply.id),
                ("company_id", "=", supply.company_id.id),
                ("state", "in", OPEN),
            ]
        )
