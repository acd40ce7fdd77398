from odoo import fields, models
from odoo.tools import SQL

from .fsm_order import BOARD, OPEN_STATES, OPERATIONS, STATES


class CreditboxOrderReport(models.Model):
    """Indicators of the orders at the meter: a row an order, nothing is stored.

    - *days to execution*: from the request to the end of an order that is done;
    - *stopped in time*: stopped, and not carried out all the same;
    - *wasted visit*: the crew was on site, and the order ended otherwise than done;
    - *late*: a reactivation done after, or open beyond, its regulated term;
    - *cost*: of what was done, or of the wasted visit, as the price list of that day.
    """

    _name = "creditbox.order.report"
    _description = "Indicators of Orders at the Meter"
    _auto = False
    _rec_name = "order_id"
    _order = "date desc, id desc"

    order_id = fields.Many2one("fsm.order", string="Order", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(string="Requested on", readonly=True)
    date_closed = fields.Date(string="Closed on", readonly=True)
    operation = fields.Selection(OPERATIONS, readonly=True)
    state = fields.Selection(STATES, readonly=True)
    board = fields.Selection(BOARD, readonly=True)
    service_type_id = fields.Many2one(
        "creditbox.service.type", string="Service", readonly=True
    )
    person_id = fields.Many2one("fsm.person", string="Crew", readonly=True)
    contractor_id = fields.Many2one("res.partner", readonly=True)
    reason_id = fields.Many2one(
        "creditbox.order.reason", string="Why Not Carried Out", readonly=True
    )
    days = fields.Float(
        string="Days to Execution", readonly=True, aggregator="avg", digits=(16, 1)
    )
    done = fields.Integer(readonly=True)
    stopped = fields.Integer(string="Stopped in Time", readonly=True)
    wasted = fields.Integer(string="Wasted Visits", readonly=True)
    late = fields.Integer(string="Late Reactivations", readonly=True)
    alarm = fields.Integer(string="Alarms", readonly=True)
    cost = fields.Monetary(readonly=True)

    @property
    def _table_query(self):
        """Each company has its own day: the statement is made when it is asked."""
        return SQL(
            """
            SELECT o.id, o.id AS order_id, o.company_id, o.date, o.date_closed,
                   o.operation, o.state, o.board, o.service_type_id, o.person_id,
                   o.contractor_id, o.reason_id, o.days, o.done, o.stopped, o.wasted,
                   o.late, o.alarm,
                   CASE WHEN o.done = 1 THEN p.price
                        WHEN o.wasted = 1 THEN p.price_wasted END AS cost
              FROM (%(orders)s) o
              LEFT JOIN LATERAL (
                SELECT p.price, p.price_wasted
                  FROM creditbox_order_price p
                 WHERE p.company_id = o.company_id AND p.operation = o.operation
                   AND (p.contractor_id = o.contractor_id OR p.contractor_id IS NULL)
                   AND p.date_from <= o.date_closed
                 ORDER BY p.contractor_id IS NULL, p.date_from DESC
                 LIMIT 1
              ) p ON o.done = 1 OR o.wasted = 1
            """,
            orders=self._sql_orders(),
        )

    def _sql_orders(self):
        return SQL(
            """
            SELECT f.id, f.company_id,
                   %(requested)s AS date, %(closed)s AS date_closed,
                   f.creditbox_operation AS operation, f.creditbox_state AS state,
                   f.creditbox_board AS board, s.service_type_id, f.person_id,
                   w.creditbox_contractor_id AS contractor_id,
                   f.creditbox_reason_id AS reason_id,
                   CASE WHEN f.creditbox_state = 'done' THEN
                        EXTRACT(epoch FROM f.creditbox_closed_at
                                           - f.creditbox_requested_at) / 86400
                   END AS days,
                   (f.creditbox_state = 'done')::integer AS done,
                   (f.creditbox_state = 'stopped')::integer AS stopped,
                   (f.creditbox_on_site_at IS NOT NULL AND f.creditbox_state IN
                    ('stopped', 'not_executable', 'cancelled', 'recalled'))::integer
                   AS wasted,
                   (f.creditbox_operation = 'reactivation' AND (
                    (f.creditbox_state = 'done' AND %(closed)s > f.creditbox_deadline)
                    OR (f.creditbox_state IN %(open)s
                        AND %(today)s > f.creditbox_deadline)))::integer AS late,
                   COALESCE(f.creditbox_alarm, FALSE)::integer AS alarm
              FROM fsm_order f
              JOIN res_company c ON c.id = f.company_id
              JOIN res_partner z ON z.id = c.partner_id
              LEFT JOIN creditbox_supply s ON s.id = f.creditbox_supply_id
              LEFT JOIN fsm_person w ON w.id = f.person_id
             WHERE f.creditbox_operation IS NOT NULL
            """,
            requested=_local(SQL("f.creditbox_requested_at")),
            closed=_local(SQL("f.creditbox_closed_at")),
            today=_local(SQL("%s::timestamp", fields.Datetime.now())),
            open=OPEN_STATES,
        )

    def action_open_order(self):
        """:return: window action of the order that the row is of"""
        action = self.order_id.get_formview_action()
        view = self.env.ref("creditbox_utility.fsm_order_view_form")
        return {**action, "views": [(view.id, "form")]}


def _local(moment):
    """SQL of the day on which a moment in UTC is where the company is."""
    return SQL(
        "(%s AT TIME ZONE 'UTC' AT TIME ZONE COALESCE(z.tz, 'Europe/Rome'))::date",
        moment,
    )
