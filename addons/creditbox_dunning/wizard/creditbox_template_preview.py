import base64

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.creditbox_communication import Case
from ..tools import gsm


class CreditboxTemplatePreview(models.TransientModel):
    """What a text says to a real customer; nothing is sent."""

    _name = "creditbox.template.preview"
    _description = "Preview of a Text"

    template_id = fields.Many2one("creditbox.template", required=True)
    code = fields.Selection(related="template_id.code")
    position_id = fields.Many2one(
        "creditbox.position",
        default=lambda self: self._default_position_id(),
        domain="[('amount_overdue', '>', 0)]",
        help="The customer on whose bills the text is tried.",
    )
    lang = fields.Selection(
        selection="_selection_lang",
        string="Language",
        help="Empty: the customer's own.",
    )
    recipient = fields.Char(compute="_compute_preview")
    subject = fields.Char(compute="_compute_preview")
    body = fields.Html(compute="_compute_preview", sanitize=False)
    text = fields.Text(compute="_compute_preview")
    sms_length = fields.Char(compute="_compute_preview")
    pdf = fields.Binary(compute="_compute_preview")
    pdf_name = fields.Char(compute="_compute_preview")

    def _selection_lang(self):
        return self.env["res.lang"].get_installed()

    def _default_position_id(self):
        service = (
            self.env["creditbox.template"]
            .browse(self.env.context.get("default_template_id"))
            .service_type_id
        )
        domain = [("amount_overdue", ">", 0)]
        if service:
            domain.append(("supply_id.service_type_id", "=", service.id))
        return self.env["creditbox.position"].search(domain, limit=1)

    def action_show(self):
        """Show the PDF anew after a change.

        :return: window action of this preview
        """
        return self._show()

    def _show(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Preview"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    @api.depends("template_id", "position_id", "lang")
    def _compute_preview(self):
        fields_shown = (
            "recipient",
            "subject",
            "body",
            "text",
            "sms_length",
            "pdf",
            "pdf_name",
        )
        for preview in self:
            preview.update(dict.fromkeys(fields_shown, False))
            if preview.template_id and preview.position_id:
                preview.update(preview._preview_values())

    def _preview_values(self):
        """:return: values of the computed fields"""
        channel = self.env["creditbox.channel"]._channels().get(self.code)
        communication = self._communication()
        values = {}
        if channel is not None:
            address = channel._address(self.position_id.partner_id)
            values["recipient"] = (
                address if isinstance(address, str) else ", ".join(address)
            )
        if self.code == "sms":
            text = communication.sms()
            length = gsm.measure(text)
            return values | {
                "text": text,
                "sms_length": self.env._(
                    "%(units)s characters, %(segments)s SMS (%(encoding)s)",
                    **length._asdict(),
                ),
            }
        values["subject"] = communication.subject()
        if self.code in ("letter", "registered"):
            pdf, _pages = channel._print([communication])
            name = f"{self.template_id.name}.pdf"
            return values | {"pdf": base64.b64encode(pdf), "pdf_name": name}
        mails = self.env["creditbox.channel.email"]
        before, after = mails._layout(communication)
        return values | {"body": before + communication.html() + after}

    def _communication(self):
        case = Case(
            key=0,
            position=self.position_id,
            template=self.template_id,
            as_of=self.position_id.company_id._creditbox_today(),
            reference=self.env._("PREVIEW"),
            lang=self.lang or None,
        )
        [communication] = self.env["creditbox.communication"]._write_cases(
            [case], tables=True
        )
        if not communication.statement.bills:
            raise UserError(self.env._("Nothing is overdue on this position."))
        return communication
