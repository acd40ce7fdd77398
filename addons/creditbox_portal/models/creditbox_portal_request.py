from odoo import fields, models
from odoo.exceptions import AccessError, UserError


class CreditboxPortalRequest(models.AbstractModel):
    """What a customer sends by the own area, and the office answers.

    Only buttons change it; of its fields the office writes the answer alone.
    """

    _name = "creditbox.portal.request"
    _inherit = ["mail.thread", "mail.activity.mixin", "creditbox.guarded"]
    _description = "Sent by a Customer"
    _order = "id desc"
    _mail_post_access = "read"
    _activity_xmlid = None  # of the activity that asks the office to answer

    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, readonly=True, index=True
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    user_id = fields.Many2one(
        "res.users", string="Sent by", required=True, readonly=True
    )
    refusal = fields.Text(
        string="Why refused", help="The customer reads it. Write it before refusing."
    )

    def write(self, vals):
        if not self.env.su and any(
            name in self._fields and self._fields[name].readonly for name in vals
        ):
            raise AccessError(self.env._("What a customer has sent is not changed."))
        return super().write(vals)

    def _end(self, state):
        """As the system: nobody may write what a customer has sent."""
        self.sudo().state = state
        self.sudo().activity_feedback([self._activity_xmlid])

    def _ask_office(self):
        """Let the operator of the customer, or a supervisor, know."""
        for request in self:
            who = request._who_answers()
            request = request.with_context(lang=who.lang or self.env.lang)
            request.activity_schedule(
                self._activity_xmlid,
                summary=request.env.ref(self._activity_xmlid).name,
                date_deadline=request.company_id._creditbox_today(),
                user_id=who.id,
            )

    def _who_answers(self):
        """:return: res.users, operator of the customer's position or a supervisor"""
        position = self.env["creditbox.position"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("partner_id", "=", self.partner_id.id),
            ],
            order="user_id, amount_overdue desc, id",  # those with an operator first
            limit=1,
        )
        users = self.env["res.users"]
        return position._who_answers(users) if position else users

    def _require_refusal(self):
        """
        :raises UserError: the reason that the customer reads is missing
        """
        if any(not (request.refusal or "").strip() for request in self):
            raise UserError(
                self.env._("Write why it is refused first: the customer reads it.")
            )
