from odoo import api, fields, models

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

    def _identify(self, partner, supply):
        """Whose performance it is, where that is found out later.

        :param partner: res.partner, to whom an indemnity would be owed
        :param supply: creditbox.supply, whose municipality says the holidays
        """
        clocks = self._open()
        customer = partner.sudo().commercial_partner_id
        whose = {"partner_id": partner.id, "supply_id": supply.id}
        kind = {"customer_type_id": customer.creditbox_customer_type_id.id}
        clocks.write({**whose, **kind})
        clocks._recount()
        clocks._look_again(fields.Datetime.now())
        growing = clocks.indemnity_ids.filtered(lambda i: i.state == "growing")
        growing.write({**whose, **kind})
        self.env["creditbox.indemnity"]._follow(clocks)
        return self

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
