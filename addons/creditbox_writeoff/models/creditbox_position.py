from odoo import api, fields, models


class CreditboxPosition(models.Model):
    _inherit = "creditbox.position"

    writeoff_ids = fields.One2many(
        "creditbox.writeoff", "position_id", string="Write-offs"
    )
    writeoff_count = fields.Integer(compute="_compute_writeoff_count")

    def _compute_writeoff_count(self):
        counts = dict(
            self.env["creditbox.writeoff"]._read_group(
                [("position_id", "in", self.ids)], ["position_id"], ["__count"]
            )
        )
        for position in self:
            position.writeoff_count = counts.get(position._origin, 0)

    @api.model
    def _on_debt_changed(self, partner_ids):
        """What has been paid needs no write-off; what was written off may come in."""
        res = super()._on_debt_changed(partner_ids)
        writeoffs = self.env["creditbox.writeoff"].sudo()  # whoever posts a payment
        writeoffs._follow_debts(partner_ids)
        writeoffs._tell_arrivals(partner_ids)
        return res

    def action_open_writeoffs(self):
        """:return: window action of the positions' write-offs"""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "creditbox_writeoff.creditbox_writeoff_action"
        )
        return {**action, "domain": [("position_id", "in", self.ids)], "context": {}}

    def action_ask_writeoff(self):
        """:return: window that asks for the write-off of these positions"""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Ask for a write-off"),
            "res_model": "creditbox.writeoff.ask",
            "view_mode": "form",
            "target": "new",
            "context": {"default_position_ids": self.ids},
        }

    def _overdue_lines(self):
        """:return: account.move.line, what is overdue and open of these positions"""
        positions = {(p.company_id, p.partner_id, p.supply_id) for p in self}
        lines = self.env["account.move.line"]
        for company in self.company_id:
            lines |= lines.search(
                [
                    ("company_id", "=", company.id),
                    (
                        "partner_id.commercial_partner_id",
                        "in",
                        self.partner_id.ids,
                    ),
                    ("account_id.account_type", "=", "asset_receivable"),
                    ("parent_state", "=", "posted"),
                    ("reconciled", "=", False),
                    ("amount_residual", ">", 0),
                    ("date_maturity", "<", company._creditbox_today()),
                ]
            )
        return lines.filtered(
            lambda line: (
                (
                    line.company_id,
                    line.partner_id.commercial_partner_id,
                    line.move_id.creditbox_supply_id,
                )
                in positions
            )
        )
