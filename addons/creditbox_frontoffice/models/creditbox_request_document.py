from odoo import api, fields, models


class CreditboxRequestDocument(models.Model):
    """A document that a request needs: received, or still missing."""

    _name = "creditbox.request.document"
    _description = "Document of a Request"
    _order = "ticket_id, sequence, id"
    _rec_name = "type_id"

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
    sequence = fields.Integer(default=10)
    type_id = fields.Many2one(
        "creditbox.document.type",
        string="Document",
        required=True,
        ondelete="restrict",
    )
    required = fields.Boolean()
    milestone_id = fields.Many2one("creditbox.milestone", string="At the latest by")
    file = fields.Binary(attachment=True)
    file_name = fields.Char()
    seen = fields.Boolean(
        string="Seen", help="Shown at the counter, without a copy for the file."
    )
    received = fields.Boolean(compute="_compute_received")

    @api.depends("file", "seen")
    def _compute_received(self):
        for document in self:
            document.received = bool(document.file or document.seen)
