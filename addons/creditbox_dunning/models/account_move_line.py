from odoo import models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def unlink(self):
        # only lines of draft entries can go: a bill that went back to draft
        items = (
            # a bookkeeper who deletes a draft need not have rights on dunning
            self.env["creditbox.item"].sudo().search([("move_line_id", "in", self.ids)])
        )
        self.env["creditbox.action.line"].sudo().search(
            [("item_id", "in", items.ids)]
        ).unlink()
        items.unlink()
        return super().unlink()
