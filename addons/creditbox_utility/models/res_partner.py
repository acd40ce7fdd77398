from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    # Without it Odoo asks the database for the crew of each partner that changes, one
    # by one; an acquisition changes thousands.
    creditbox_crew_ids = fields.One2many(
        "fsm.person", "partner_id", string="Crews", readonly=True
    )
