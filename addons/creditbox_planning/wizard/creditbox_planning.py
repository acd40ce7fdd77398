from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import SQL

from ..models.fsm_order import PLANNABLE

MOST_DAYS = 60


class CreditboxPlanning(models.TransientModel):
    """Plan in one press: look at what is proposed, then confirm it."""

    _name = "creditbox.planning"
    _description = "Plan Orders at the Meter"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self._default_company_id(),
    )
    order_ids = fields.Many2many(
        "fsm.order", help="The orders to be planned. Empty: all that wait for it."
    )
    order_count = fields.Integer(compute="_compute_order_count", string="Orders chosen")
    date_from = fields.Date(
        string="From",
        required=True,
        compute="_compute_date_from",
        store=True,
        readonly=False,
        precompute=True,
    )
    days = fields.Integer(required=True, default=14)
    again = fields.Boolean(
        string="Also what is planned already",
        help="Orders that are planned, but have not been sent, may go elsewhere.",
    )
    line_ids = fields.One2many("creditbox.planning.line", "planning_id")
    planned_ids = fields.One2many(
        "creditbox.planning.line",
        "planning_id",
        string="Orders planned",
        domain=[("reason", "=", False)],
    )
    unplanned_ids = fields.One2many(
        "creditbox.planning.line",
        "planning_id",
        string="Orders not planned",
        domain=[("reason", "!=", False)],
    )
    planned_count = fields.Integer(readonly=True, string="Planned")
    unplanned_count = fields.Integer(readonly=True, string="Not planned")
    late_count = fields.Integer(readonly=True, string="After their term")
    crew_days = fields.Integer(readonly=True, string="Days of crews")
    state = fields.Selection(
        [("draft", "To be planned"), ("preview", "Preview"), ("done", "Planned")],
        default="draft",
        readonly=True,
    )

    def _default_company_id(self):
        return self.env.company

    @api.depends("company_id")
    def _compute_date_from(self):
        for planning in self:
            today = planning.company_id._creditbox_today()
            planning.date_from = today + timedelta(days=1)

    @api.depends("order_ids")
    def _compute_order_count(self):
        for planning in self:
            planning.order_count = len(planning.order_ids)

    # ------------------------------------------------------------------
    def action_preview(self):
        """Propose crew, day and hour for each order; nothing is planned yet.

        :return: window with what would be planned, and why the rest would not
        :raises UserError: days that cannot be planned
        """
        self.ensure_one()
        self._check_days()
        orders = self._orders()
        wrong = self.order_ids - orders
        # their own lines, made new each time
        self.sudo().line_ids.unlink()
        proposals = self.env["creditbox.planner"]._plan(
            orders, self.company_id, self.date_from, self._last()
        )
        lines = [self._line(proposal) for proposal in proposals]
        lines += [
            {"order_id": order.id, "reason": self._why_not(order)} for order in wrong
        ]
        self.env["creditbox.planning.line"]._insert(self, lines)
        self._count("preview")
        return self._window()

    def _check_days(self):
        today = self.company_id._creditbox_today()
        if not 1 <= self.days <= MOST_DAYS:
            raise UserError(self.env._("Plan from 1 to %s days.", MOST_DAYS))
        if self.date_from < today:
            raise UserError(self.env._("Nothing is planned for a day that is over."))

    def _last(self):
        return self.date_from + timedelta(days=self.days - 1)

    def _orders(self):
        """:return: fsm.order that may be planned"""
        states = PLANNABLE if self.again else ("requested", "accepted")
        domain = (
            Domain("company_id", "=", self.company_id.id)
            & Domain("creditbox_operation", "!=", False)
            & Domain("creditbox_state", "in", states)
        )
        if self.order_ids:
            domain &= Domain("id", "in", self.order_ids.ids)
        return self.env["fsm.order"].search(domain, order="id")

    def _why_not(self, order):
        if order.company_id != self.company_id:
            return self.env._("Of another company: %s.", order.company_id.name)
        return self.env._("Is «%s» already.", order._label("creditbox_state"))

    @api.model
    def _line(self, proposal):
        start = proposal.start
        return {
            "order_id": proposal.order_id,
            "crew_id": proposal.crew_id,
            "date_start": start,
            "date_end": start and start + timedelta(minutes=proposal.minutes),
            "late": proposal.late,
            "reason": proposal.reason,
        }

    def _count(self, state):
        self.env["creditbox.planning.line"].flush_model()
        ((planned, late, total, crew_days),) = self.env.execute_query(
            SQL(
                """
                SELECT count(*) FILTER (WHERE reason IS NULL),
                       count(*) FILTER (WHERE late), count(*),
                       count(DISTINCT (crew_id, date_trunc('day', date_start)))
                           FILTER (WHERE reason IS NULL)
                  FROM creditbox_planning_line WHERE planning_id = %s
                """,
                self.id,
            )
        )
        self.write(
            {
                "planned_count": planned,
                "unplanned_count": total - planned,
                "late_count": late,
                "crew_days": crew_days,
                "state": state,
            }
        )

    # ------------------------------------------------------------------
    def action_confirm(self):
        """Plan what the preview has proposed, as far as it still holds.

        Two planners at once: the second waits, then what the first has taken is left
        out, with the reason.

        :return: window with the result
        """
        self.ensure_one()
        orders = self.planned_ids.order_id
        orders._require("creditbox_base.group_operator")
        if self.state != "preview":
            return self._window()  # pressed twice
        self.planned_ids.crew_id._creditbox_lock()
        self._leave_out()
        self._write_plan(self.planned_ids)
        self._count("done")
        return self._window()

    def _leave_out(self):
        """Give a reason to lines that no longer hold: changed, or no longer free."""
        changed = self.planned_ids.filtered(lambda line: line._has_changed())
        changed.reason = self.env._("Changed since the preview.")
        lines = self.planned_ids - changed
        if not lines:
            return
        days = {line._local_day() for line in lines}
        shifts = self.env["creditbox.planner"]._shifts_of_days(
            lines.order_id, self.company_id, days
        )
        taken = lines.browse()
        for line in lines.sorted("date_start"):
            if not line._take(shifts):
                taken |= line
        taken.reason = self.env._("Somebody else has planned something there.")

    def _write_plan(self, lines):
        """Set crews and hours in one statement, then the states."""
        orders = lines.order_id
        before = orders.person_id
        days = set(orders.filtered("creditbox_day").mapped("creditbox_day"))
        orders.flush_recordset()
        lines.flush_recordset()
        self.env.cr.execute(
            SQL(
                """
                UPDATE fsm_order f
                   SET person_id = l.crew_id, scheduled_date_start = l.date_start,
                       scheduled_date_end = l.date_end,
                       scheduled_duration =
                           EXTRACT(EPOCH FROM l.date_end - l.date_start) / 3600,
                       creditbox_day = (l.date_start AT TIME ZONE 'UTC'
                           AT TIME ZONE %(zone)s)::date::varchar,
                       write_uid = %(user)s, write_date = now() AT TIME ZONE 'UTC'
                  FROM creditbox_planning_line l
                 WHERE l.order_id = f.id AND l.id = ANY(%(lines)s)
                """,
                zone=str(self.company_id._creditbox_zone()),
                user=self.env.uid,
                lines=lines.ids,
            )
        )
        orders.invalidate_recordset()
        again = orders.filtered(lambda order: order.creditbox_state == "planned")
        (orders - again)._enter("planned")
        moved = self.env._("Planned anew")
        again._message_log_batch(
            bodies={o.id: f"{moved} – {o._planned_for()}" for o in again}
        )
        days.update(orders.mapped("creditbox_day"))
        orders._number(before | orders.person_id, days)

    # ------------------------------------------------------------------
    def action_back(self):
        """:return: window in which the days may be changed"""
        self.state = "draft"
        return self._window()

    def action_open_orders(self):
        """:return: window action of what was planned"""
        return self.env["fsm.order"]._window(
            [("id", "in", self.planned_ids.order_id.ids)]
        )

    def _window(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Plan the orders"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    @api.model
    def _open(self, orders):
        """:return: window that plans these orders, or all for none"""
        company = orders.company_id[:1] or self.env.company
        planning = self.create(
            {"company_id": company.id, "order_ids": [Command.set(orders.ids)]}
        )
        return planning._window()
