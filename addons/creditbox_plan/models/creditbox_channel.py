from odoo import api, models
from odoo.tools import SQL


class CreditboxChannel(models.AbstractModel):
    _inherit = "creditbox.channel"

    @api.model
    def _channel_models(self):
        return {**super()._channel_models(), "plan": "creditbox.channel.plan"}

    @api.model
    def _sql_address_conditions(self):
        """An offer goes by e-mail, to whoever has none by letter."""
        conditions = super()._sql_address_conditions()
        either = SQL("(%s) OR (%s)", conditions["email"], conditions["letter"])
        return {**conditions, "plan": either}
