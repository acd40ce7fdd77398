from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from ..tools import placeholder

MAX_ATTACHMENTS = 10 * 1024 * 1024
# placeholders that say the same on all positions of a customer
OF_CUSTOMER = ("customer_", "company_", "fiscal_code", "today")


class CreditboxMailing(models.Model):
    """One text to the customers of many positions: no step of the action table.

    What was written to whom stays, with the choice that it was made for.
    """

    _name = "creditbox.mailing"
    _inherit = ["mail.thread", "creditbox.text"]
    _description = "Mailing to Customers"
    _order = "id desc"
    _rec_name = "subject"
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True, readonly=True)
    code = fields.Selection([("email", "E-mail")], required=True, default="email")
    template_id = fields.Many2one(
        "creditbox.template",
        string="Standard text",
        check_company=True,
        domain="[('code', '=', 'email'), ('company_id', 'in', (company_id, False))]",
        help="Each customer gets it in their own language. Empty: the text below.",
    )
    subject = fields.Char()
    body = fields.Html(sanitize_attributes=True)
    text = fields.Text(string="SMS text")
    deadline_days = fields.Integer(
        string="Days to pay", default=10, help="For {{ deadline }}."
    )
    about_debt = fields.Boolean(
        string="About the debt",
        default=True,
        help="Who owes nothing overdue any more at the moment of sending gets none.",
    )
    attachment_ids = fields.Many2many(
        "ir.attachment",
        string="Attachments",
        help="The same for all: never put data of one customer in it.",
    )
    criteria = fields.Char(
        string="Filter", readonly=True, help="The choice that the list showed."
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("sending", "Sending"),
            ("done", "Done"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="draft",
        readonly=True,
        tracking=True,
        copy=False,
    )
    date_sent = fields.Datetime(string="Released on", readonly=True, copy=False)
    sent_by_id = fields.Many2one(
        "res.users", string="Released by", readonly=True, copy=False
    )
    recipient_ids = fields.One2many(
        "creditbox.mailing.recipient", "mailing_id", string="Recipients"
    )
    recipient_count = fields.Integer(compute="_compute_counts")
    without_address_count = fields.Integer(
        string="Without address",
        compute="_compute_counts",
        help="No usable e-mail, refused, or on the blacklist: they get none.",
    )
    done_count = fields.Integer(string="Sent", compute="_compute_counts")
    failed_count = fields.Integer(string="Failed", compute="_compute_counts")
    skipped_count = fields.Integer(string="Left out", compute="_compute_counts")
    preview_id = fields.Many2one(
        "creditbox.mailing.recipient",
        string="Preview for",
        compute="_compute_preview_id",
        store=True,
        readonly=False,
        domain="[('mailing_id', '=', id)]",
    )
    preview_subject = fields.Char(compute="_compute_preview")
    preview_body = fields.Html(compute="_compute_preview", sanitize=False)

    @api.depends("subject", "template_id")
    def _compute_display_name(self):
        for mailing in self:
            text = mailing.template_id.name or mailing.subject
            mailing.display_name = text or self.env._("New mailing")

    @api.depends("recipient_ids.state")
    def _compute_counts(self):
        groups = self.env["creditbox.mailing.recipient"]._read_group(
            [("mailing_id", "in", self.ids)], ["mailing_id", "state"], ["__count"]
        )
        counts = {(mailing.id, state): count for mailing, state, count in groups}
        for mailing in self:
            own = {state: n for (id_, state), n in counts.items() if id_ == mailing.id}
            mailing.recipient_count = sum(own.values())
            mailing.done_count = own.get("done", 0)
            mailing.failed_count = own.get("failed", 0)
            mailing.skipped_count = own.get("skipped", 0)
            mailing.without_address_count = mailing._count_without_address()

    def _count_without_address(self):
        if self.state != "draft":
            return 0
        return self.env["creditbox.mailing.recipient"].search_count(
            [
                ("mailing_id", "=", self.id),
                ("partner_id.creditbox_has_email", "=", False),
            ]
        )

    @api.depends("recipient_ids")
    def _compute_preview_id(self):
        for mailing in self:
            if mailing.preview_id not in mailing.recipient_ids:
                mailing.preview_id = mailing.recipient_ids[:1]

    @api.depends("template_id", "subject", "body", "deadline_days", "preview_id")
    def _compute_preview(self):
        for mailing in self:
            subject, body = mailing._preview()
            mailing.preview_subject = subject
            mailing.preview_body = body

    def _preview(self):
        """:return: (subject, HTML) for one recipient; a faulty text says its fault"""
        if not self.preview_id:
            return "", ""
        try:
            self._check_text_of_mailing()
            [communication] = self.preview_id._communications(self._source())
        except ValidationError as error:
            return "", str(error)
        before, after = self.env["creditbox.channel.email"]._layout(communication)
        return communication.subject(), before + communication.html() + after

    # ------------------------------------------------------------------
    # what may be written
    # ------------------------------------------------------------------
    @api.constrains("template_id", "subject", "body", "state")
    def _check_texts(self):
        """A draft may be incomplete, not wrong in what it has."""
        for mailing in self:
            if mailing.state != "draft":
                mailing._check_text_of_mailing()

    def _check_text_of_mailing(self):
        if not self.template_id:
            self._check_text()

    @api.constrains("attachment_ids")
    def _check_attachments(self):
        self.attachment_ids.check_access("read")  # nobody sends what is not theirs
        for mailing in self:
            if sum(mailing.attachment_ids.mapped("file_size")) > MAX_ATTACHMENTS:
                raise ValidationError(
                    self.env._(
                        "Attachments of more than %s MB are too large for an e-mail.",
                        MAX_ATTACHMENTS // 1024 // 1024,
                    )
                )

    @api.constrains("deadline_days")
    def _check_deadline_days(self):
        if self.filtered(lambda mailing: mailing.deadline_days < 0):
            raise ValidationError(self.env._("The days to pay cannot be negative."))

    def _source(self):
        """:return: what has the text: a creditbox.template, or the mailing itself"""
        self.ensure_one()
        return self.template_id or self

    def _names_position(self):
        """Whether the text says other things of each position of a customer."""
        source = self._source()
        names = {*placeholder.names(source.subject), *placeholder.names(source.body)}
        return any(not name.startswith(OF_CUSTOMER) for name in names)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_is_system(vals)
        return super().create(vals_list)

    def _check_is_system(self, vals):
        """
        :raises AccessError: somebody writes what only the buttons do
        """
        outcome = {"state", "date_sent", "sent_by_id"}
        if not self.env.su and not outcome.isdisjoint(vals):
            raise AccessError(self.env._("What becomes of a mailing is not entered."))

    def write(self, vals):
        self._check_is_system(vals)
        frozen = {"template_id", "subject", "body", "attachment_ids", "about_debt"}
        if not frozen.isdisjoint(vals) and self.filtered(lambda m: m.state != "draft"):
            raise UserError(self.env._("What has been released stays as it is."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_released(self):
        if self.filtered(lambda mailing: mailing.state != "draft"):
            raise UserError(self.env._("What has been released stays as it is."))

    # ------------------------------------------------------------------
    # buttons
    # ------------------------------------------------------------------
    def action_send(self):
        """Release the mailing: it leaves in the background."""
        for mailing in self:
            mailing.check_access("write")
            if mailing.state != "draft":
                raise UserError(self.env._("This mailing has been released already."))
            mailing._check_text_of_mailing()
            mailing._check_green()
            # state and recipients are the system's; who presses may write the mailing
            mailing.sudo()._release(self.env.user)

    def _is_held(self):
        """Whether it must wait: who has paid may not be known."""
        return self.about_debt and not self.company_id._creditbox_green()

    def _check_green(self):
        """
        :raises UserError: the data is not to be trusted, and nobody answers for it
        """
        if self._is_held():
            raise UserError(
                self.env._(
                    "Nothing may leave, because who has paid may not be known:\n"
                    "%s\nA credit manager can override this.",
                    "\n".join(self.company_id._creditbox_red_light()),
                )
            )

    def _release(self, user):
        if not self._names_position():
            self.recipient_ids._skip_same_customer()
        self.write(
            {
                "state": "sending",
                "date_sent": fields.Datetime.now(),
                "sent_by_id": user.id,
            }
        )
        self._enqueue()

    def action_cancel(self):
        """Stop what has not left."""
        for mailing in self:
            mailing.check_access("write")
            if mailing.state not in ("draft", "sending"):
                continue
            reason = self.env._("Cancelled by %s", self.env.user.name)
            mailing.sudo().recipient_ids._stop(reason)
            mailing.sudo().state = "cancelled"

    def action_open_recipients(self):
        """:return: window action of the recipients"""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "creditbox_dunning.creditbox_mailing_recipient_action"
        )
        return {**action, "domain": [("mailing_id", "=", self.id)]}

    # ------------------------------------------------------------------
    # in the background
    # ------------------------------------------------------------------
    def _enqueue(self):
        for mailing in self:
            mailing.with_delay(
                description=self.env._("Mailing %s", mailing.display_name),
                identity_key=f"creditbox.mailing-{mailing.id}",
                channel="root.creditbox",
            )._send_next()

    def _send_next(self):
        """Queue the e-mails of one batch; come back for the next.

        Safe to repeat: what a killed worker had not committed still waits.
        """
        self.ensure_one()
        mailing = self.sudo()  # the outcome is the system's to write
        if mailing.state != "sending" or mailing._is_held():
            return  # _cron_resume comes back
        if mailing.about_debt and not mailing.company_id._creditbox_green():
            return  # _cron_resume comes back
        waiting = Domain("mailing_id", "=", self.id) & Domain("state", "=", "waiting")
        recipients = mailing.env["creditbox.mailing.recipient"]
        size = mailing.company_id.creditbox_batch_size
        recipients.search(waiting, limit=size)._queue()
        if recipients.search_count(waiting, limit=1):
            mailing._enqueue()
        else:
            mailing._finish_if_over()

    def _finish_if_over(self):
        for mailing in self.filtered(lambda mailing: mailing.state == "sending"):
            domain = [
                ("mailing_id", "=", mailing.id),
                ("state", "in", ("waiting", "queued")),
            ]
            if not self.env["creditbox.mailing.recipient"].search_count(
                domain, limit=1
            ):
                mailing.state = "done"

    @api.model
    def _cron_resume(self):
        """Take up mailings whose job was lost; close those that are over."""
        sending = self.search([("state", "=", "sending")])
        sending._finish_if_over()
        sending.filtered(lambda mailing: mailing.state == "sending")._enqueue()
