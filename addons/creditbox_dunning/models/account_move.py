from odoo import models
from odoo.exceptions import UserError


class AccountMove(models.Model):
    _inherit = "account.move"

    def action_creditbox_interest(self):
        """:return: window with the table of late interest of this bill"""
        self.ensure_one()
        position = self.env["creditbox.position"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("partner_id", "=", self.commercial_partner_id.id),
                ("supply_id", "=", self.creditbox_supply_id.id),
            ]
        )
        if not position:
            raise UserError(self.env._("This bill is part of no position yet."))
        return self.env["creditbox.interest.table"]._open(position, self)
