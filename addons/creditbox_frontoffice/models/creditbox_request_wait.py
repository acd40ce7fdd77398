from odoo import fields, models

CAUSES = [
    ("customer", "Customer"),
    ("third_party", "Third party"),
    ("permit", "Permit"),
    ("weather", "Weather"),
]


class CreditboxRequestWait(models.Model):
    """A time during which a request waited for somebody else, and the proof of it."""

    _name = "creditbox.request.wait"
    _description = "Wait of a Request"
    _order = "date_from, id"
    _rec_name = "cause"

    ticket_id = fields.Many2one(
        "helpdesk.ticket",
        string="Request",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="ticket_id.company_id", store=True, index=True, precompute=True
    )
    date_from = fields.Datetime(string="From", required=True, readonly=True)
    date_to = fields.Datetime(string="To", readonly=True)
    cause = fields.Selection(CAUSES, required=True, readonly=True)
    note = fields.Char(readonly=True)
    attachment_id = fields.Many2one("ir.attachment", string="Proof", readonly=True)
    user_id = fields.Many2one("res.users", string="By", required=True, readonly=True)

    _one_open = models.UniqueIndex(
        "(ticket_id) WHERE date_to IS NULL", "The request is waiting already."
    )
    _dates_check = models.Constraint(
        "CHECK(date_to IS NULL OR date_from <= date_to)",
        "A wait cannot end before it begins.",
    )
