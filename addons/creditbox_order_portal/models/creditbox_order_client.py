from odoo import fields, models


class CreditboxOrderClient(models.Model):
    """A client company: it orders work at the meters of a company of the group."""

    _name = "creditbox.order.client"
    _description = "Client Company of Orders at the Meter"
    _order = "company_id, partner_id"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner",
        string="Client company",
        required=True,
        index=True,
        domain="[('is_company', '=', True)]",
        ondelete="cascade",
        help="Its portal users order, and see, the work at these supplies.",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self._default_company(),
        help="Whose supplies they are.",
    )
    service_type_ids = fields.Many2many(
        "creditbox.service.type",
        string="Services",
        help="Only supplies of these services. Empty: all of them.",
    )
    active = fields.Boolean(default=True)

    _once = models.UniqueIndex(
        "(partner_id, company_id) WHERE active",
        "This client company is already in the list.",
    )

    def _default_company(self):
        return self.env.company
