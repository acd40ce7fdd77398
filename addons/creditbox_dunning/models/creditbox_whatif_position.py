from odoo import fields, models


class CreditboxWhatifPosition(models.Model):
    """What either table of a what-if does to one position."""

    _name = "creditbox.whatif.position"
    _description = "What If? Position"
    _order = "id"  # written in the order of the changes, the largest amounts first
    _rec_name = "position_id"
    _log_access = False

    change_id = fields.Many2one(
        "creditbox.whatif.change",
        string="As part of",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    position_id = fields.Many2one(
        "creditbox.position", required=True, index=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(related="position_id.partner_id")
    supply_id = fields.Many2one(related="position_id.supply_id")
    kind = fields.Selection(related="change_id.kind")
    rule_before_id = fields.Many2one(related="change_id.rule_before_id")
    rule_after_id = fields.Many2one(related="change_id.rule_after_id")
    code_before = fields.Selection(related="change_id.code_before")
    code_after = fields.Selection(related="change_id.code_after")
    exception_before = fields.Selection(related="change_id.exception_before")
    exception_after = fields.Selection(related="change_id.exception_after")
    amount_before = fields.Monetary(string="Money before", readonly=True)
    amount_after = fields.Monetary(string="Money after", readonly=True)

    def action_open_position(self):
        """:return: window action of the position"""
        self.ensure_one()
        return self.position_id.get_formview_action()

    def action_why(self):
        """Explain what the table that is tried does to the position.

        :return: window action of the explanation
        """
        self.ensure_one()
        whatif = self.change_id.whatif_id
        action = self.position_id.action_why()
        why = self.env[action["res_model"]].browse(action["res_id"])
        why.write({"as_of": whatif.as_of, "rule_set_id": whatif.rule_set_id.id})
        why._explain()
        return action
