from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.creditbox_base.tools import checks

FIELDS = [
    ("name", "Name"),
    ("street", "Street"),
    ("zip", "ZIP"),
    ("city", "City"),
    ("email", "E-mail"),
    ("phone", "Phone"),
    ("creditbox_mobile", "Mobile"),
    ("creditbox_pec", "PEC"),
    ("creditbox_fiscal_code", "Fiscal Code"),
    ("vat", "VAT Number"),
]
CHECKS = {
    "email": checks.check_email,
    "phone": lambda value: checks.check_phone(value, "IT"),
    "creditbox_mobile": lambda value: checks.check_mobile(value, "IT"),
    "creditbox_pec": checks.check_pec,
    "creditbox_fiscal_code": checks.check_fiscal_code,
    "vat": checks.check_vat,
}


class CreditboxRequestChange(models.Model):
    """A datum of the customer that a request changes."""

    _name = "creditbox.request.change"
    _description = "Change of Customer Data"
    _order = "ticket_id, id"
    _rec_name = "field_name"

    ticket_id = fields.Many2one(
        "helpdesk.ticket",
        string="Request",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="ticket_id.company_id", store=True, index=True, precompute=True
    )
    field_name = fields.Selection(FIELDS, string="Datum", required=True)
    old_value = fields.Char(
        string="Until Now",
        compute="_compute_old_value",
        store=True,
        precompute=True,
    )
    new_value = fields.Char(string="From Now On", required=True)

    _field_uniq = models.Constraint(
        "UNIQUE(ticket_id, field_name)", "A datum is changed twice."
    )

    @api.depends("field_name", "ticket_id.partner_id")
    def _compute_old_value(self):
        for change in self:
            partner, name = change.ticket_id.partner_id, change.field_name
            change.old_value = (partner[name] if name else "") or ""

    @api.constrains("field_name", "new_value")
    def _check_new_value(self):
        labels = dict(self._fields["field_name"]._description_selection(self.env))
        for change in self:
            check = CHECKS.get(change.field_name)
            problem = check and check(change.new_value)
            if problem:
                raise ValidationError(
                    self.env._(
                        "%(datum)s: %(problem)s",
                        datum=labels[change.field_name],
                        problem=problem,
                    )
                )
