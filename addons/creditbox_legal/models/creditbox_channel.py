from odoo import api, models


class CreditboxChannel(models.AbstractModel):
    _inherit = "creditbox.channel"

    @api.model
    def _channel_models(self):
        return {
            **super()._channel_models(),
            "agency": "creditbox.channel.agency",
            "litigation": "creditbox.channel.litigation",
        }
