from odoo import fields, models


class CreditboxIndemnityOwe(models.TransientModel):
    """An indemnity entered by hand: a duty that was not done (REMSI art. 10)."""

    _name = "creditbox.indemnity.owe"
    _description = "New Indemnity"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self._default_company_id()
    )
    standard_id = fields.Many2one(
        "creditbox.quality.standard",
        required=True,
        domain="[('base_amount', '>', 0), ('company_id', 'in', (company_id, False))]",
    )
    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, check_company=True
    )
    supply_id = fields.Many2one("creditbox.supply", check_company=True)
    date = fields.Date(
        string="Arisen on", required=True, default=fields.Date.context_today
    )
    reason = fields.Char(string="Why", required=True)

    def _default_company_id(self):
        return self.env.company

    def action_confirm(self):
        """:return: action that opens the new indemnity"""
        self.ensure_one()
        indemnities = self.env["creditbox.indemnity"]
        indemnities._require("creditbox_base.group_operator")
        indemnity = indemnities._owe(
            self.standard_id.code,
            self.company_id,
            self.partner_id,
            supply=self.supply_id,
            day=self.date,
            reason=self.reason,
        )
        return indemnity._get_records_action()
