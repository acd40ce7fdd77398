from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class HelpdeskTicket(models.Model):
    _inherit = "helpdesk.ticket"

    creditbox_plan_id = fields.Many2one(
        "creditbox.plan", string="Repayment Plan", readonly=True, copy=False
    )

    def _effect_plan(self, day):
        """A simulated plan for what is overdue; approval and agreement are its own."""
        position = self._position_of_plan()
        plans = self.env["creditbox.plan"]
        values = {"date_request": self._local_day(self.date_received)}
        if self.creditbox_instalments:
            values["instalment_count"] = self.creditbox_instalments
        self.creditbox_plan_id = plans.create(plans._prepare(position, **values))
        self.creditbox_plan_id._message_log(
            body=self.env._(
                "Asked for on %(day)s (%(code)s).",
                day=format_date(self.env, values["date_request"]),
                code=self.creditbox_code,
            )
        )

    def _position_of_plan(self):
        """:return: creditbox.position that the plan is for
        :raises UserError: there is none, or the supply must be said"""
        domain = [
            ("partner_id", "=", self.partner_id.commercial_partner_id.id),
            ("company_id", "=", self.company_id.id),
            ("amount_overdue", ">", 0),
        ]
        if self.creditbox_supply_id:
            domain.append(("supply_id", "=", self.creditbox_supply_id.id))
        positions = self.env["creditbox.position"].search(domain)
        if not positions:
            raise UserError(
                self.env._("%s has nothing overdue to divide.", self.partner_id.name)
            )
        if len(positions) > 1:
            raise UserError(
                self.env._(
                    "%s owes on several supplies: say which.", self.partner_id.name
                )
            )
        return positions
