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
    def _kinds_of(self, company, operation):
        """:return: list of the kinds of photo that prove an operation"""
        needs = self.sudo().search(  # whoever works at a meter may ask
            [
                ("operation", "=", operation),
                ("company_id", "in", [company.id, False]),
            ]
        )
        own = needs.filtered("company_id")
        return (own or needs).filtered("required").mapped("kind")
