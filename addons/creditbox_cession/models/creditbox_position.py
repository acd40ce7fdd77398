from odoo import api, fields, models


class CreditboxPosition(models.Model):
    _inherit = "creditbox.position"

    cession_line_ids = fields.One2many("creditbox.cession.line", "position_id")
    amount_assigned = fields.Monetary(
        string="Assigned amount",
        compute="_compute_amount_assigned",
        help="Nominal of bills that are somebody else's now.",
    )

    def _compute_amount_assigned(self):
        sums = dict(
            self.env["creditbox.cession.line"]._read_group(
                [("position_id", "in", self.ids), ("state", "=", "assigned")],
                ["position_id"],
                ["amount:sum"],
            )
        )
        for position in self:
            position.amount_assigned = sums.get(position._origin, 0)

    @api.model
    def _on_debt_changed(self, partner_ids):
        """Money of assigned bills is noted in the transaction that brings it."""
        res = super()._on_debt_changed(partner_ids)
        # whoever posts a payment need not see assignments
        self.env["creditbox.cession.receipt"].sudo()._follow(partner_ids)
        return res

    def action_assign_credit(self):
        """:return: window action of a new assignment of what is overdue here"""
        cession = self.env["creditbox.cession"]._prepare_of(self)
        return cession.get_formview_action()

    def action_open_cessions(self):
        """:return: window action of the assignments of these positions"""
        return self.cession_line_ids.cession_id._get_records_action(
            name=self.env._("Assignments of credit")
        )
