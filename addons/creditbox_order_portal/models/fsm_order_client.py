from datetime import datetime, time, timezone

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_amount

from odoo.addons.creditbox_utility.models.fsm_order import OPEN_STATES, OPERATIONS

# when a crew's day begins, for a day that was named without an hour
MORNING = time(8)


class FsmOrder(models.Model):
    """Orders that a client company asks for, and stops."""

    _inherit = "fsm.order"

    @api.model
    def _operation_named(self, text):
        """:return: key of an operation by its key or its name, or None"""
        wanted = str(text or "").strip().casefold()
        labels = self._fields["creditbox_operation"]._description_selection(self.env)
        names = {name.casefold(): key for key, name in labels}
        names |= {name.casefold(): key for key, name in OPERATIONS}
        names |= {key: key for key, _name in OPERATIONS}
        return names.get(wanted)

    @api.model
    def _ask_by_client(self, user, rows):
        """Make the orders of a client's rows that are lawful; say why of the others.

        The number of queries does not grow with the rows.

        :param rows: list of {``row``: int, ``supply``: code, ``operation``: key or
            name, ``date``: datetime.date or None, ``note``: str or None}
        :return: list of {``row``, ``ok``, ``order``, ``order_id``, ``field``,
            ``message``}, in their order
        """
        supplies = self._supplies_named(user, {row["supply"] for row in rows})
        answers, wanted = {}, {}
        for place, row in enumerate(rows):
            position, refusal = self._read_client_row(row, supplies, wanted)
            if refusal:
                answers[place] = {"ok": False, **refusal}
            else:
                operation = self._operation_named(row["operation"])
                wanted[position.supply_id, operation] = (place, position)
        answers |= self._ask_wanted(rows, wanted)
        return [
            {"row": row["row"], "supply": row["supply"], **answers[place]}
            for place, row in enumerate(rows)
        ]

    @api.model
    def _supplies_named(self, user, codes):
        supplies = (
            self.env["creditbox.supply"]
            .sudo()  # within the client's own, see _portal_supplies
            .search(self._portal_supplies(user) & Domain("code", "in", list(codes)))
        )
        return {supply.code: supply for supply in supplies}

    def _read_client_row(self, row, supplies, wanted):
        """:return: (creditbox.position, None) or (None, {field, message})"""
        env = self.env
        supply = supplies.get(row["supply"])
        operation = self._operation_named(row["operation"])
        if not supply:
            return None, {
                "field": "supply",
                "message": env._("“%s” is none of your supplies.", row["supply"] or ""),
            }
        if not operation:
            return None, {
                "field": "operation",
                "message": env._("“%s” is no operation.", row["operation"] or ""),
            }
        if (supply, operation) in wanted:
            return None, {
                "field": "supply",
                "message": env._("This supply is twice in the file."),
            }
        if row.get("date") and row["date"] < supply.company_id._creditbox_today():
            return None, {"field": "date", "message": env._("This day has passed.")}
        position = supply._current_positions()[:1]
        if not position:
            return None, {
                "field": "supply",
                "message": env._("Nothing has been billed for this supply yet."),
            }
        return position, None

    def _ask_wanted(self, rows, wanted):
        """:return: {place of the row: its answer}"""
        answers = {}
        by_operation = {}
        for (_supply, operation), (place, position) in wanted.items():
            by_operation.setdefault(operation, []).append((place, position))
        orders = self.sudo()  # only supplies of the client get here
        positions = orders.env["creditbox.position"].union(
            *(position for _place, position in wanted.values())
        )
        orders._lock_debts(positions)
        for operation, found in by_operation.items():
            group = positions.union(*(position for _place, position in found))
            demands = dict(
                zip(group, orders._demands_by_hand(group, operation), strict=True)
            )
            refusals = orders.env["creditbox.lawfulness"]._refusals(
                [demands[position] for _place, position in found]
            )
            lawful = []
            for (place, position), refused in zip(found, refusals, strict=True):
                if refused:
                    answers[place] = {
                        "ok": False,
                        "field": "operation",
                        "message": " ".join(r.sentence for r in refused),
                    }
                else:
                    lawful.append((place, demands[position]))
            made = orders._request([demand for _place, demand in lawful], "client")
            for (place, _demand), order in zip(lawful, made, strict=True):
                answers[place] = order.sudo()._take_wishes(rows[place])
        return answers

    def _take_wishes(self, row):
        """Keep the day and the note of a client's order."""
        if row.get("date"):
            self.scheduled_date_start = self._morning_of(row["date"])
        if row.get("note"):
            self._message_log(body=self.env._("Note of the client: %s", row["note"]))
        return {"ok": True, "order": self.name, "order_id": self.id, "message": ""}

    def _morning_of(self, day):
        """:return: naive UTC datetime at which the crews' day begins"""
        zone = self.company_id._creditbox_zone()
        return (
            datetime.combine(day, MORNING, zone)
            .astimezone(timezone.utc)
            .replace(tzinfo=None)
        )

    # ------------------------------------------------------------------
    # changes
    # ------------------------------------------------------------------
    def _plan_anew(self, day):
        """Plan an order for another day, whatever it has come to.

        :raises UserError: a day on which it is forbidden, or an order that has ended
        """
        self.ensure_one()
        if self.creditbox_state not in OPEN_STATES or self.creditbox_state == "on_site":
            raise UserError(self._refused_transition("planned"))
        moment = self._morning_of(day)
        self._require_day(moment)
        before = self.scheduled_date_start
        # planning fields; the caller has asked who presses
        self.sudo().scheduled_date_start = moment
        if self.creditbox_state == "planned":
            self._message_log(
                body=self.env._(
                    "Planned anew: %(before)s → %(after)s",
                    before=before or "–",
                    after=moment,
                )
            )
            self._tell_portals()
        else:
            self._enter("planned")

    def _take_back(self, reason):
        """Cancel an order, or call it back from the crew that has it already."""
        self._close(
            "recalled" if self.creditbox_state in ("sent", "on_site") else "cancelled",
            reason,
        )
        self._announce("creditbox_order_recalled")

    def _stop_for_counter(self, user, amount, reference):
        """A payment at the client's counter: on hold at once, so the order stops.

        A part that is not enough is noted, and stops nothing: see
        ``creditbox.counter.payment``.

        :param amount: float
        :param reference: str, of the receipt
        :return: bool, whether the order was stopped
        :raises UserError: nothing that a payment stops; told already
        """
        self.ensure_one()
        if self not in self._against()._open_ones():
            raise UserError(self.env._("Nothing is to be stopped: it has ended."))
        payment = (
            self.env["creditbox.counter.payment"]
            .with_company(self.company_id)
            .sudo()  # who has checked that the order is the client's
            .create(
                {
                    "supply_id": self.creditbox_supply_id.id,
                    "amount": amount,
                    "channel": "counter",
                    "reference": reference,
                    "note": user.name,
                }
            )
        )
        payment.action_declare()
        self._message_log(
            body=self.env._(
                "Paid at the counter, says %(user)s: %(amount)s, %(reference)s",
                user=user.name,
                amount=format_amount(self.env, amount, payment.currency_id),
                reference=reference,
            )
        )
        return self.creditbox_state == "stopped"
