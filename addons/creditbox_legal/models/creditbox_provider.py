from odoo import fields, models


class CreditboxProvider(models.Model):
    _inherit = "creditbox.provider"

    partner_id = fields.Many2one(
        "res.partner",
        string="Contact",
        help="Who is told of cases, and of payments as soon as they are posted.",
    )
    mandate_ids = fields.One2many("creditbox.mandate", "provider_id")

    def _for_contact(self, company):
        """:return: the provider, as the system, in the language of its contact"""
        provider = self.sudo()  # whoever posts a payment, or closes cases
        lang = provider.partner_id.lang or company.sudo().partner_id.lang
        return provider.with_context(lang=lang)

    def _write_to(self, company, subject, template, **values):
        """Queue an e-mail to the contact; without an address nobody is written to.

        :param self: the provider, ``_for_contact``
        :param template: XML id of a QWeb template
        :param values: what it shows
        """
        contact = self.partner_id
        if not contact.email:
            return
        values = {"provider": self, "company": company.sudo(), **values}
        body = self.env["ir.qweb"]._render(template, values)
        self.env["mail.mail"].create(
            {
                **self.env["creditbox.channel.email"]._sender_values(company),
                "subject": subject,
                "body_html": body,
                "email_to": contact.email_formatted,
                "message_type": "email_outgoing",
                "auto_delete": False,
                "is_notification": True,
            }
        )
