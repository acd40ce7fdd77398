from odoo import fields, models


class FsmPerson(models.Model):
    """A crew: a person of Field Service, who may log in as the user of its contact."""

    _inherit = "fsm.person"

    creditbox_contractor_id = fields.Many2one(
        "res.partner",
        string="Contractor",
        domain="[('is_company', '=', True)]",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        help="The firm that the crew works for. Empty: a crew of the company itself.",
    )
