from odoo import models
from odoo.fields import Domain

from .creditbox_charge import LOT_LEFT


class CreditboxLetterLot(models.Model):
    """Letters cost the customer nothing until their lot has left the house."""

    _inherit = "creditbox.letter.lot"

    def write(self, vals):
        res = super().write(vals)
        if vals.get("state") in LOT_LEFT:
            charges = self.env["creditbox.charge"].sudo()  # see the class
            charges.search(
                Domain("action_id", "in", self.action_ids.ids)
                & Domain("state", "=", "pending")
            )._post()
        return res

    def _name_postage(self, communications):
        """Texts that name the cost of their postage learn it from their own pages.

        So these letters are drawn once more than the others.
        """
        naming = [
            communication
            for communication in communications
            if communication.statement.surcharge
            and communication.case.action
            and communication.case.action.rule_id.fee == "postage"
        ]
        if not naming:
            return
        _pdf, pages = self._channel()._print(naming)
        costs = self._costs_of({count for _first, count in pages})
        law = self.env["creditbox.chain"]._law(
            self.company_id, self.company_id._creditbox_today()
        )
        for communication, (_first, count) in zip(naming, pages, strict=True):
            writer = self.env["creditbox.communication"]
            writer._name_postage(communication, law, costs[count])
