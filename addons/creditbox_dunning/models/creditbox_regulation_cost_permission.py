from odoo import models


class CreditboxRegulationCost(models.Model):
    """What a cost of the procedure may be charged at, asked of the costs in force."""

    _inherit = "creditbox.regulation.cost"

    def _permit(self, position, cost, amount, real, day):
        """Return what may be charged of ``amount``: the strictest of these binds.

        :param cost: key of COSTS, False: no regulation speaks of it
        :param real: what it has really cost, 0 when nobody knows
        :return: (amount, the part of the regulation that lowers it, or none)
        """
        lowered = self.browse()
        for part in self:
            if part.cost == cost and part._concerns(position, day):
                limit = part._limit(amount, real)
                if limit < amount:
                    amount, lowered = limit, part
        return amount, lowered

    def _limit(self, amount, real):
        self.ensure_one()
        limit = {"no": 0, "real": real}.get(self.allowed, amount)
        return min(limit, self.amount) if self.amount else limit

    def _concerns(self, position, day):
        """Whether the customer of a position is among those that it is about."""
        self.ensure_one()
        supply = position.supply_id
        service = self.service_type_id
        if service and service != supply.service_type_id:
            return False
        protected = bool(supply.protected_until and supply.protected_until >= day)
        resident = supply.residential
        return {
            "all": True,
            "protected": protected,
            "resident": resident,
            "other": not protected and not resident,
        }[self.customers]
