from datetime import datetime, time, timezone

from odoo import api, fields, models
from odoo.exceptions import UserError


class CreditboxCounterTicket(models.Model):
    """A number of the queue at a counter: taken, called, served, or left."""

    _name = "creditbox.counter.ticket"
    _description = "Ticket of the Counter Queue"
    _inherit = ["creditbox.guarded"]
    _order = "date_taken desc, id desc"
    _rec_name = "number"

    number = fields.Char(required=True, readonly=True, default="/")
    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self._default_company_id(),
    )
    counter = fields.Char(
        string="Office", help="Which of the company's counters; empty: the only one."
    )
    reason = fields.Char(string="For")
    date_taken = fields.Datetime(
        string="Taken", required=True, readonly=True, default=fields.Datetime.now
    )
    date_called = fields.Datetime(string="Called", readonly=True)
    date_served = fields.Datetime(string="Served", readonly=True)
    date_left = fields.Datetime(
        string="Left", readonly=True, help="Without having been served."
    )
    user_id = fields.Many2one("res.users", string="Clerk", readonly=True)
    ticket_id = fields.Many2one(
        "helpdesk.ticket", string="Request", readonly=True, ondelete="set null"
    )
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("called", "Called"),
            ("served", "Served"),
            ("left", "Left"),
        ],
        required=True,
        readonly=True,
        default="waiting",
        index=True,
    )
    minutes = fields.Float(
        string="Wait (Minutes)",
        compute="_compute_minutes",
        store=True,
        aggregator="avg",
        help="From taking the number to being called (general standards of RQSII).",
    )

    def _default_company_id(self):
        return self.env.company

    @api.depends("date_taken", "date_called", "date_left")
    def _compute_minutes(self):
        for ticket in self:
            end = ticket.date_called or ticket.date_left
            wait = (end - ticket.date_taken).total_seconds() / 60 if end else 0
            ticket.minutes = round(wait, 1)

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [dict(vals) for vals in vals_list]
        taken = {}
        for vals in vals_list:
            company = self.env["res.company"].browse(
                vals.setdefault("company_id", self.env.company.id)
            )
            if company not in taken:
                taken[company] = self._taken_today(company)
            taken[company] += 1
            vals["number"] = f"{taken[company]:03d}"
        return super().create(vals_list)

    def _taken_today(self, company):
        """:return: how many numbers have been taken; they begin anew every day"""
        company.sudo().lock_for_update()  # two people never get the same number
        midnight = datetime.combine(company._creditbox_today(), time())
        start = midnight.replace(tzinfo=company._creditbox_zone())
        start = start.astimezone(timezone.utc).replace(tzinfo=None)
        return self.sudo().search_count(  # of all, whoever asks
            [("company_id", "=", company.id), ("date_taken", ">=", start)]
        )

    # ------------------------------------------------------------------
    def action_call(self):
        self._move("waiting", "called", "date_called")
        self.sudo().user_id = self.env.user  # by this button alone

    def action_serve(self):
        self._move("called", "served", "date_served")

    def action_left(self):
        for state in ("waiting", "called"):
            self.filtered(lambda t, s=state: t.state == s)._move(
                state, "left", "date_left"
            )

    def action_new_request(self):
        """:return: window action of a new request of whoever is being served"""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "creditbox_frontoffice.creditbox_request_action"
        )
        channel = self.env.ref(
            "creditbox_frontoffice.channel_counter", raise_if_not_found=False
        )
        return dict(
            action,
            views=[(False, "form")],
            context={
                "creditbox_request": True,
                "default_channel_id": channel and channel.id,
                "default_date_received": fields.Datetime.to_string(
                    fields.Datetime.now()
                ),
            },
        )

    def _move(self, former, state, date):
        self._require("creditbox_frontoffice.group_counter")
        if self.filtered(lambda t: t.state != former):
            raise UserError(self.env._("Somebody has dealt with this number already."))
        self.sudo().write(  # by buttons alone
            {"state": state, date: fields.Datetime.now()}
        )
