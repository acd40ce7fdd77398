from odoo import models
from odoo.tools import format_date

from .creditbox_lawfulness import Refusal
from .fsm_order import CUTS, LEGAL_STEPS


class CreditboxLawfulness(models.AbstractModel):
    """What the meter itself forbids: its type, its state."""

    _inherit = "creditbox.lawfulness"

    def _of_meter(self, demand):
        supply = demand.position.supply_id
        meter = supply.meter_id
        if not supply:
            yield Refusal(
                "no_supply", self.env._("The debt is of no supply: there is no meter.")
            )
        elif not meter:
            yield Refusal(
                "no_meter", self.env._("Supply %s has no meter.", supply.code)
            )
        else:
            yield from self._of_type(demand, meter)
            yield from self._of_state(demand, meter)

    def _of_type(self, demand, meter):
        flag = "removable" if demand.operation == "removal" else "suspendable"
        if demand.operation not in LEGAL_STEPS or meter.meter_type_id[flag]:
            return
        values = {
            "meter": meter.serial,
            "type": meter.meter_type_id.name or self.env._("unknown"),
        }
        if flag == "removable":
            sentence = self.env._(
                "Meter %(meter)s is of type «%(type)s»: it may not be removed.",
                **values,
            )
        else:
            sentence = self.env._(
                "Meter %(meter)s is of type «%(type)s»: its supply may not be limited "
                "or suspended.",
                **values,
            )
        yield Refusal("meter_type", sentence)

    def _of_state(self, demand, meter):
        state = meter.meter_state_id
        values = {"meter": meter.serial, "state": state.name}
        if state.final and demand.operation != "check":
            yield Refusal(
                "meter_state", self.env._("Meter %(meter)s is «%(state)s».", **values)
            )
        elif demand.operation in CUTS and state and not state.supplied:
            yield Refusal(
                "meter_state",
                self.env._(
                    "Meter %(meter)s is «%(state)s»: nothing flows that could be "
                    "limited or suspended.",
                    **values,
                ),
            )
        elif demand.operation in ("limitation", "power_reduction"):
            yield from self._of_limitation(demand, meter)
        elif demand.operation == "reactivation":
            if state.supplied and not meter.limited_since:
                yield Refusal(
                    "meter_state",
                    self.env._(
                        "Meter %(meter)s is «%(state)s»: there is nothing to "
                        "reactivate.",
                        **values,
                    ),
                )

    def _of_limitation(self, demand, meter):
        service = demand.position.supply_id.service_type_id
        if service._limiting_operation() != demand.operation:
            yield Refusal(
                "operation",
                self.env._("%s is limited in another way.", service.name),
            )
        if meter.limited_since:
            yield Refusal(
                "meter_state",
                self.env._(
                    "Meter %(meter)s is limited since %(day)s.",
                    meter=meter.serial,
                    day=format_date(self.env, meter.limited_since),
                ),
            )
