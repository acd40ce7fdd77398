from uuid import uuid4

from odoo import api, fields, models
from odoo.tools.mail import generate_tracking_message_id, plaintext2html

from odoo.addons.creditbox_base.tools.checks import check_mobile, normalize_phone


class CreditboxChannelSms(models.AbstractModel):
    """SMS: written in the batch's transaction, sent by ``sms.sms`` later."""

    _name = "creditbox.channel.sms"
    _inherit = "creditbox.channel"
    _description = "SMS Channel"
    _address_field = "number"

    @api.model
    def _dispatch(self, actions):
        """Queue one SMS for each action, or for all those that share one."""
        addressed = self._with_address(actions)
        addressed._share_messages()
        communications = self._compose(addressed)
        if not communications:
            return
        messages = self._create_messages(communications)
        queued = (
            self.env["sms.sms"]
            .sudo()
            .create(
                [
                    self._sms_values(communication, message)
                    for communication, message in zip(
                        communications, messages, strict=True
                    )
                ]
            )
        )
        self._mark_sending(communications, messages)
        queued.filtered(
            lambda sms: not sms.creditbox_action_id.provider_id
        )._creditbox_track()
        for opening in set(queued.mapped("creditbox_retry_at")):
            self.env["sms.sms"]._creditbox_wake_queue(opening or None)

    def _mark_sending(self, communications, messages):
        self._note(
            {
                "state": "varchar",
                "recipient": "varchar",
                "provider_id": "int",
                "message_id": "int",
            },
            [
                (
                    part.key,
                    "sending",
                    self._address(communication.case.position.partner_id),
                    self._provider(communication.case.company).id or None,
                    message.id,
                )
                for communication, message in zip(communications, messages, strict=True)
                for part in communication.case.parts
            ],
        )

    @api.model
    def _addresses(self, partner):
        country = partner.country_id.code or "IT"
        numbers = filter(None, (partner.creditbox_mobile, partner.phone))
        return [
            normalize_phone(number, country)
            for number in numbers
            if not check_mobile(number, country)
        ]

    @api.model
    def _address(self, partner):
        """:return: mobile number in E.164"""
        numbers = self.env["creditbox.failed.address"]._usable(
            partner, "sms", self._addresses(partner)
        )
        return numbers[0] if numbers else ""

    @api.model
    def _provider(self, company):
        """:return: HTTP gateway of the company or the group; none: Odoo's own SMS"""
        return self.env["creditbox.provider"]._sms_gateway(company)

    # ------------------------------------------------------------------
    # composing
    # ------------------------------------------------------------------
    def _create_messages(self, communications):
        """The texts, on the customers' chatter."""
        subtype = self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_note")
        return (
            self.env["mail.message"]
            .sudo()
            .create(
                [
                    {
                        "model": "res.partner",
                        "res_id": communication.case.position.partner_id.id,
                        "body": plaintext2html(communication.sms()),
                        "message_type": "sms",
                        "subtype_id": subtype,
                        "author_id": communication.case.company.partner_id.id,
                        "email_from": communication.case.company.email_formatted,
                        "reply_to": communication.case.company.email_formatted,
                        "record_company_id": communication.case.company.id,
                        "date": fields.Datetime.now(),
                        "message_id": generate_tracking_message_id("creditbox-sms"),
                    }
                    for communication in communications
                ]
            )
        )

    def _sms_values(self, communication, message):
        partner = communication.case.position.partner_id
        return {
            "creditbox_action_id": communication.case.key,
            "creditbox_digest": communication.statement.digest,
            "body": communication.sms(),
            "number": self._address(partner),
            "partner_id": partner.id,
            "mail_message_id": message.id,
            "uuid": uuid4().hex,
            "creditbox_retry_at": communication.case.company._creditbox_sms_opening(),
            "state": "process",
        }

    # ------------------------------------------------------------------
    # the queue
    # ------------------------------------------------------------------
    @api.model
    def _queued(self, actions):
        return (
            actions.sudo()
            ._leads()
            .sms_ids.filtered(lambda sms: sms.state in ("process", "error"))
        )

    @api.model
    def _recall(self, actions):
        """Take the SMS out of the queue, and out of the customers' chatter."""
        queued = self._of_nobody_else(self._queued(actions), actions)
        queued.write({"state": "canceled"})
        queued.mail_message_id.write({"model": False, "res_id": False})

    @api.model
    def _confirm_sent(self, actions):
        self._queued(actions).write({"state": "pending"})

    @api.model
    def _send_again(self, actions):
        self._queued(actions)._creditbox_requeue()

    @api.model
    def _refresh(self, sms):
        """Write the SMS anew: a figure in it has changed since it was composed."""
        for communication in self._compose(sms._creditbox_actions()):
            text = communication.sms()
            digest = communication.statement.digest
            sms.write({"body": text, "creditbox_digest": digest})
            sms.mail_message_id.body = plaintext2html(text)
