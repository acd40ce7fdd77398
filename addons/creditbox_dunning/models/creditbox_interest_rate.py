from odoo import api, fields, models


class CreditboxInterestRate(models.Model):
    """The value of a reference rate from a day on; loading a later one is data entry."""

    _name = "creditbox.interest.rate"
    _description = "Value of a Reference Rate"
    _order = "index_id, date_from desc"

    index_id = fields.Many2one(
        "creditbox.interest.index", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="index_id.company_id", store=True)
    date_from = fields.Date(string="From", required=True)
    rate = fields.Float(string="Rate (%)", required=True, digits=(16, 4))
    source = fields.Char(translate=True, help="Decree, gazette, decision.")

    _day_uniq = models.Constraint(
        "UNIQUE(index_id, date_from)", "This rate has a value from this day already."
    )

    @api.depends("date_from", "rate")
    def _compute_display_name(self):
        for value in self:
            value.display_name = f"{value.date_from}: {value.rate:g} %"

    @api.model_create_multi
    def create(self, vals_list):
        values = super().create(vals_list)
        if not self.env.context.get("install_mode"):
            values._log_change(self.env._("Added"))
        return values

    def write(self, vals):
        """Say on the reference rate what was changed, for whoever must prove it."""
        before = {value: value.display_name for value in self}
        res = super().write(vals)
        for value, old in before.items():
            if value.display_name != old:
                value._log_change(self.env._("Changed (before: %s)", old))
        return res

    def unlink(self):
        self._log_change(self.env._("Deleted"))
        return super().unlink()

    def _log_change(self, what):
        for index, values in self.grouped("index_id").items():
            names = ", ".join(values.mapped("display_name"))
            index._message_log(body=f"{what}: {names}")
