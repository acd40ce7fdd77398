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
