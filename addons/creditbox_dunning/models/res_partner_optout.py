from odoo import api, fields, models


class ResPartner(models.Model):
    """Customers who want no reminders by e-mail. Legal acts go on: PEC and letters."""

    _inherit = "res.partner"

    creditbox_no_email = fields.Boolean(
        string="No reminders by e-mail",
        tracking=True,
        help="The action table's other channel is taken. PEC and letters go on: legal "
        "acts cannot be refused.",
    )
    creditbox_blacklisted = fields.Char(
        string="Addresses on the blacklist",
        compute="_compute_creditbox_blacklisted",
        help="They count as none for the reminders.",
    )

    @api.model
    def _creditbox_former(self):
        columns, where = super()._creditbox_former()
        return (*columns, "creditbox_no_email"), where

    @api.depends("email")
    def _compute_creditbox_blacklisted(self):
        channel = self.env["creditbox.channel"]._channels()["email"]
        addresses = {partner: channel._addresses(partner) for partner in self}
        asked = {address for found in addresses.values() for address in found}
        # whoever sees the customer need not see the blacklist
        blacklist = self.env["mail.blacklist"].sudo()
        entries = blacklist.search_fetch([("email", "in", [*asked])], ["email"])
        refused = set(entries.mapped("email"))
        for partner in self:
            found = [address for address in addresses[partner] if address in refused]
            partner.creditbox_blacklisted = ", ".join(found)

    @api.depends("creditbox_blacklisted")
    def _compute_creditbox_warnings(self):
        res = super()._compute_creditbox_warnings()
        for partner in self.filtered("creditbox_blacklisted"):
            refused = self.env._(
                "%s is on the blacklist: no e-mails go there",
                partner.creditbox_blacklisted,
            )
            found = [partner.creditbox_warnings, refused]
            partner.creditbox_warnings = "\n".join(filter(None, found))
        return res
