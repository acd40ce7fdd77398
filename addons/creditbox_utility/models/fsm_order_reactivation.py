from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.creditbox_base.tools import terms

from .creditbox_lawfulness import Demand
from .fsm_order import OPEN_STATES


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
        return cuts._paid_wholly()._reactivate(reason=self.env._("All is paid"))

    def _paid_wholly(self):
        """:return: the orders of supplies where nothing that they were for is open"""
        if not self:
            return self
        self.env.flush_all()
        # a credit that is not matched yet pays too, where the company lets it
        rows = self.env.execute_query(
            SQL(
                """
                WITH bill AS (
                    SELECT DISTINCT f.creditbox_supply_id AS supply_id, l.move_line_id,
                           CASE WHEN c.creditbox_use_credits
                                THEN p.amount_credit ELSE 0 END AS credit
                      FROM fsm_order f
                      JOIN creditbox_position p ON p.id = f.creditbox_position_id
                      JOIN res_company c ON c.id = f.company_id
                      JOIN creditbox_order_move_line l ON l.order_id = f.id
                     WHERE f.id = ANY(%s)
                )
                SELECT bill.supply_id
                  FROM bill
                  JOIN account_move_line line ON line.id = bill.move_line_id
                 GROUP BY bill.supply_id
                HAVING SUM(line.amount_residual) - MAX(bill.credit) > 0.004
                """,
                self.ids,
            )
        )
        unpaid = {supply_id for (supply_id,) in rows}
        return self.filtered(lambda order: order.creditbox_supply_id.id not in unpaid)

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
        last = self.sorted("id")[-1:].sudo()
        deadline = last._reactivation_deadline()
        lines = self.sudo().creditbox_move_line_ids
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
        for order in self.sudo():
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
