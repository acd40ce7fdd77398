from odoo import models
from odoo.exceptions import UserError
from odoo.tools.translate import LazyTranslate

from .fsm_order import CUTS

# They are said in the language of whoever is asked.
# pylint: disable=prefer-env-translation
_lt = LazyTranslate(__name__)


class FsmOrder(models.Model):
    """What the crew has done, and what becomes of meter, action and costs with it."""

    _inherit = "fsm.order"

    def action_done(self):
        """Register that orders have been carried out.

        The debts stay locked until this is committed. What was paid in the meantime is
        stopped instead.

        :return: client action that says so
        :raises UserError: stopped orders; no look at the debt that is fresh enough
        """
        self._require("creditbox_base.group_operator")
        self._lock_to_end()
        if unchecked := self._unchecked():
            raise UserError(
                self.env._(
                    "%(orders)s: look at the debt first (not older than %(minutes)s "
                    "minutes).",
                    orders=", ".join(unchecked.mapped("name")),
                    minutes=unchecked[0].company_id.creditbox_debt_check_minutes,
                )
            )
        stopped = self._stop_paid()
        (self - stopped)._carry_out()
        return self._say(stopped) if stopped else None

    def _look_and_carry_out(self):
        """Register as done what is still due, by a look at the debt just now.

        One look, for whoever tells from outside that it has been done: the debts stay
        locked until this is committed.

        :return: the orders that have been stopped instead
        """
        self._lock_to_end()
        stopped = self._look_at_debt()
        (self - stopped)._carry_out()
        return stopped

    def _lock_to_end(self):
        """
        :raises UserError: orders that cannot be done, with the debts locked
        """
        # the crew has no right on positions; the lock is the system's
        self._lock_debts(self.sudo().creditbox_position_id)
        self._check_transition("done")
        for order in self.filtered(lambda order: order.creditbox_state == "stopped"):
            raise UserError(order._refused_transition("done"))

    def action_done_though_paid(self, reason):
        """Register what should not have happened: carried out though it was paid.

        An alarm; the reactivation is made at once.

        :param reason: str, what has happened
        :raises UserError: orders that have not been stopped
        """
        self._require("creditbox_base.group_supervisor")
        self._lock_debts(self.sudo().creditbox_position_id)
        wrong = self.filtered(lambda order: order.creditbox_state != "stopped")
        if wrong:
            raise UserError(
                self.env._("%s: only an order that was stopped.", wrong[0].name)
            )
        self.sudo().creditbox_alarm = True
        self._carry_out(self.env._("CARRIED OUT THOUGH IT WAS PAID. %s", reason))
        for order in self:
            order._announce("creditbox_order_alarm")
            order._ask(
                "mail.mail_activity_data_warning",
                _lt("Carried out though it was paid"),
            )
        cut = self.filtered(lambda o: o.creditbox_operation in (*CUTS, "removal"))
        cut._reactivate(priority="3", reason=self.env._("Cut though it was paid"))

    def _carry_out(self, reason=None):
        """These are done: meters, actions, costs follow."""
        self._enter("done", reason)
        for operation, orders in self.grouped("creditbox_operation").items():
            orders._follow_at_the_meter(operation)
        self._follow_in_the_table()
        self.filtered(
            lambda order: order.creditbox_operation == "reactivation"
        )._charge_cost()

    def action_not_executable(self, reason, note=None, meter=None):
        """Register that the crew could not do it.

        :param reason: creditbox.order.reason
        :param note: str, or None
        :param meter: str, serial number found on the spot, where the reason asks for it
        :raises UserError: it asks for it, and there is none or that of the order
        """
        self._require("creditbox_base.group_operator")
        self._check_transition("not_executable")
        serial = self._read_serial(meter) if reason.asks_meter else None
        text = ". ".join(
            filter(None, (": ".join(filter(None, (reason.name, serial))), note))
        )
        self._close("not_executable", text, creditbox_reason_id=reason.id)
        if serial:
            self._find_another(serial)

    def action_recall(self, reason):
        """Call orders back that have been handed out.

        :param reason: str
        """
        self._require("creditbox_base.group_operator")
        self._check_transition("recalled")
        self._close("recalled", reason)
        for order in self:
            order._announce("creditbox_order_recalled")

    # ------------------------------------------------------------------
    # meters
    # ------------------------------------------------------------------
    def _follow_at_the_meter(self, operation):
        """Bring the meters into the state that the operation leaves."""
        follow = {
            "limitation": self._limited,
            "power_reduction": self._limited,
            "suspension": self._suspended,
            "reactivation": self._reactivated,
            "removal": self._removed,
        }.get(operation)
        if follow:
            follow()

    def _meters(self):
        # the outcome of an order changes them, whoever registers it
        return self.sudo().creditbox_supply_id.meter_id

    def _set_meter_state(self, xml_id, **values):
        """:param xml_id: str, of the creditbox.meter.state in creditbox_base"""
        state = self.env.ref(f"creditbox_base.meter_state_{xml_id}")
        for order in self:
            order._meters().with_context(creditbox_state_note=order.name).write(
                {"meter_state_id": state.id, **values}
            )

    def _limited(self):
        self.sudo().creditbox_cuts = True
        for order in self:
            meter = order._meters()
            meter.limited_since = order._day_done()
            operation = order._label("creditbox_operation")
            meter._keep_in_history(f"{order.name}: {operation}")

    def _suspended(self):
        self.sudo().creditbox_cuts = True
        self._set_meter_state("suspended")

    def _reactivated(self):
        self._cuts_of_supplies().creditbox_cuts = False
        self._set_meter_state("active", limited_since=False)

    def _removed(self):
        self._cuts_of_supplies().creditbox_cuts = False
        self._set_meter_state("closed", limited_since=False)

    def _cuts_of_supplies(self):
        return self.sudo().search(
            [
                ("creditbox_supply_id", "in", self.creditbox_supply_id.ids),
                ("creditbox_cuts", "=", True),
            ]
        )

    # ------------------------------------------------------------------
    # the action table
    # ------------------------------------------------------------------
    def _follow_in_the_table(self):
        """The actions that asked for these are done, on the day of the crew."""
        waiting = self.filtered(lambda o: o.creditbox_action_id.state == "sending")
        for day, orders in waiting.grouped(lambda order: order._day_done()).items():
            # nobody writes actions
            orders.sudo().creditbox_action_id._mark_done(day)
        waiting.sudo().creditbox_action_id.run_id._finish_if_over()
