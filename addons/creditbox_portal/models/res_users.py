from odoo import api, fields, models


class ResUsers(models.Model):
    """Whose bills a user of the portal may see: the access rules read it here."""

    _inherit = "res.users"

    creditbox_delegated_partner_ids = fields.Many2many(
        "res.partner",
        string="Customers who delegated",
        compute="_compute_creditbox_portal_customers",
        compute_sudo=True,
    )
    creditbox_portal_customer_ids = fields.Many2many(
        "res.partner",
        string="Customers on the portal",
        compute="_compute_creditbox_portal_customers",
        compute_sudo=True,
    )

    @api.depends("partner_id.commercial_partner_id")
    def _compute_creditbox_portal_customers(self):
        """The user's own customer, and those who delegated the user today."""
        delegates = self.env["creditbox.portal.delegate"]._in_force(self)
        by_user = delegates.grouped("user_id")
        for user in self:
            delegated = by_user.get(user, delegates.browse()).partner_id
            user.creditbox_delegated_partner_ids = delegated
            user.creditbox_portal_customer_ids = user.commercial_partner_id | delegated
