from odoo import fields, models
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

# of reasons that every company has, by their code; hardship is not told to anybody
WORDS = {
    "complaint": _lt("we are examining your complaint"),
    "dispute": _lt("we are checking the bill that you dispute"),
    "check": _lt("we are checking a payment"),
    "declared": _lt("we are checking the payment that you told us about"),
    "conciliation": _lt("a conciliation is under way"),
}


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
        words = WORDS.get(self.code) or _lt("our office is looking at it")
        return self.portal_name or self.env._(words)
