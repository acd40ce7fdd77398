from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.exceptions import UserError


class CreditboxPositionHold(models.TransientModel):
    """Hold a selection of positions."""

    _name = "creditbox.position.hold"
    _description = "Put Positions on Hold"

    position_ids = fields.Many2many(
        "creditbox.position",
        required=True,
        default=lambda self: self._default_position_ids(),
    )
    level = fields.Selection(
        [
            ("bill", "The bills overdue today, each by itself"),
            ("supply", "The supplies, with the bills to come"),
            ("customer", "The customers, with all their supplies"),
        ],
        string="What",
        required=True,
        default="bill",
    )
    reason_id = fields.Many2one(
        "creditbox.hold.reason",
        required=True,
        domain=lambda self: self._domain_reason_id(),
    )
    date_from = fields.Date(
        string="From", required=True, default=lambda self: self._default_date_from()
    )
    date_to = fields.Date(
        string="Until",
        compute="_compute_date_to",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
        help="The last day without reminders.",
    )
    note = fields.Text(string="Notes")

    def _default_position_ids(self):
        return [Command.set(self.env.context.get("active_ids", []))]

    def _default_date_from(self):
        return self.env.company._creditbox_today()

    def _domain_reason_id(self):
        return [("company_id", "in", [False, *self.env.companies.ids])]

    @api.depends("reason_id", "date_from")
    def _compute_date_to(self):
        for wizard in self:
            days = wizard.reason_id.max_days or 30
            wizard.date_to = wizard.date_from and (
                wizard.date_from + timedelta(days=days - 1)
            )

    def action_hold(self):
        """Create the holds and show them.

        :raise UserError: when nothing of the selection can be held at this level
        """
        self.ensure_one()
        holds = self.env["creditbox.hold"].create(
            [self._prepare_hold(**target) for target in self._get_targets()]
        )
        if not holds:
            raise UserError(self.env._("There is nothing to put on hold here."))
        return holds._get_records_action(name=self.env._("Holds"))

    def _prepare_hold(self, company_id, **target):
        return {
            "level": self.level,
            "company_id": company_id,
            "reason_id": self.reason_id.id,
            "date_from": self.date_from,
            "date_to": self.date_to,
            "note": self.note,
            **target,
        }

    def _get_targets(self):
        """What is to be held: [{"company_id": id, field of the target: id}]."""
        field, records = {
            "bill": ("move_id", self._get_overdue_bills()),
            "supply": ("supply_id", self.position_ids.supply_id),
            "customer": ("partner_id", self.position_ids),
        }[self.level]
        if self.level != "customer":
            return [
                {"company_id": record.company_id.id, field: record.id}
                for record in records
            ]
        pairs = {(p.company_id.id, p.partner_id.id) for p in records}
        return [
            {"company_id": company, field: partner}
            for company, partner in sorted(pairs)
        ]

    def _get_overdue_bills(self):
        lines = self.position_ids.open_line_ids.filtered(
            lambda line: (
                line.amount_residual > 0
                and line.date_maturity < line.company_id._creditbox_today()
            )
        )
        return lines.move_id
