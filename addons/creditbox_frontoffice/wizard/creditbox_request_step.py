import base64

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.creditbox_request_answer import CHANNELS

# what the answer to a complaint must hold (RQSII title VII; same parts as TIQV art. 11)
PARTS = ("part_complaint", "part_checks", "part_conclusions", "part_rights")


class CreditboxRequestStep(models.TransientModel):
    """One step of a request: when it was, and what is written to the customer."""

    _name = "creditbox.request.step"
    _description = "Next Step of a Request"

    ticket_id = fields.Many2one("helpdesk.ticket", required=True, readonly=True)
    company_id = fields.Many2one(related="ticket_id.company_id")
    reachable_ids = fields.Many2many(
        "creditbox.procedure.milestone", compute="_compute_reachable_ids"
    )
    step_id = fields.Many2one(
        "creditbox.procedure.milestone",
        string="Step",
        required=True,
        compute="_compute_step_id",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('id', 'in', reachable_ids)]",
    )
    code = fields.Char(related="step_id.code")
    moment = fields.Datetime(
        string="When",
        required=True,
        default=fields.Datetime.now,
        help="When it was, not when it is written down.",
    )
    note = fields.Char()
    missing = fields.Char(compute="_compute_missing")
    quote_id = fields.Many2one("creditbox.quote", readonly=True)
    answers = fields.Boolean(related="step_id.answers")
    complaint = fields.Boolean(compute="_compute_complaint")
    channel = fields.Selection(
        CHANNELS,
        string="Sent by",
        compute="_compute_channel",
        store=True,
        readonly=False,
        precompute=True,
    )
    recipient = fields.Char(
        string="To", compute="_compute_recipient", store=True, readonly=False
    )
    subject = fields.Char(compute="_compute_text", store=True, readonly=False)
    body = fields.Html(
        string="Text", compute="_compute_text", store=True, readonly=False
    )
    part_complaint = fields.Text(
        string="Your Complaint", help="What it is about: its reference and subject."
    )
    part_checks = fields.Text(string="Our Checks")
    part_conclusions = fields.Text(
        string="Our Conclusions",
        help="Judgement with its reasons in law or contract, what is done about it and "
        "by when, indemnity if one is due.",
    )
    part_rights = fields.Text(
        string="Your Rights",
        compute="_compute_text",
        store=True,
        readonly=False,
        help="How to go on: conciliation, court.",
    )
    proof = fields.Binary(help="Receipt of the registered letter, of the PEC…")
    proof_name = fields.Char()

    @api.depends("ticket_id")
    def _compute_reachable_ids(self):
        for wizard in self:
            wizard.reachable_ids = wizard.ticket_id._reachable()

    @api.depends("ticket_id")
    def _compute_step_id(self):
        for wizard in self:
            wizard.step_id = wizard.ticket_id.creditbox_next_id

    @api.depends("step_id")
    def _compute_missing(self):
        for wizard in self:
            missing = (
                wizard.ticket_id._missing(wizard.step_id) if wizard.step_id else ()
            )
            wizard.missing = ", ".join(missing)

    @api.depends("step_id")
    def _compute_complaint(self):
        for wizard in self:
            procedure = wizard.ticket_id.creditbox_procedure_id
            wizard.complaint = procedure.complaint and wizard.code == "answer"

    @api.depends("ticket_id")
    def _compute_channel(self):
        for wizard in self:
            has_mail = wizard.ticket_id._recipient("email")
            wizard.channel = "email" if has_mail else "letter"

    @api.depends("channel")
    def _compute_recipient(self):
        for wizard in self:
            wizard.recipient = wizard.ticket_id._recipient(wizard.channel or "letter")

    @api.depends("step_id")
    def _compute_text(self):
        rights = self.env.ref(
            "creditbox_frontoffice.mail_template_rights", raise_if_not_found=False
        )
        for wizard in self:
            ticket = wizard.ticket_id
            template = ticket._answer_template(wizard.step_id)
            if wizard.answers and template:
                wizard.subject, wizard.body = ticket._propose(template)
            else:
                wizard.subject = wizard.body = False
            if wizard.complaint and rights:
                wizard.part_rights = ticket._propose(rights)[1].striptags()
            else:
                wizard.part_rights = False

    # ------------------------------------------------------------------
    def action_confirm(self):
        """Do the step.

        :raises UserError: something is missing
        """
        self.ensure_one()
        ticket = self.ticket_id
        papers = self._do_quote()
        answer = self._write_answer(papers) if self.answers else None
        if self.proof and not answer:
            self._proof()
        ticket._reach(self.code, self.moment, self.note)
        return {"type": "ir.actions.act_window_close"}

    def _do_quote(self):
        """:return: ir.attachment with the quote, if the step sends one"""
        papers = self.env["ir.attachment"]
        if self.quote_id and self.code == "quote":
            papers = self.quote_id._send(self.moment)
        elif self.quote_id and self.code == "acceptance":
            self.quote_id._accept(self.moment)
        return papers

    def _write_answer(self, papers):
        body = self.body
        if self.complaint:
            self._check_parts()
            body = self._body_of_parts()
        return self.ticket_id._answer(
            self.step_id,
            self.subject,
            body,
            self.channel,
            self.moment,
            recipient=self.recipient,
            proof=self._proof(),
            papers=papers,
        )

    def _check_parts(self):
        labels = {
            name: self._fields[name]._description_string(self.env) for name in PARTS
        }
        empty = [labels[name] for name in PARTS if not (self[name] or "").strip()]
        if empty:
            raise UserError(
                self.env._(
                    "The answer to a complaint must also hold: %s.", ", ".join(empty)
                )
            )

    def _body_of_parts(self):
        """:return: Markup, the parts under headings in the customer's language"""
        ticket = self.ticket_id._in_customer_language()
        wizard = self.with_env(ticket.env)
        body = self.body or Markup()
        for name in PARTS:
            heading = wizard._fields[name]._description_string(ticket.env)
            body += Markup("<p><b>%s</b></p>") % heading
            for line in (self[name] or "").splitlines():
                body += Markup("<p>%s</p>") % line
        return body

    def _proof(self):
        """:return: ir.attachment of the request with the proof that was given"""
        attachments = self.env["ir.attachment"]
        if not self.proof:
            return attachments
        content = base64.b64decode(self.with_context(bin_size=False).proof)
        return attachments.create(
            {
                "name": self.proof_name or self.step_id.name,
                "raw": content,
                "res_model": "helpdesk.ticket",
                "res_id": self.ticket_id.id,
            }
        )
