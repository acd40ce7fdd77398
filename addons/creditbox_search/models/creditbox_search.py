from odoo import api, models
from odoo.fields import Domain

from .creditbox_searchable import SHORTEST

SHOWN = 6  # of each kind


class CreditboxSearch(models.AbstractModel):
    """The box that finds customers, supplies, meters and bills by anything."""

    _name = "creditbox.search"
    _description = "Search by Anything"

    @api.model
    def _kinds(self):
        """:return: {model: (name of the kind, action of its list)}, in their order"""
        return {
            "res.partner": (
                self.env._("Customers"),
                "creditbox_base.res_partner_action",
            ),
            "creditbox.supply": (
                self.env._("Supplies"),
                "creditbox_base.creditbox_supply_action",
            ),
            "creditbox.meter": (
                self.env._("Meters"),
                "creditbox_base.creditbox_meter_action",
            ),
            "account.move": (
                self.env._("Bills"),
                "creditbox_base.account_move_action",
            ),
        }

    @api.model
    def find(self, text):
        """What the user may see of all that has every word of the text.

        :return: [{"model", "label", "records": [{"id", "name", "detail", "amount"}],
            "more": whether there are others}], only kinds of which something was found
        """
        if len(text.strip()) < SHORTEST:
            return []
        found = []
        for model, (label, _action) in self._kinds().items():
            records = self.env[model].search(self._domain(text), limit=SHOWN + 1)
            if records:
                found.append(
                    {
                        "model": model,
                        "label": label,
                        "records": records[:SHOWN]._creditbox_search_results(),
                        "more": len(records) > SHOWN,
                    }
                )
        return found

    @api.model
    def open(self, model, record_id):
        """:return: action that opens the form of what was found"""
        self._kinds()[model]  # nothing else is opened from here
        return self.env[model].browse(record_id)._get_records_action()

    @api.model
    def open_all(self, model, text):
        """:return: action that lists all of a kind that was found"""
        action = self.env["ir.actions.act_window"]._for_xml_id(self._kinds()[model][1])
        domain = self._domain(text)
        return dict(action, domain=list(domain), context={"create": False})

    @api.model
    def _domain(self, text):
        return Domain("creditbox_search", "ilike", text)
