from odoo import api, fields, models

CHANNELS = [
    ("email", "E-mail"),
    ("letter", "Letter"),
    ("pec", "PEC"),
    ("counter", "Handed over"),
]


class CreditboxRequestAnswer(models.Model):
    """What was written to the customer, when, how, and the proof of it."""

    _name = "creditbox.request.answer"
    _description = "Answer to a Request"
    _order = "ticket_id, date desc, id desc"
    _rec_name = "subject"

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
    step_id = fields.Many2one(
        "creditbox.procedure.milestone", string="Step", readonly=True
    )
    date = fields.Datetime(string="Sent on", required=True, readonly=True)
    user_id = fields.Many2one("res.users", string="By", required=True, readonly=True)
    channel = fields.Selection(CHANNELS, required=True, readonly=True)
    recipient = fields.Char(readonly=True)
    subject = fields.Char(required=True, readonly=True)
    body = fields.Html(readonly=True)
    attachment_id = fields.Many2one("ir.attachment", string="Paper", readonly=True)
    proof_id = fields.Many2one("ir.attachment", string="Proof", readonly=True)
    mail_id = fields.Many2one(
        "mail.mail", readonly=True, index="btree_not_null", ondelete="set null"
    )
    message_number = fields.Char(
        string="Message-ID", readonly=True, help="Of the e-mail: proves what left."
    )
    outcome = fields.Selection(
        [
            ("outgoing", "About to leave"),
            ("sent", "Sent"),
            ("failed", "Failed"),
            ("by_hand", "By hand"),
        ],
        compute="_compute_outcome",
    )
    failure = fields.Char(compute="_compute_outcome")

    def _compute_outcome(self):
        states = {"outgoing": "outgoing", "sent": "sent"}
        for answer in self:
            mail = answer.sudo().mail_id  # the queue of mails is the system's
            answer.failure = mail.failure_reason
            if answer.channel != "email":
                answer.outcome = "by_hand"
            elif mail:
                answer.outcome = states.get(mail.state, "failed")
            else:
                answer.outcome = "sent"

    @api.depends("subject")
    def _compute_display_name(self):
        for answer in self:
            answer.display_name = answer.subject

    def action_open_paper(self):
        """:return: action that opens the PDF"""
        self.ensure_one()
        return self.ticket_id._download(self.attachment_id)
