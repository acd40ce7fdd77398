from odoo import fields, models


class CreditboxCessionReturn(models.TransientModel):
    """The assignee gives bills back."""

    _name = "creditbox.cession.return"
    _description = "Return of Assigned Bills"

    line_ids = fields.Many2many("creditbox.cession.line", required=True)
    currency_id = fields.Many2one(related="line_ids.currency_id")
    reason = fields.Char(required=True)

    def action_return(self):
        """Take the bills back: they are open again, at the step they had."""
        lines = self.line_ids
        lines._require("creditbox_base.group_supervisor")
        lines._check_assigned()
        # nobody writes assignments: asked for above
        for cession, own in lines.sudo().grouped("cession_id").items():
            cession.with_company(cession.company_id)._take_back(own, self.reason)
        return {"type": "ir.actions.act_window_close"}
