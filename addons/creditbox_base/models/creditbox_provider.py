from odoo import fields, models


class CreditboxProvider(models.Model):
    _name = "creditbox.provider"
    _description = "Service Provider"
    _order = "sequence, name, id"

    name = fields.Char(required=True)
    kind = fields.Selection(
        [
            ("sms", "SMS Gateway"),
            ("email", "E-mail"),
            ("pec", "Certified E-mail (PEC)"),
            ("postal", "Postal Outsourcer"),
            ("agency", "Recovery Agency"),
            ("lawyer", "Lawyer"),
            ("insurer", "Credit Insurer"),
            ("information", "Business Information"),
        ],
        required=True,
    )
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: shared by the whole group."
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    note = fields.Text(string="Notes")
