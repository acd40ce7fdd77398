from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command


class CreditboxPosition(models.Model):
    """Writing to the customers of a list."""

    _inherit = "creditbox.position"

    def action_write_to_customers(self):
        """Begin a mailing to the customers of these positions.

        :return: window action of the draft
        """
        if len(self.company_id) != 1:
            raise UserError(self.env._("Choose positions of one company."))
        mailing = self.env["creditbox.mailing"].create(
            {
                "company_id": self.company_id.id,
                "criteria": str(self.env.context.get("active_domain") or "")[:2000],
                "recipient_ids": [
                    Command.create({"position_id": position.id}) for position in self
                ],
            }
        )
        return mailing.get_formview_action()
