from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize, format_date, html2plaintext

from ..tools.office_sheet import texts_of, to_pdf


class HelpdeskTicket(models.Model):
    """What is written to the customer, with its paper and the proof of sending."""

    _inherit = "helpdesk.ticket"

    creditbox_answer_ids = fields.One2many(
        "creditbox.request.answer", "ticket_id", string="Answers", readonly=True
    )

    def _answer_template(self, step):
        """:return: mail.template, of the topic or else of the step; may be empty"""
        topic = self.creditbox_topic_id
        own = topic.template_id or topic.parent_id.template_id
        return own if own and step.code == "answer" else step.template_id

    def _propose(self, template):
        """:return: (subject, body) of a template in the customer's language"""
        ticket = self._in_customer_language()
        template = template.sudo().with_env(ticket.env)
        values = {}
        for name in ("subject", "body_html"):
            values[name] = template._render_field(name, ticket.ids)[ticket.id]
        return values["subject"], values["body_html"]

    def _recipient(self, channel):
        """:return: str, where an answer goes; empty: unknown"""
        partner = self.partner_id
        return {
            "email": partner.email or self.partner_email or "",
            "pec": partner.creditbox_pec or "",
            "letter": ", ".join(self._address_lines()[1:]),
            "counter": partner.name or "",
        }[channel]

    def _answer(self, step, subject, body, channel, moment, **options):
        """Write to the customer; by hand, what was sent is written down.

        :param body: HTML
        :param options: ``recipient``; ``proof``: ir.attachment; ``papers``:
            ir.attachment that go with it
        :return: creditbox.request.answer
        :raises UserError: nothing is written, or nobody to write to
        """
        self.ensure_one()
        self.check_access("write")
        recipient = options.get("recipient") or self._recipient(channel)
        self._check_answer(subject, body, channel, recipient)
        paper = self._answer_paper(subject, body)
        papers = paper | (options.get("papers") or paper.browse())
        mail = self._mail(subject, body, recipient, papers, channel)
        proof = options.get("proof") or paper.browse()
        # what was sent is written by steps alone
        return (
            self.env["creditbox.request.answer"]
            .sudo()
            .create(
                {
                    "ticket_id": self.id,
                    "step_id": step.id,
                    "date": moment,
                    "user_id": self.env.uid,
                    "channel": channel,
                    "recipient": recipient,
                    "subject": subject,
                    "body": body,
                    "attachment_id": paper.id,
                    "proof_id": proof.id,
                    "mail_id": mail.id,
                    "message_number": mail.message_id,
                }
            )
            .with_env(self.env)
        )

    def _check_answer(self, subject, body, channel, recipient):
        if not subject or not html2plaintext(body or "").strip():
            raise UserError(self.env._("Write subject and text of the answer."))
        if channel == "email" and not email_normalize(recipient):
            raise UserError(
                self.env._("The customer has no e-mail address: choose another way.")
            )
        if not recipient:
            raise UserError(self.env._("Write where the answer goes."))

    def _answer_paper(self, subject, body):
        """:return: ir.attachment with the answer as a letter"""
        ticket = self._in_customer_language()
        signers = (ticket.creditbox_signers or "").strip().splitlines()
        notes = []
        if ticket.creditbox_multiple and signers:
            notes.append(ticket.env._("Answer to the first signer, %s.", signers[0]))
        sheet = ticket._sheet(
            subject,
            recipient=ticket._address_lines(),
            facts=(
                *ticket._facts(),
                (ticket.env._("Date"), format_date(ticket.env, ticket._today())),
            ),
            texts=texts_of(body),
            notes=tuple(notes),
        )
        number = len(self.creditbox_answer_ids) + 1
        name = f"{self.creditbox_code} {number}.pdf"
        return self._keep_pdf(name, to_pdf(sheet))

    def _mail(self, subject, body, recipient, papers, channel):
        """:return: mail.mail that leaves with this transaction; empty: by hand"""
        mails = self.env["mail.mail"].sudo()  # the queue is the system's
        if channel != "email":
            return mails
        company = self.company_id
        mail = mails.create(
            {
                "subject": subject,
                "body": body,  # on the chatter
                "body_html": body,
                "email_from": company.email_formatted or self.env.user.email_formatted,
                "email_to": recipient,
                "model": self._name,
                "res_id": self.id,
                "attachment_ids": [(6, 0, papers.ids)],
                "auto_delete": False,
                "is_notification": False,
            }
        )
        cron = self.env.ref("mail.ir_cron_mail_scheduler_action")
        cron.sudo()._trigger()  # as above
        return mail
