from odoo import models
from odoo.exceptions import ValidationError

from ..tools import letter_text, placeholder
from ..tools.placeholder_names import BLOCKS, PLACEHOLDERS


class CreditboxText(models.AbstractModel):
    """What has a subject, a body and an SMS text with placeholders."""

    _name = "creditbox.text"
    _description = "Text with Placeholders"

    def _check_text(self):
        """Refuse a text that cannot be filled, in the language of the environment."""
        self.ensure_one()
        known = PLACEHOLDERS.keys()
        lines = known - BLOCKS
        texts = [(self.text, lines)] if self.code == "sms" else []
        if self.code != "sms":
            texts = [(self.subject, lines), (self.body, known)]
            if not self.subject:
                raise ValidationError(
                    self.env._("«%s»: write the subject.", self.display_name)
                )
        for text, allowed in texts:
            wrong = placeholder.unknown(text, allowed)
            if wrong:
                raise ValidationError(
                    self.env._(
                        "«%(template)s»: unknown placeholder %(names)s",
                        template=self.display_name,
                        names=", ".join(wrong),
                    )
                )
        self._check_not_empty()

    def _check_not_empty(self):
        content = self.text
        if self.code != "sms":
            content = letter_text.parse_blocks(self.body)
        if not content:
            raise ValidationError(
                self.env._("«%s»: write the text.", self.display_name)
            )
