from odoo import api, fields, models
from odoo.fields import Domain

from ..tools import gsm
from ..tools.placeholder_names import BLOCKS, PLACEHOLDERS
from .creditbox_regulation import LEGAL_STEPS
from .creditbox_rule import CODES, WRITING_CODES

# a PEC says what the registered letter says, unless it has a text of its own
_TEXTS_OF = {"pec": ["pec", "registered"]}


class CreditboxTemplate(models.Model):
    """The text of a communication, by channel and service."""

    _name = "creditbox.template"
    _inherit = ["creditbox.text"]
    _description = "Text of a Communication"
    _order = "code, service_type_id, sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    code = fields.Selection(
        [item for item in CODES if item[0] in WRITING_CODES],
        string="Channel",
        required=True,
        default="email",
    )
    service_type_id = fields.Many2one(
        "creditbox.service.type", string="Service", help="Empty: any service."
    )
    legal_step = fields.Selection(
        LEGAL_STEPS,
        help="The step of the procedure against arrears that the text is for: it must "
        "then say all that the regulation asks for.",
    )
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: shared by the whole group."
    )
    sequence = fields.Integer(
        default=10, help="The first text of a channel and service is the standard one."
    )
    active = fields.Boolean(default=True)
    subject = fields.Char(translate=True)
    body = fields.Html(translate=True, sanitize_attributes=True)
    text = fields.Text(string="SMS text", translate=True)
    deadline_days = fields.Integer(
        string="Days to pay",
        default=10,
        help="{{ deadline }} is this many days after the day of sending.",
    )
    attach_bills = fields.Boolean(
        string="Attach the bills",
        help="The PDFs of the bills that it is about, up to 10 MB; what is missing is "
        "noted on the action.",
    )
    placeholder_help = fields.Html(compute="_compute_placeholder_help")
    sms_length = fields.Char(
        compute="_compute_sms_length", help="With the placeholders as written."
    )

    _deadline_positive = models.Constraint(
        "CHECK(deadline_days >= 0)", "The days to pay cannot be negative."
    )

    @api.depends("code")
    def _compute_placeholder_help(self):
        for template in self:
            template.placeholder_help = self.env["ir.qweb"]._render(
                "creditbox_dunning.placeholder_help",
                {
                    "placeholders": [
                        (name, self.env._(label))
                        for name, label in PLACEHOLDERS.items()
                        if template.code != "sms" or name not in BLOCKS
                    ]
                },
            )

    @api.depends("text")
    def _compute_sms_length(self):
        for template in self:
            length = gsm.measure(gsm.to_gsm(template.text or ""))
            template.sms_length = self.env._(
                "%(units)s characters, %(segments)s SMS (%(encoding)s)",
                **length._asdict(),
            )

    def _update_field_translations(
        self, field_name, translations, digest=None, source_lang=""
    ):
        """The dialog of translations writes past the constraints."""
        res = super()._update_field_translations(
            field_name, translations, digest=digest, source_lang=source_lang
        )
        self._check_texts()
        return res

    @api.constrains(
        "code", "subject", "body", "text", "legal_step", "service_type_id", "active"
    )
    def _check_texts(self):
        for template in self:
            for lang, _name in self.env["res.lang"].get_installed():
                template.with_context(lang=lang)._check_text()
            template._check_contents()

    def _serves(self, code):
        """Whether the text can be sent by the channel ``code``; False for no text."""
        return self.code in _TEXTS_OF.get(code, [code])

    @api.model
    def _standard(self, code, service_type, company, legal_step=False):
        """Return the text that fits best: own company and service before shared ones.

        :param str code: channel
        :param legal_step: step of the procedure that the text must be for
        :param service_type: creditbox.service.type, empty for none
        :param company: res.company
        :return: creditbox.template, empty when there is none
        """
        domain = (
            Domain("code", "in", _TEXTS_OF.get(code, [code]))
            & Domain("service_type_id", "in", [service_type.id, False])
            & Domain("company_id", "in", [company.id, False])
        )
        return self.search(domain).sorted(
            lambda template: (
                template.legal_step != legal_step,
                template.code != code,
                not template.company_id,
                not template.service_type_id,
                template.sequence,
                template.id,
            )
        )[:1]

    def action_preview(self):
        """:return: window action of the preview on a real position"""
        self.ensure_one()
        previews = self.env["creditbox.template.preview"]
        return previews.with_context(default_template_id=self.id).create({})._show()
