from odoo import models
from odoo.exceptions import ValidationError
from odoo.tools import html2plaintext

from ..tools import placeholder


class CreditboxTemplate(models.Model):
    """What the regulation wants a text to say."""

    _inherit = "creditbox.template"

    def _check_contents(self):
        """Refuse a text in use that leaves out what its legal step must say.

        :raises ValidationError: names the contents that are missing, by language
        """
        self.ensure_one()
        if not (self.active and self.legal_step):
            return
        missing = self._missing_contents()
        if missing:
            raise ValidationError(
                self.env._(
                    "«%(template)s» leaves out what the regulation asks for:\n%(list)s",
                    template=self.name,
                    list="\n".join(f"– {line}" for line in missing),
                )
            )

    def _missing_contents(self, contents=None):
        """Return what the text leaves out, in any language.

        :param contents: creditbox.regulation.content, by default those of its step
        :return: list of str, each with its source and the language
        """
        self.ensure_one()
        contents = self._mandatory_contents() if contents is None else contents
        missing = []
        for lang, name in self.env["res.lang"].get_installed():
            text, placeholders = self.with_context(lang=lang)._content()
            missing += [
                f"{content.with_env(self.env).name} ({content._cited()}, {name})"
                for content in contents.with_context(lang=lang)
                if not content._is_in(text, placeholders)
            ]
        return missing

    def _content(self):
        """:return: (str of what is read, set of the names of placeholders)"""
        if self.code == "sms":
            return self.text or "", set(placeholder.names(self.text))
        text = f"{self.subject or ''} {html2plaintext(self.body or '')}"
        names = {*placeholder.names(self.subject), *placeholder.names(self.body)}
        # the same bills, and more about them
        return text, names | ({"bills"} if "bills_interest" in names else set())

    def _mandatory_contents(self):
        """:return: creditbox.regulation.content of the text's service and legal step"""
        company = self.company_id or self.env.company
        law = self.env["creditbox.chain"]._law(company, company._creditbox_today())
        return law.contents_of(self.service_type_id, self.legal_step)
