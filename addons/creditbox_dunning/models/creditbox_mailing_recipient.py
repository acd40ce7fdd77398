from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from .creditbox_communication import Case


class CreditboxMailingRecipient(models.Model):
    """A customer that a mailing is for, with what became of it."""

    _name = "creditbox.mailing.recipient"
    _description = "Recipient of a Mailing"
    _order = "id"
    _check_company_auto = True
    _rec_name = "position_id"

    mailing_id = fields.Many2one(
        "creditbox.mailing",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="mailing_id.company_id", store=True, precompute=True, index=True
    )
    position_id = fields.Many2one(
        "creditbox.position",
        required=True,
        readonly=True,
        index=True,
        check_company=True,
        ondelete="cascade",
    )
    partner_id = fields.Many2one(
        related="position_id.partner_id", store=True, precompute=True, index=True
    )
    address = fields.Char(readonly=True)
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("queued", "Sending"),
            ("done", "Sent"),
            ("failed", "Failed"),
            ("skipped", "Left out"),
        ],
        required=True,
        default="waiting",
        readonly=True,
    )
    reason = fields.Char(readonly=True)
    message_id = fields.Many2one(
        "mail.message", readonly=True, index="btree_not_null", ondelete="set null"
    )
    message_body = fields.Html(related="message_id.body", string="Text sent")
    mail_ids = fields.One2many("mail.mail", "creditbox_recipient_id", readonly=True)

    _position_uniq = models.Constraint(
        "UNIQUE(mailing_id, position_id)", "This position is already in the mailing."
    )

    @api.model_create_multi
    def create(self, vals_list):
        allowed = {"mailing_id", "position_id"}
        if not self.env.su and any(vals.keys() - allowed for vals in vals_list):
            raise AccessError(self.env._("What becomes of a mailing is not entered."))
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_released(self):
        if self.filtered(lambda recipient: recipient.mailing_id.state != "draft"):
            raise UserError(self.env._("What has been released stays as it is."))

    def _skip(self, reason):
        self.write({"state": "skipped", "reason": reason})

    def _skip_same_customer(self):
        """The text says the same of all positions of a customer: one is enough."""
        seen = set()
        for recipient in self:
            if recipient.partner_id in seen:
                recipient._skip(self.env._("Another line of the same customer has it"))
            seen.add(recipient.partner_id)

    def _stop(self, reason):
        """Stop those that have not been sent."""
        pending = self.filtered(lambda r: r.state in ("waiting", "queued"))
        pending._recall()
        pending._skip(reason)

    def _recall(self):
        """Take the e-mails out of the queue, and out of the customers' chatter."""
        mails = self.mail_ids.filtered(lambda mail: mail.state == "outgoing")
        mails.write({"state": "cancel"})
        mails.mail_message_id.write({"model": False, "res_id": False})

    # ------------------------------------------------------------------
    # writing
    # ------------------------------------------------------------------
    def _cases(self, source=None):
        """:return: list of creditbox_communication.Case, key = id"""
        return [
            Case(
                key=recipient.id,
                position=recipient.position_id,
                template=source or recipient.mailing_id._source(),
                as_of=recipient.company_id._creditbox_today(),
            )
            for recipient in self
        ]

    def _communications(self, source=None):
        """
        :param source: what has the text, instead of the mailing as it is stored
        :return: list of creditbox_communication.Communication
        """
        if not self:
            return []
        communications = self.env["creditbox.communication"]
        return communications._write_cases(self._cases(source), tables=True)

    def _queue(self):
        """Write the e-mails and queue them; who should get none is left out."""
        channel = self.env["creditbox.channel.email"]
        reached = self._with_address()
        written = reached._still_concerned(reached._communications())
        layouts = {}
        mails = channel._create_quickly(
            [self._mail_values(communication, layouts) for communication in written]
        )
        for mail in mails:
            mail.creditbox_recipient_id.write(
                {"state": "queued", "message_id": mail.mail_message_id.id}
            )
        if mails:
            self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()

    def _with_address(self):
        """Leave out who has no address, or wants no e-mails.

        :return: the others, with the address of now
        """
        channel = self.env["creditbox.channel.email"]
        without = self.browse()
        for recipient in self:
            address = channel._address(recipient.partner_id)
            if not address:
                without += recipient
            elif address != recipient.address:
                recipient.address = address
                recipient.mail_ids.email_to = address
        without._recall()
        for recipient in without:
            refusal = channel._refusal(recipient.partner_id)
            recipient._skip(refusal or self.env._("No address"))
        return self - without

    def _still_concerned(self, communications):
        """Leave out who owes nothing overdue, where the mailing is about the debt.

        :return: the other communications
        """
        settled = [
            communication
            for communication in communications
            if not communication.statement.bills
        ]
        gone = self.browse(communication.case.key for communication in settled)
        gone = gone.filtered("mailing_id.about_debt")
        gone._recall()
        gone._skip(self.env._("Nothing is overdue any more"))
        return [item for item in communications if item.case.key not in gone.ids]

    @api.model
    def _mail_values(self, communication, layouts):
        channel = self.env["creditbox.channel.email"]
        values = channel._mail_values(communication, layouts)
        recipient = self.browse(communication.case.key)
        files = recipient.mailing_id.attachment_ids.ids
        return values | {
            "creditbox_action_id": False,
            "creditbox_recipient_id": recipient.id,
            "attachment_ids": [Command.set(files)],
        }

    # ------------------------------------------------------------------
    # leaving
    # ------------------------------------------------------------------
    def _look_again(self):
        """At the moment of leaving: drop who has paid, write changed figures anew."""
        self.env.invalidate_all()
        # what has failed may be tried again by hand
        queued = self.filtered(lambda r: r.state in ("queued", "failed"))
        reached = queued._with_address()
        communications = reached._still_concerned(reached._communications())
        channel = self.env["creditbox.channel.email"]
        for communication in communications:
            recipient = self.browse(communication.case.key)
            digest = communication.statement.digest
            for mail in recipient.mail_ids.filtered(
                lambda mail, digest=digest: mail.creditbox_digest != digest
            ):
                values = self._mail_values(communication, {})
                channel._write_messages(mail.mail_message_id, [values])
                names = ("subject", "body_html", "creditbox_digest")
                mail.write({name: values[name] for name in names})

    def _note_outcome(self, failure):
        """:param failure: words of the server, empty when it was sent"""
        state = "failed" if failure else "done"
        self.write({"state": state, "reason": failure or False})
        self.mailing_id._finish_if_over()

    @api.model
    def _bounced(self, messages, reason, dead):
        """E-mails of mailings came back, see creditbox.channel.email."""
        domain = [("message_id", "in", messages.ids), ("state", "=", "done")]
        came_back = self.sudo().search(domain)  # the gateway is nobody
        came_back.write(
            {
                "state": "failed",
                "reason": self.env._("Came back undelivered: %s", reason),
            }
        )
        channel = self.env["creditbox.channel.email"]
        for recipient in came_back:
            channel._note_bounced(recipient.partner_id, recipient.address, dead, reason)
