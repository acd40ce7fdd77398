import base64

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import postal_cards, postal_number


class CreditboxPostalEntry(models.TransientModel):
    """By hand: the number of a letter, what became of it, the card that came back."""

    _name = "creditbox.postal.entry"
    _description = "Outcome of a Letter, by Hand"

    action_id = fields.Many2one("creditbox.action", required=True, readonly=True)
    tracking_number = fields.Char(
        compute="_compute_tracking_number", store=True, readonly=False
    )
    outcome_id = fields.Many2one("creditbox.postal.outcome")
    date = fields.Date(
        string="Day", help="Day of the delivery, refusal, end of storage…"
    )
    card = fields.Binary(string="Receipt card", help="JPEG, PNG, TIFF or PDF.")
    card_name = fields.Char()

    @api.depends("action_id")
    def _compute_tracking_number(self):
        for entry in self:
            entry.tracking_number = entry._letter().tracking_number

    def action_enter(self):
        """Record what was entered, and log it.

        :raises UserError: with what is wrong
        """
        self.ensure_one()
        self._letter()._require("creditbox_base.group_operator")
        self._check_letter()
        self._enter_number()
        self._enter_card()
        self._enter_outcome()
        return {"type": "ir.actions.act_window_close"}

    def _letter(self):
        """:return: the action that the letter stands for"""
        return self.action_id._leads()

    def _check_letter(self):
        if not self._letter().letter_lot_id:
            raise UserError(self.env._("This action is not in a lot of letters."))

    def _enter_number(self):
        number = postal_number.clean(self.tracking_number)
        letter = self._letter()
        letter._set_tracking_numbers({letter: number})

    def _enter_card(self):
        if not self.card:
            return
        content = base64.b64decode(self.card)
        if len(content) > postal_cards.Limits().member_bytes:
            raise UserError(self.env._("The scan is larger than 5 MB"))
        if not postal_cards.mimetype_of(content):
            raise UserError(self.env._("Neither JPEG, PNG, TIFF nor PDF"))
        action = self._letter().sudo()  # nobody may write actions
        action.write(
            {"receipt_card": self.card, "receipt_card_name": self.card_name or "card"}
        )
        action._message_log(
            body=self.env._("Receipt card added by %s", self.env.user.name)
        )

    def _enter_outcome(self):
        if not self.outcome_id:
            return
        action = self._letter()
        if not self.date:
            raise UserError(self.env._("Say on which day: %s", self.outcome_id.name))
        # as a file would say it: the same checks of the day
        files = self.env["creditbox.postal.file"]
        moment, fault = files._moment(self.date.isoformat(), action)
        if fault:
            raise UserError(fault)
        event = self.env["creditbox.postal.event"].sudo()
        event = event._record(
            [
                {
                    "action_id": action.id,
                    "provider_id": action.letter_lot_id.provider_id.id,
                    "outcome_id": self.outcome_id.id,
                    "code": self.outcome_id.code,
                    "cause": "",
                    "date": moment,
                }
            ]
        )
        action.sudo()._message_log(
            body=self.env._(
                "Outcome entered by %(user)s: %(outcome)s, %(date)s",
                user=self.env.user.name,
                outcome=self.outcome_id.name,
                date=fields.Date.to_string(self.date),
            )
        )
        return event
