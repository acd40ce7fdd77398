from odoo import fields, models

from ..tools.words import HELD


class CreditboxHoldReason(models.Model):
    _inherit = "creditbox.hold.reason"

    portal_name = fields.Char(
        string="Words for the customer",
        translate=True,
        help="What the customer's area says of a bill on hold for this reason. Empty: "
        "what suits the reason, or that our office is looking at it.",
    )

    def _portal_words(self):
        """:return: str, why a bill is on hold, for whoever has to pay it"""
        self.ensure_one()
        return self.portal_name or self.env._(HELD.get(self.code, HELD[""]))
