from odoo import models


class CreditboxLetterLot(models.Model):
    _inherit = "creditbox.letter.lot"

    def action_undo(self):
        """:return: window that says which letters of the lot will come back"""
        self.ensure_one()
        return self.action_ids._window_undo(self)
