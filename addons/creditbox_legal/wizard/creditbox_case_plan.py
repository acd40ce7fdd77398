from odoo import fields, models

from ..models.creditbox_case_activity import UNITS


class CreditboxCasePlan(models.TransientModel):
    """The same activity for many cases, once or again and again."""

    _name = "creditbox.case.plan"
    _inherit = ["creditbox.guarded"]
    _description = "Plan Activities"

    case_ids = fields.Many2many("creditbox.case", required=True)
    type_id = fields.Many2one("creditbox.activity.type", required=True)
    date = fields.Date(required=True, default=fields.Date.context_today)
    user_id = fields.Many2one(
        "res.users",
        string="Operator",
        domain="[('share', '=', False)]",
        help="Empty: who is in charge of each case.",
    )
    every = fields.Integer(string="Repeat every", help="0: once.")
    every_unit = fields.Selection(UNITS, string="Period", default="months")
    until = fields.Date(string="Repeat until")

    def action_plan(self):
        """:return: window action of what was planned"""
        self.case_ids._require("creditbox_base.group_operator")
        activities = self.env["creditbox.case.activity"].create(
            [
                {
                    "case_id": case.id,
                    "type_id": self.type_id.id,
                    "date": self.date,
                    "user_id": (self.user_id or case.user_id).id,
                    "every": self.every,
                    "every_unit": self.every_unit,
                    "until": self.until,
                }
                for case in self.case_ids.filtered(lambda c: c.state != "closed")
            ]
        )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "creditbox_legal.creditbox_case_activity_action"
        )
        return {**action, "domain": [("id", "in", activities.ids)], "context": {}}
