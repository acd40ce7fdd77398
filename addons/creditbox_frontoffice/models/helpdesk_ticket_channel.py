from odoo import fields, models


class HelpdeskTicketChannel(models.Model):
    _inherit = "helpdesk.ticket.channel"

    creditbox_kind = fields.Selection(
        [
            ("counter", "Counter"),
            ("contact", "Contact from afar"),
            ("internal", "Internal"),
            ("distributor", "Distributor or other operator"),
        ],
        string="Kind",
        default="contact",
        help="How requests are counted on the page of the front office.",
    )
