from odoo import api, fields, models


class CreditboxTopic(models.Model):
    """What a complaint or a request is about, in two levels (TIQV, table A)."""

    _name = "creditbox.topic"
    _description = "Topic of Requests"
    _order = "parent_id, sequence, id"

    code = fields.Char(required=True)
    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    parent_id = fields.Many2one("creditbox.topic", string="Group", index=True)
    template_id = fields.Many2one(
        "mail.template",
        string="Text of the Answer",
        domain=[("model", "=", "helpdesk.ticket")],
        help="Taken before the text of the step.",
    )

    _code_uniq = models.Constraint("UNIQUE(code)", "This code is already in use.")

    @api.depends("name", "parent_id.name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for topic in self:
            names = (topic.parent_id.name, topic.name)
            topic.display_name = " / ".join(filter(None, names))
