from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    creditbox_evaluated_at = fields.Datetime(
        string="Last evaluation", readonly=True, copy=False
    )
    creditbox_contact_delay = fields.Integer(
        string="Minimum contact delay (days)",
        default=5,
        help="Days that must pass after a communication to a customer before the "
        "next one.",
    )
    creditbox_use_credits = fields.Boolean(
        string="Credits cover overdue bills",
        default=True,
        help="Unallocated payments and credit notes cover the oldest bills before "
        "any action is made.",
    )
    creditbox_subsidised_amount = fields.Monetary(
        string="Subsidised band a year",
        help="What a domestic user of water pays in a year for the subsidised band, "
        "where the supply does not say it. The law allows to suspend above it only.",
    )
    creditbox_auto_propose = fields.Boolean(
        string="Propose every night",
        help="A run is proposed each night; people approve it in the morning.",
    )
    creditbox_batch_size = fields.Integer(
        string="Actions in a batch",
        default=200,
        help="Actions handed over in one transaction.",
    )
    creditbox_joint = fields.Boolean(
        string="One message a customer",
        help="A customer with several supplies gets one e-mail, SMS, letter or PEC for "
        "all of them, where the same run has the same text for them; the bills are "
        "listed by supply, an SMS says their sum.",
    )
    creditbox_email_from = fields.Char(
        string="Sender of reminders",
        help="«Name <address>»; empty: the e-mail of the company.",
    )
    creditbox_reply_to = fields.Char(
        string="Answers go to", help="Empty: to the sender of reminders."
    )
    creditbox_letter_footer = fields.Text(
        string="Foot of letters", help="Registered office, share capital, registers…"
    )
    creditbox_payment_qr = fields.Selection(
        [
            ("pagopa", "pagoPA notice"),
            ("code", "Payment code as it is"),
            ("none", "None"),
        ],
        string="QR code in letters",
        default="pagopa",
        required=True,
        help="A payment code that is no pagoPA notice is printed as it is.",
    )

    def _creditbox_red_light(self):
        """Return why nothing may leave now: who has paid may not be known.

        :return: list of str, empty when all is well or somebody answers for it
        """
        self.ensure_one()
        if self.env["creditbox.feed.override"]._in_force(self):
            return []
        return self._creditbox_feed_problems()

    def _creditbox_green(self):
        """:return: the companies whose actions may leave now"""
        return self.filtered(lambda company: not company._creditbox_red_light())
