from odoo import api, fields, models

from .creditbox_order_photo import KINDS
from .fsm_order import OPERATIONS


class CreditboxOrderPhotoNeed(models.Model):
    """Which photos prove an operation.

    A company with rows of its own for an operation follows those, not the group's.
    """

    _name = "creditbox.order.photo.need"
    _description = "Photo Required at the Meter"
    _order = "operation, company_id, sequence, id"

    operation = fields.Selection(OPERATIONS, required=True)
    kind = fields.Selection(KINDS, string="Photo", required=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: the whole group."
    )
    sequence = fields.Integer(default=10)
    required = fields.Boolean(
        default=True, help="Without it the order cannot be registered as done."
    )

    _kind_uniq = models.UniqueIndex(
        "(operation, kind, COALESCE(company_id, 0))",
        "This photo is already in the list of the operation.",
    )

    @api.depends("operation", "kind")
    def _compute_display_name(self):
        operations = dict(self._fields["operation"]._description_selection(self.env))
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for need in self:
            operation = operations.get(need.operation, "")
            need.display_name = f"{operation} – {kinds.get(need.kind, '')}"

    @api.model
    def _kinds_of(self, orders):
        """Which photos prove what is done at the meter, by one query.

        :return: {fsm.order: list of kinds}
        """
        needs = self.sudo().search(  # whoever works at a meter may ask
            [
                ("operation", "in", orders.mapped("creditbox_operation")),
                ("company_id", "in", [*orders.company_id.ids, False]),
            ]
        )
        rows = needs.grouped(lambda need: (need.operation, need.company_id))
        group = self.env["res.company"]
        kinds = {}
        for order in orders:
            operation = order.creditbox_operation
            own = rows.get((operation, order.company_id))
            found = own or rows.get((operation, group), self.browse())
            kinds[order] = found.filtered("required").mapped("kind")
        return kinds
