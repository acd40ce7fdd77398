from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.translate import LazyTranslate

from odoo.addons.creditbox_base.tools import terms

from .creditbox_lawfulness import Demand
from .fsm_order import OPEN_STATES

# They are said in the language of whoever is asked.
# pylint: disable=prefer-env-translation
_lt = LazyTranslate(__name__)


class FsmOrder(models.Model):
    """What was taken away is given back when all is paid, in the regulated term."""

    _inherit = "fsm.order"

    @api.model
    def _reactivate_paid_of(self, partner_ids):
        """Make the reactivations of these customers whose cuts are paid wholly.

        In the transaction that has changed the debt.

        :return: fsm.order, the reactivations
        """
        cuts = self.search(
            Domain("creditbox_position_id.partner_id", "in", list(partner_ids))
            & Domain("creditbox_cuts", "=", True)
        )
        made = self.browse()
        entitled = cuts._entitled()
        for reason, orders in entitled.grouped(
            lambda order: order._reason_to_give_back()
        ).items():
            made |= orders._reactivate(reason=reason)
        return made

    def _reason_to_give_back(self):
        """:return: str for people, why a cut is given back; addons know others"""
        return self.env._("All is paid")

    def _entitled(self):
        """:return: the cuts that are to be given back; addons add rights of their own

        Everything is paid, or on hold for a reason that gives the supply back.
        """
        return self._paid_wholly() | self._held_and_given_back()

    def _paid_wholly(self):
        """:return: the orders of supplies where nothing that they were for is open"""
        left = self._left()
        unpaid = self.filtered(lambda order: order.id in left).creditbox_supply_id
        return self.filtered(lambda order: order.creditbox_supply_id not in unpaid)

    def _held_and_given_back(self):
        """:return: the orders whose supply, or customer, has such a hold today"""
        given = self.browse()
        for company, orders in self.grouped("company_id").items():
            day = company._creditbox_today()
            holds = self.env["creditbox.hold"].search(
                Domain("company_id", "=", company.id)
                & Domain("reason_id.gives_back", "=", True)
                & Domain("state", "=", "active")
                & Domain("date_from", "<=", day)
                & Domain("date_to", ">=", day)
                & (
                    Domain("supply_id", "in", orders.creditbox_supply_id.ids)
                    | Domain("partner_id", "in", orders.creditbox_partner_id.ids)
                )
            )
            given |= orders.filtered(
                lambda order, held=holds: (
                    order.creditbox_supply_id in held.supply_id
                    or order.creditbox_partner_id in held.partner_id
                )
            )
        return given

    @api.model
    def _withdraw_unpaid_of(self, partner_ids):
        """A payment has come back: call back the reactivations that it had made.

        Crews that are already under way are not called back by a machine: somebody is
        asked. What was cut though it was paid is given back in any case.

        :return: fsm.order, those that nobody has a right to any more
        """
        back = self.search(
            Domain("creditbox_position_id.partner_id", "in", list(partner_ids))
            & Domain("creditbox_operation", "=", "reactivation")
            & Domain("creditbox_origin", "=", "payment")
            & Domain("creditbox_state", "in", OPEN_STATES)
            & Domain("priority", "!=", "3")
        )
        if not back:
            return back
        cuts = back._cuts_of_supplies()
        paid = cuts._entitled().creditbox_supply_id
        lost = back.filtered(
            lambda order: order.creditbox_supply_id in (cuts.creditbox_supply_id - paid)
        )
        lost._withdraw()
        return lost

    def _withdraw(self):
        under_way = self.filtered(lambda o: o.creditbox_state in ("sent", "on_site"))
        for order in under_way.filtered(lambda order: not order.creditbox_alarm):
            order.sudo().creditbox_alarm = True  # nobody writes it by hand
            order._announce("creditbox_order_alarm")
            order._ask(
                "mail.mail_activity_data_warning",
                _lt("The right to it is gone, the crew is under way: decide"),
            )
        waiting = self - under_way
        for reason, orders in waiting.grouped(
            lambda order: order._reason_of_withdrawal()
        ).items():
            orders._close("recalled", reason)
            orders._set_meter_state("suspended")
        for order in waiting:
            order._announce("creditbox_order_recalled")

    def _reason_of_withdrawal(self):
        """:return: str for people, why a supply is not given back after all"""
        return self.env._("The payment has come back")

    def _reactivate(self, priority="2", reason=None):
        """Make one reactivation for each supply that these orders have cut.

        :param priority: of Field Service, "2" high, "3" urgent
        :return: fsm.order, without supplies where one is under way
        """
        under_way = self.search(
            [
                ("creditbox_supply_id", "in", self.creditbox_supply_id.ids),
                ("creditbox_operation", "=", "reactivation"),
                ("creditbox_state", "in", OPEN_STATES),
            ]
        ).creditbox_supply_id
        made = self.browse()
        for supply, orders in self.grouped("creditbox_supply_id").items():
            if supply not in under_way:
                made |= orders._reactivate_supply(priority, reason)
        return made

    def _reactivate_supply(self, priority, reason):
        last = self.sorted("id")[-1:].sudo()  # whoever pays need not see orders
        deadline = last._reactivation_deadline()
        lines = last.browse(self.ids).creditbox_move_line_ids
        demand = Demand(
            last.creditbox_position_id,
            "reactivation",
            lines,
            0,
            self.env["creditbox.action"],
        )
        company = last.company_id
        order = self._request(
            [demand],
            "payment",
            creditbox_note=reason,
            creditbox_deadline=deadline,
            priority=priority,
            request_late=company._creditbox_moment(
                deadline, company.creditbox_order_hour_to
            ),
        )
        meter = last.creditbox_supply_id.meter_id
        if meter.meter_state_id and not meter.meter_state_id.supplied:
            order._set_meter_state("to_reactivate")
        order._announce("creditbox_order_requested")
        return order

    def _reactivation_deadline(self):
        """Return the last day to give the supply back, as the regulation counts it.

        :return: datetime.date
        """
        self.ensure_one()
        company = self.company_id
        now = company._creditbox_local(fields.Datetime.now())
        law = self.env["creditbox.chain"]._law(company, now.date())
        service = self.creditbox_supply_id.service_type_id

        def figure(code):
            values = law.values.filtered(
                lambda v: v.code == code and v.service_type_id == service
            )
            return min(values.mapped("value"), default=None)  # the strictest

        start, late = now.date(), figure("reactivation_late_hour")
        if late and now.hour >= late:
            start = terms.end_of_term(start, 1, terms.SOLAR)
        unit = terms.FERIAL
        days = figure("reactivation_days")
        if self.creditbox_operation == "power_reduction":
            working = figure("reactivation_days_power")
            if working is not None:
                unit, days = terms.WORKING, working
        return terms.end_of_term(start, int(2 if days is None else days), unit)

    # ------------------------------------------------------------------
    # costs
    # ------------------------------------------------------------------
    def _charge_cost(self):
        """Charge the real cost of reactivations, as far as the regulation lets us.

        What it forbids is kept as refused, with its source. Nothing is asked of whoever
        was cut though he had paid.
        """
        charges = self.env["creditbox.charge"].sudo()  # nobody writes charges
        for order in self.sudo():  # the crew need not see positions
            company, position = order.company_id, order.creditbox_position_id
            cost = company.creditbox_reactivation_cost
            if cost <= 0 or order.priority == "3":
                continue
            day = company._creditbox_today()
            law = self.env["creditbox.chain"]._law(company, day)
            amount, part = law.costs._permit(
                position, "reactivation", cost, cost, law.day
            )
            order.creditbox_charge_id = charges._create_new(
                [
                    {
                        "name": self._name_of_cost(company, order),
                        "kind": "fee",
                        "position_id": position.id,
                        "user_id": self.env.uid,
                        **charges._permitted(amount, cost, part),
                    }
                ],
                company,
                day,
            )

    def _name_of_cost(self, company, order):
        speaking = self.with_context(lang=company.partner_id.lang)
        return speaking.env._("Costs of reactivation %s", order.name)
