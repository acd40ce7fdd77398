from odoo import api, models


class CreditboxAccountStatement(models.AbstractModel):
    _inherit = "creditbox.account.statement"

    @api.model
    def _text(self, line):
        """Entries of plans name the plan and the instalment."""
        plan_journal = line.company_id.creditbox_plan_journal_id
        if line.move_id.journal_id == plan_journal and line.name:
            return line.name
        return super()._text(line)
