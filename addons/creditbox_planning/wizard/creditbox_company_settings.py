from odoo import fields, models


class CreditboxCompanySettings(models.TransientModel):
    _inherit = "creditbox.company.settings"

    creditbox_travel_pace = fields.Float(
        related="company_id.creditbox_travel_pace", readonly=False
    )
    creditbox_fall_out = fields.Selection(
        related="company_id.creditbox_fall_out", readonly=False
    )
    creditbox_tile_url = fields.Char(
        string="Map tiles",
        compute="_compute_creditbox_tile_url",
        inverse="_inverse_creditbox_tile_url",
        help="Address of a tile server, for all companies: "
        "https://tiles.example.com/{z}/{x}/{y}.png. Empty: the map is drawn without.",
    )

    def _compute_creditbox_tile_url(self):
        parameters = self.env["ir.config_parameter"].sudo()  # a setting of the system
        url = parameters.get_param("leaflet.tile_url")
        for settings in self:
            settings.creditbox_tile_url = "" if url == "False" else url

    def _inverse_creditbox_tile_url(self):
        parameters = self.env["ir.config_parameter"].sudo()  # a setting of the system
        for settings in self:
            url = (settings.creditbox_tile_url or "").strip()
            if url != (parameters.get_param("leaflet.tile_url") or ""):
                parameters.set_param("leaflet.tile_url", url or "False")
