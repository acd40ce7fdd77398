from odoo import models


class CreditboxCase(models.Model):
    """The debt file of the positions that a case is about."""

    _inherit = "creditbox.case"

    def action_debt_file(self):
        """Make the debt files of the cases, one a customer; the cases note it.

        :return: window action of the files
        """
        window = self.env["creditbox.debt.file"]._ask(self.position_ids)
        body = self.env._("Debt file made for %s", self.env.user.name)
        self._message_log_batch(bodies=dict.fromkeys(self.ids, body))
        return window
