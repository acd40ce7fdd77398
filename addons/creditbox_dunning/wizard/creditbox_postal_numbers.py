from odoo import api, fields, models
from odoo.fields import Command

from ..tools import postal_number


class CreditboxPostalNumbers(models.TransientModel):
    """The numbers of a lot that the office posts itself: typed, or scanned in a row."""

    _name = "creditbox.postal.numbers"
    _description = "Numbers of Registered Letters"

    lot_id = fields.Many2one("creditbox.letter.lot", required=True, readonly=True)
    line_ids = fields.One2many(
        "creditbox.postal.numbers.line",
        "numbers_id",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )

    @api.depends("lot_id")
    def _compute_line_ids(self):
        """The letters in the order in which they are printed."""
        for numbers in self:
            actions = numbers.lot_id._letters()
            numbers.line_ids = [
                Command.clear(),
                *(
                    Command.create(
                        {
                            "action_id": action.id,
                            "tracking_number": action.tracking_number,
                        }
                    )
                    for action in actions
                ),
            ]

    def action_enter(self):
        """Give the letters their numbers.

        :raises UserError: with the first number that cannot be
        """
        self.ensure_one()
        actions = self.line_ids.action_id
        actions._require("creditbox_base.group_operator")
        actions._set_tracking_numbers(
            {
                line.action_id: postal_number.clean(line.tracking_number)
                for line in self.line_ids
            }
        )
        return {"type": "ir.actions.act_window_close"}


class CreditboxPostalNumbersLine(models.TransientModel):
    _name = "creditbox.postal.numbers.line"
    _description = "Number of a Registered Letter"

    numbers_id = fields.Many2one(
        "creditbox.postal.numbers", required=True, index=True, ondelete="cascade"
    )
    action_id = fields.Many2one("creditbox.action", required=True)
    partner_id = fields.Many2one(related="action_id.partner_id")
    letter_page = fields.Integer(related="action_id.letter_page")
    recipient = fields.Char(related="action_id.recipient")
    tracking_number = fields.Char()
