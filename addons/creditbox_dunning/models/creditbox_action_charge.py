from odoo import fields, models


class CreditboxAction(models.Model):
    """What an action has charged to its customer."""

    _inherit = "creditbox.action"

    charge_ids = fields.One2many("creditbox.charge", "action_id", readonly=True)

    def _bills_of_supply(self):
        """:return: account.move that the action is about, without charges"""
        moves = self.sudo().line_ids.item_id.move_line_id.move_id
        return moves.filtered(lambda move: not move.creditbox_charge)

    def _give_back(self, reason, failed=False):
        """Put bills and charges back where they stood before these actions.

        :param failed: they came back from the customer, perhaps after costs
        """
        self.env["creditbox.item"]._give_back(self)
        back = self
        if failed:
            back = self.filtered(
                lambda action: not action.company_id.creditbox_fee_if_failed
            )
        if back:
            self.env["creditbox.charge"]._go_back(back, reason)
