from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools.sql import escape_psql
from odoo.tools.translate import LazyTranslate

# They are said in the language of whoever is asked.
# pylint: disable=prefer-env-translation
_lt = LazyTranslate(__name__)

LONGEST_SERIAL = 64


class FsmOrder(models.Model):
    """Another meter than expected: the crew's word corrects the supply's.

    However the crew tells it: phone, file, other system or office.
    """

    _inherit = "fsm.order"

    creditbox_expected_meter = fields.Char(
        string="Meter expected", readonly=True, copy=False
    )
    creditbox_found_meter = fields.Char(string="Meter found", readonly=True, copy=False)

    def _read_serial(self, serial):
        """:return: str, the serial number as it is kept
        :raises UserError: of several orders, none said, or that of the order itself
        """
        serial = " ".join((serial or "").split())
        if len(self) > 1:
            raise UserError(
                self.env._("Another meter: register these orders one by one.")
            )
        if not serial or len(serial) > LONGEST_SERIAL:
            raise UserError(
                self.env._("Say the serial number of the meter that is there.")
            )
        # the crew has no right on supplies
        expected = self.sudo().creditbox_meter_id.serial or ""
        if expected.casefold() == serial.casefold():
            raise UserError(
                self.env._(
                    "%s is the meter of the order: it is not another one.", serial
                )
            )
        return serial

    def _find_another(self, serial):
        """Note what the crew has found, and correct the supply where that is safe.

        The meter of another supply stays there: which of the two is wrong, people see.

        :param serial: str, of :meth:`_read_serial`
        """
        order = self.sudo()  # the outcome of an order changes them, whoever tells it
        supply = order.creditbox_supply_id
        supply.lock_for_update()
        order.write(
            {
                "creditbox_expected_meter": supply.meter_id.serial,
                "creditbox_found_meter": serial,
            }
        )
        found = self._meter_named(supply, serial)
        others = found.supply_ids - supply
        if others:
            order._note_crossed(found, others)
        else:
            order._exchange(found or order._new_meter(serial))

    def _meter_named(self, supply, serial):
        meters = supply.meter_id.with_context(active_test=False)
        return meters.search(
            [
                ("company_id", "=", supply.company_id.id),
                ("serial", "=ilike", escape_psql(serial)),
            ],
            limit=1,
        )

    def _new_meter(self, serial):
        old = self.creditbox_supply_id.meter_id
        return old.create(
            {
                "serial": serial,
                "company_id": self.company_id.id,
                "service_type_id": self.creditbox_supply_id.service_type_id.id,
                "meter_type_id": old.meter_type_id.id,
            }
        )

    def _exchange(self, meter):
        """The supply has this meter, in the state of the old one, which ends."""
        supply = self.creditbox_supply_id
        old = supply.meter_id
        noted = {"creditbox_state_note": self.name}
        meter.with_context(**noted).write(
            {
                "active": True,
                "meter_state_id": old.meter_state_id.id,
                "limited_since": old.limited_since,
            }
        )
        supply.meter_id = meter
        if not old.supply_ids:
            closed = self.env.ref("creditbox_base.meter_state_closed")
            old.with_context(**noted).write(
                {"meter_state_id": closed.id, "limited_since": False, "active": False}
            )
        self.env["creditbox.meter.exchange"].create(
            {
                "supply_id": supply.id,
                "old_meter_id": old.id,
                "meter_id": meter.id,
                "date": self._day_done(),
                "order_id": self.id,
                "user_id": self.env.uid,
            }
        )
        text = self.env._(
            "Order %(order)s, supply %(supply)s: meter %(old)s was expected, "
            "%(new)s was found.",
            order=self.name,
            supply=supply.code,
            old=old.serial or "–",
            new=meter.serial,
        )
        for record in (supply, old, meter):
            if record:
                record._message_log(body=text)
        self._ask(
            "mail.mail_activity_data_todo",
            _lt("Another meter was found, the supply is corrected: order again?"),
        )

    def _note_crossed(self, meter, others):
        text = self.env._(
            "Order %(order)s: meter %(meter)s was found at supply %(supply)s, but is "
            "that of %(others)s.",
            order=self.name,
            meter=meter.serial,
            supply=self.creditbox_supply_id.code,
            others=", ".join(others.mapped("code")),
        )
        for record in (*(self.creditbox_supply_id | others), meter):
            record._message_log(body=text)
        self._ask(
            "mail.mail_activity_data_warning",
            _lt("The meter found is that of another supply: see which one is wrong"),
        )
