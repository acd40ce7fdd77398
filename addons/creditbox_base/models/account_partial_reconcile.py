from odoo import models


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    def unlink(self):
        self.env["creditbox.former"]._keep_whole(self)
        lines = self.debit_move_id + self.credit_move_id
        debts = lines._creditbox_debts()
        result = super().unlink()
        self.env["creditbox.position"]._touch(*debts)
        return result
