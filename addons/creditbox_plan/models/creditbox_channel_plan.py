from odoo import api, models


class CreditboxChannelPlan(models.AbstractModel):
    """An action becomes the offer of a plan, by e-mail or else by letter.

    Once the offer has left, the action is done and its bills have the step; they take
    no part in the table until the customer answers. Accepted: the plan runs. Refused,
    or no answer: the table goes on from that step.
    """

    _name = "creditbox.channel.plan"
    _inherit = "creditbox.channel.email"
    _description = "Repayment Plan Channel"

    @api.model
    def _dispatch(self, actions):
        offered = self.env["creditbox.plan"]._offer(actions)
        by_mail = offered.filtered(lambda action: self._address(action.partner_id))
        if by_letter := offered - by_mail:
            self.env["creditbox.channel.letter"]._dispatch(by_letter)
        result = super()._dispatch(by_mail) if by_mail else None
        self._attach(by_mail)
        return result

    def _attach(self, actions):
        """The agreement to sign goes with the e-mail."""
        # mails belong to the system
        for action in actions.sudo():
            for mail in action.mail_ids:
                plan = action.plan_ids[:1]
                mail.attachment_ids = plan._agreement_attachment()

    @api.model
    def _refresh(self, mail):
        """The debt has changed since: draw the plan up again, then the text."""
        for plan in mail._creditbox_actions().sudo().plan_ids:
            plan.bill_ids._square()
            plan._draw_up()
            plan.line_ids._give_codes()
            mail.attachment_ids = plan._agreement_attachment()
        return super()._refresh(mail)

    @api.model
    def _recall(self, actions):
        """What has not left is not offered."""
        result = super()._recall(actions)
        plans = actions.sudo().plan_ids.filtered(lambda plan: plan.state == "draft")
        plans._give_up("cancelled", self.env._("The offer has not left"))
        return result

    @api.model
    def _take_back(self, actions):
        stopped = self.env["creditbox.channel.letter"]._take_back(
            actions.filtered("letter_lot_id")
        )
        plans = actions.sudo().plan_ids
        plans.filtered(lambda plan: plan.state in ("draft", "proposed"))._give_up(
            "cancelled", self.env._("The offer was taken back")
        )
        return stopped

    @api.model
    def _recallable(self, actions):
        return self.env["creditbox.channel.letter"]._recallable(
            actions.filtered("letter_lot_id")
        )
