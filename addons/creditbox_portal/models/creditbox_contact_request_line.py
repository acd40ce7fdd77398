from odoo import api, fields, models


class CreditboxContactRequestLine(models.Model):
    _name = "creditbox.contact.request.line"
    _description = "Changed Contact Data"
    _rec_name = "label"

    request_id = fields.Many2one(
        "creditbox.contact.request", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="request_id.company_id", store=True)
    name = fields.Char(string="Field", required=True, readonly=True)
    old_value = fields.Char(readonly=True)
    new_value = fields.Char(readonly=True)
    label = fields.Char(string="Data", compute="_compute_labels")
    old_label = fields.Char(string="Before", compute="_compute_labels")
    new_label = fields.Char(string="After", compute="_compute_labels")

    @api.depends("name", "old_value", "new_value")
    @api.depends_context("lang")
    def _compute_labels(self):
        for line in self:
            field = self.env["res.partner"]._fields[line.name]
            line.label = field._description_string(self.env)
            line.old_label = line._show(field, line.old_value)
            line.new_label = line._show(field, line.new_value)

    def _show(self, field, value):
        if field.type == "boolean":
            return self.env._("Yes") if value else self.env._("No")
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value, value)
        return value

    def _value(self):
        """:return: what is written on the customer"""
        field = self.env["res.partner"]._fields[self.name]
        return bool(self.new_value) if field.type == "boolean" else self.new_value
