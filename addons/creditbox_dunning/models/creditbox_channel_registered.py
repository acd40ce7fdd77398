from odoo import api, models


class CreditboxChannelRegistered(models.AbstractModel):
    """Registered letters with return receipt (A/R), in lots of their own.

    Done is what has been put into a lot; when it was delivered is told by the outcome.
    """

    _name = "creditbox.channel.registered"
    _inherit = "creditbox.channel.letter"
    _description = "Registered Letter Channel"

    _product = "registered"

    @api.model
    def _service(self):
        return self.env._("Registered letter A/R")

    def _subject(self, lot, communication):
        return self.env._(
            "Registered letter A/R (lot %(lot)s): %(subject)s",
            lot=lot.name,
            subject=communication.subject(),
        )
