from odoo import fields, models


class CreditboxActivityType(models.Model):
    """What is done in cases: how long it takes, what it costs and what comes next."""

    _name = "creditbox.activity.type"
    _description = "Type of Activity"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    judicial = fields.Boolean()
    hearing = fields.Boolean(help="At a fixed hour, in court.")
    hours = fields.Float(default=0.5, help="Work that it takes.")
    cost = fields.Float(help="In euro, as it usually is.")
    document = fields.Char(translate=True, help="What must be there when it is done.")
    text = fields.Html(string="Template", translate=True, help="Text to begin with.")
    term_code = fields.Char(
        string="Starts the term", help="Code of the term that runs once it is done."
    )
    next_type_id = fields.Many2one("creditbox.activity.type", string="Next")
    next_days = fields.Integer(string="After (days)")
    company_id = fields.Many2one("res.company", index=True, help="Empty: whole group.")
    active = fields.Boolean(default=True)
