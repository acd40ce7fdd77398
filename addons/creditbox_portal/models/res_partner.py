from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    creditbox_preferred_channel = fields.Selection(
        [
            ("email", "E-mail"),
            ("sms", "SMS"),
            ("phone", "Phone"),
            ("letter", "Letter"),
        ],
        string="Preferred Channel",
        tracking=True,
        help="How the customer likes to be reached. Legal acts keep their own form.",
    )
    creditbox_bill_delivery = fields.Selection(
        [("email", "By e-mail"), ("paper", "On paper")],
        string="Bills",
        tracking=True,
        help="How the customer agreed to receive the bills.",
    )
    creditbox_delegate_ids = fields.One2many(
        "creditbox.portal.delegate", "partner_id", string="Delegates on the portal"
    )

    def _creditbox_is_customer(self):
        """:return: whether a billing system knows the customer"""
        customer = self.commercial_partner_id
        return bool(customer.creditbox_code or customer.creditbox_supply_ids)

    def _can_be_edited_by_current_customer(self, **kwargs):
        """Not customers: they ask for changes (creditbox.contact.request)."""
        if self._creditbox_is_customer():
            return False
        return super()._can_be_edited_by_current_customer(**kwargs)

    def action_creditbox_portal_access(self):
        """Give the customers, or their contacts, access to the customer's area.

        :return: window action of Odoo's own wizard, which writes to them
        """
        customers = self.commercial_partner_id
        wizard = self.env["portal.wizard"].with_context(
            default_partner_ids=customers.ids
        )
        return wizard.action_open_wizard()
