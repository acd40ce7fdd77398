from odoo import api, fields, models

from odoo.addons.creditbox_utility.models.fsm_order import OPERATIONS


class CreditboxWork(models.Model):
    """A kind of work at the meter: how long it takes; crews name those that they do."""

    _name = "creditbox.work"
    _description = "Kind of Work at the Meter"
    _order = "sequence, id"

    name = fields.Char(compute="_compute_name")
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one("res.company", help="Empty: of the whole group.")
    operation = fields.Selection(OPERATIONS, required=True)
    service_type_id = fields.Many2one(
        "creditbox.service.type", string="Service", help="Empty: any service."
    )
    minutes = fields.Integer(
        required=True, default=20, help="At the meter, without the drive."
    )

    _minutes_positive = models.Constraint(
        "CHECK(minutes > 0 AND minutes <= 1440)",
        "A work takes from 1 to 1440 minutes.",
    )
    _kind_uniq = models.UniqueIndex(
        "(operation, COALESCE(service_type_id, 0), COALESCE(company_id, 0))",
        "There is this kind of work already.",
    )

    @api.depends("operation", "service_type_id")
    @api.depends_context("lang")
    def _compute_name(self):
        labels = dict(self._fields["operation"]._description_selection(self.env))
        for work in self:
            words = (labels.get(work.operation), work.service_type_id.name)
            work.name = " – ".join(filter(None, words))

    def _fits(self, operation, service_id):
        """Whether this is the work of an operation at a service's meter."""
        mine = self.service_type_id.id
        return self.operation == operation and mine in (False, service_id)

    @api.model
    def _minutes_of(self, company):
        """Return how long the works of a company take: what is said closest counts.

        :return: function (operation, service id) → minutes
        """
        works = self.search([("company_id", "in", (False, company.id))])
        closest = works.sorted(
            lambda work: (bool(work.service_type_id), bool(work.company_id)),
            reverse=True,
        )
        default = self.default_get(["minutes"])["minutes"]

        def minutes(operation, service_id):
            fit = (work for work in closest if work._fits(operation, service_id))
            return next(fit, self).minutes or default

        return minutes
