from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .creditbox_action import PENDING_STATES


class CreditboxPosition(models.Model):
    _inherit = "creditbox.position"

    item_ids = fields.One2many("creditbox.item", "position_id", string="Dunning items")
    action_ids = fields.One2many("creditbox.action", "position_id", string="Actions")
    action_count = fields.Integer(compute="_compute_action_count")
    next_rule_id = fields.Many2one(
        "creditbox.rule", string="Next action", compute="_compute_next"
    )
    next_date = fields.Date(string="On", compute="_compute_next")

    @api.ondelete(at_uninstall=False)
    def _unlink_except_dunned(self):
        actions = self.env["creditbox.action"].sudo()  # whoever deletes positions
        if actions.search_count([("position_id", "in", self.ids)], limit=1):
            raise UserError(
                self.env._("A position with actions is kept, with what it says.")
            )

    def _subsidised_amount(self):
        """:return: float, what a year's subsidised band costs here, 0: not known"""
        self.ensure_one()
        return (
            self.supply_id.subsidised_amount
            or self.company_id.creditbox_subsidised_amount
        )

    def _compute_action_count(self):
        counts = dict(
            self.env["creditbox.action"]._read_group(
                [("position_id", "in", self.ids)], ["position_id"], ["__count"]
            )
        )
        for position in self:
            position.action_count = counts.get(position, 0)

    def _compute_next(self):
        """The first action to come among the bills of the position."""
        items = self.env["creditbox.item"].search(
            [("position_id", "in", self.ids), ("next_date", "!=", False)],
            order="next_date, step desc",
        )
        first = {}
        for item in items:
            first.setdefault(item.position_id, item)
        for position in self:
            item = first.get(position)
            position.next_rule_id = item.next_rule_id if item else False
            position.next_date = item.next_date if item else False

    def _on_debt_changed(self, partner_ids):
        """Stop at once the actions that a payment, or a hold, has made pointless."""
        res = super()._on_debt_changed(partner_ids)
        self.env["creditbox.item"]._follow_bills(partner_ids)
        self.env["creditbox.prescription"]._follow_payments(partner_ids)
        pending = (
            # a bookkeeper who posts a payment need not have rights on dunning
            self.env["creditbox.action"]
            .sudo()
            .search(
                Domain("partner_id", "in", partner_ids)
                & Domain("state", "in", PENDING_STATES)
            )
        )
        pending.still_due()
        return res

    def action_open_actions(self):
        """:return: window action of the position's actions"""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "creditbox_dunning.creditbox_action_action"
        )
        return {
            **action,
            "domain": [("position_id", "in", self.ids)],
            "context": {"search_default_open": 0},
        }

    def action_legal_chain(self):
        """Show what has been done and proved of the procedure, bill by bill.

        :return: window action of the legal chain
        """
        self.ensure_one()
        chain = self.env["creditbox.legal.chain"].create(
            {"position_id": self.id, "as_of": self.company_id._creditbox_today()}
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Legal chain"),
            "res_model": chain._name,
            "res_id": chain.id,
            "view_mode": "form",
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    def action_why(self):
        """Explain today's action of the position, row by row.

        :return: window action of the explanation
        """
        self.ensure_one()
        why = self.env["creditbox.position.why"].create(
            {
                "position_id": self.id,
                "as_of": self.company_id._creditbox_today(),
                "rule_set_id": self.env["creditbox.rule.set"]
                ._published(self.company_id)
                .id,
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Why?"),
            "res_model": why._name,
            "res_id": why.id,
            "view_mode": "form",
            "target": "new",
        }
