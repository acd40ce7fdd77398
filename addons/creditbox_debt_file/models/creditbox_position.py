from odoo import models


class CreditboxPosition(models.Model):
    _inherit = "creditbox.position"

    def action_debt_file(self):
        """Make the debt files of these positions, one a customer.

        :return: window action of the files
        """
        return self.env["creditbox.debt.file"]._ask(self)
