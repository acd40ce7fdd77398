from odoo import fields, models
from odoo.tools import SQL


class CreditboxSupplyEvent(models.Model):
    """The history of a supply: meters and their states, orders, readings, bills.

    Nothing is stored; each row opens the record that it is of.
    """

    _name = "creditbox.supply.event"
    _description = "Event in the History of a Supply"
    _auto = False
    _order = "date desc, id desc"

    supply_id = fields.Many2one("creditbox.supply", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    date = fields.Date(readonly=True)
    kind = fields.Selection(
        [
            ("state", "Meter state"),
            ("exchange", "Meter exchanged"),
            ("order", "Order at the meter"),
            ("reading", "Reading"),
            ("bill", "Bill"),
        ],
        readonly=True,
    )
    state_id = fields.Many2one("creditbox.meter.state.history", readonly=True)
    exchange_id = fields.Many2one("creditbox.meter.exchange", readonly=True)
    order_id = fields.Many2one("fsm.order", readonly=True)
    reading_id = fields.Many2one("creditbox.meter.reading", readonly=True)
    move_id = fields.Many2one("account.move", readonly=True)
    meter_id = fields.Many2one("creditbox.meter", readonly=True)
    user_id = fields.Many2one("res.users", string="By", readonly=True)
    what = fields.Char(compute="_compute_what")

    @property
    def _table_query(self):
        # ids: those of the records times eight, and the number of the source; what
        # former meters have been through counts up to the day of the exchange
        return SQL(
            """
            SELECT h.id::bigint * 8 AS id, s.id AS supply_id, s.company_id, h.date,
                   'state' AS kind, h.id AS state_id, NULL::integer AS exchange_id,
                   NULL::integer AS order_id, NULL::integer AS reading_id,
                   NULL::integer AS move_id, h.meter_id, h.user_id
              FROM creditbox_supply s
              JOIN creditbox_meter_state_history h ON h.meter_id = s.meter_id
             UNION ALL
            SELECT o.id::bigint * 8 + 1, s.id, s.company_id,
                   COALESCE(o.creditbox_closed_at, o.creditbox_requested_at)::date,
                   'order', NULL, NULL, o.id, NULL, NULL, s.meter_id,
                   o.creditbox_user_id
              FROM creditbox_supply s
              JOIN fsm_order o ON o.creditbox_supply_id = s.id
             UNION ALL
            SELECT r.id::bigint * 8 + 2, s.id, s.company_id, r.date, 'reading',
                   NULL, NULL, NULL, r.id, NULL, r.meter_id, r.create_uid
              FROM creditbox_supply s
              JOIN creditbox_meter_reading r ON r.meter_id = s.meter_id
             UNION ALL
            SELECT m.id::bigint * 8 + 3, s.id, s.company_id, m.invoice_date, 'bill',
                   NULL, NULL, NULL, NULL, m.id, NULL, m.create_uid
              FROM creditbox_supply s
              JOIN account_move m ON m.creditbox_supply_id = s.id
             WHERE m.state = 'posted' AND m.move_type IN ('out_invoice', 'out_refund')
             UNION ALL
            SELECT x.id::bigint * 8 + 4, x.supply_id, x.company_id, x.date, 'exchange',
                   NULL, x.id, NULL, NULL, NULL, x.meter_id, x.user_id
              FROM creditbox_meter_exchange x
             UNION ALL
            SELECT h.id::bigint * 8 + 5, x.supply_id, x.company_id, h.date, 'state',
                   h.id, NULL, NULL, NULL, NULL, h.meter_id, h.user_id
              FROM %(exchanges)s x
              JOIN creditbox_meter_state_history h
                ON h.meter_id = x.old_meter_id AND h.date <= x.date
             UNION ALL
            SELECT r.id::bigint * 8 + 6, x.supply_id, x.company_id, r.date, 'reading',
                   NULL, NULL, NULL, r.id, NULL, r.meter_id, r.create_uid
              FROM %(exchanges)s x
              JOIN creditbox_meter_reading r
                ON r.meter_id = x.old_meter_id AND r.date <= x.date
            """,
            exchanges=self._sql_last_exchanges(),
        )

    def _sql_last_exchanges(self):
        """Each meter that a supply has no more, once."""
        return SQL(
            """
            (SELECT x.supply_id, x.company_id, x.old_meter_id, MAX(x.date) AS date
               FROM creditbox_meter_exchange x
               JOIN creditbox_supply s
                 ON s.id = x.supply_id AND s.meter_id IS DISTINCT FROM x.old_meter_id
              GROUP BY x.supply_id, x.company_id, x.old_meter_id)
            """
        )

    def _compute_what(self):
        for event in self:
            event.what = getattr(event, f"_what_{event.kind}")()

    def _what_state(self):
        history = self.state_id
        return " – ".join(filter(None, (history.meter_state_id.name, history.note)))

    def _what_exchange(self):
        exchange = self.exchange_id
        meters = (exchange.old_meter_id.serial or "–", exchange.meter_id.serial)
        return " – ".join(filter(None, (" → ".join(meters), exchange.order_id.name)))

    def _what_order(self):
        order = self.order_id
        parts = (
            order.name,
            order._label("creditbox_operation"),
            order._label("creditbox_state"),
            order.creditbox_note,
        )
        return " – ".join(filter(None, parts))

    def _what_reading(self):
        reading = self.reading_id
        source = reading._fields["source"]._description_selection(self.env)
        value = self.env["ir.qweb.field.float"].value_to_html(
            reading.value, {"precision": 3}
        )
        return " – ".join(filter(None, (value, dict(source).get(reading.source))))

    def _what_bill(self):
        move = self.move_id
        amount = move.currency_id.format(move.amount_total)
        return " – ".join((move.creditbox_ref or move.name, amount))

    def action_open(self):
        """:return: window action of the record that the event is of"""
        record = self.order_id or self.move_id or self.meter_id
        action = record.get_formview_action()
        if self.order_id:
            view = self.env.ref("creditbox_utility.fsm_order_view_form")
            action["views"] = [(view.id, "form")]
        return action
