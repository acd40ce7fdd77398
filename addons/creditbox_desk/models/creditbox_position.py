from odoo import api, fields, models
from odoo.exceptions import UserError


class CreditboxPosition(models.Model):
    _inherit = "creditbox.position"

    promise_ids = fields.One2many(
        "creditbox.promise", "position_id", string="Promises of this supply"
    )

    @api.model
    def _on_debt_changed(self, partner_ids):
        """Value the promises of whoever has paid, or whose payment came back."""
        res = super()._on_debt_changed(partner_ids)
        # a bookkeeper who posts a payment need not know promises
        self.env["creditbox.promise"].sudo()._value_customers(partner_ids)
        return res

    def _assign(self, user):
        """Give positions to an operator, and say so on each, with whom had it before.

        :param user: res.users
        :raises UserError: who does not work for the company
        """
        if strangers := self.company_id - user.company_ids:
            raise UserError(
                self.env._(
                    "%(user)s does not work for %(company)s.",
                    user=user.name,
                    company=strangers[0].name,
                )
            )
        others = self.filtered(lambda position: position.user_id != user)
        before = {position.id: position.user_id.name for position in others}
        others.with_context(tracking_disable=True).user_id = user
        others._message_log_batch(
            bodies={
                id_: self.env._(
                    "%(user)s: from %(before)s to %(now)s",
                    user=self.env.user.name,
                    before=name or self.env._("nobody"),
                    now=user.name,
                )
                for id_, name in before.items()
            }
        )

    def action_open_customer_page(self):
        """:return: action that opens the customer's page"""
        self.ensure_one()
        return self.partner_id._creditbox_open_page(self.company_id)
