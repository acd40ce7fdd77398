from odoo import fields, models


class CreditboxQualityStart(models.TransientModel):
    """A performance that is measured from now on, entered by hand."""

    _name = "creditbox.quality.start"
    _description = "New Regulated Clock"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self._default_company_id()
    )
    standard_id = fields.Many2one(
        "creditbox.quality.standard",
        required=True,
        domain="[('kind', '!=', 'duty'), ('measure', '=', 'each'),"
        " ('company_id', 'in', (company_id, False))]",
    )
    partner_id = fields.Many2one("res.partner", string="Customer", check_company=True)
    supply_id = fields.Many2one("creditbox.supply", check_company=True)
    moment = fields.Datetime(string="When", required=True, default=fields.Datetime.now)
    reference = fields.Char(string="Traceable code", help="Empty: a new one.")

    def _default_company_id(self):
        return self.env.company

    def action_confirm(self):
        """:return: action that opens the new row of the register"""
        self.ensure_one()
        clocks = self.env["creditbox.quality.clock"]
        clocks._require("creditbox_base.group_operator")
        clock = clocks._start(
            self.standard_id.code,
            self.company_id,
            self.moment,
            partner=self.partner_id,
            supply=self.supply_id,
            reference=self.reference,
        )
        return clock._get_records_action()
