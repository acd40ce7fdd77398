from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command


class CreditboxPortalDelegate(models.Model):
    """A user of the portal who sees another customer's bills until a date.

    The administrator of a condominium, the daughter who looks after her father's
    bills: the office grants it, upon a written request that it keeps.
    """

    _name = "creditbox.portal.delegate"
    _inherit = ["mail.thread"]
    _description = "Delegate on the Portal"
    _order = "date_to desc, id desc"
    _check_company_auto = True

    user_id = fields.Many2one(
        "res.users",
        string="Delegate",
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('share', '=', True)]",
        tracking=True,
        help="User of the portal who will see the customer's bills.",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
        tracking=True,
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self._default_company_id(),
    )
    date_from = fields.Date(
        string="From",
        required=True,
        default=lambda self: self._default_date_from(),
        tracking=True,
    )
    date_to = fields.Date(string="Until", required=True, tracking=True)
    reason = fields.Char(
        required=True, help="Who asked for it and on which paper: mandate, minutes…"
    )
    active = fields.Boolean(default=True)

    _dates_check = models.Constraint(
        "CHECK(date_from <= date_to)", "A delegation cannot end before it starts."
    )

    def _default_company_id(self):
        return self.env.company

    def _default_date_from(self):
        return self.env.company._creditbox_today()

    @api.depends("user_id", "partner_id")
    def _compute_display_name(self):
        for delegate in self:
            # the office sees the name of the user without rights on users
            user = delegate.sudo().user_id.name
            delegate.display_name = f"{user} – {delegate.partner_id.name}"

    @api.constrains("user_id", "partner_id")
    def _check_parties(self):
        for delegate in self.sudo():
            if not delegate.user_id.share:
                raise ValidationError(
                    self.env._("Only users of the portal can be delegates.")
                )
            if delegate.partner_id != delegate.partner_id.commercial_partner_id:
                raise ValidationError(
                    self.env._(
                        "Choose the customer itself, not a contact or an address."
                    )
                )

    @api.model
    def _in_force(self, users):
        """:return: the delegations of the users that hold today, their company's day"""
        # users do not read each other's delegations
        delegates = self.sudo().search([("user_id", "in", users.ids)])
        return delegates.filtered(
            lambda delegate: (
                delegate.date_from
                <= delegate.company_id._creditbox_today()
                <= delegate.date_to
            )
        )

    @api.model_create_multi
    def create(self, vals_list):
        delegates = super().create(vals_list)
        delegates._open_company()
        self._forget_domains()
        return delegates

    def write(self, vals):
        result = super().write(vals)
        self._open_company()
        self._forget_domains()
        return result

    def unlink(self):
        result = super().unlink()
        self._forget_domains()
        return result

    def _open_company(self):
        """A user of the portal sees records of the own companies only."""
        for delegate in self.sudo():  # the office has no rights on users
            if delegate.company_id not in delegate.user_id.company_ids:
                delegate.user_id.company_ids = [Command.link(delegate.company_id.id)]

    def _forget_domains(self):
        """The domains of the access rules are remembered: make them anew."""
        self.env["res.users"].invalidate_model(
            ["creditbox_delegated_partner_ids", "creditbox_portal_customer_ids"]
        )
        self.env.registry.clear_cache()
