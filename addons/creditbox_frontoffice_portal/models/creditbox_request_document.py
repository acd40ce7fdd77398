from odoo import models


class CreditboxRequestDocument(models.Model):
    _inherit = "creditbox.request.document"

    def _hand_in(self, file):
        """The customer has sent the document; the caller has checked whose it is.

        :param file: upload.Upload
        """
        self.ensure_one()
        self.write({"file": file.base64, "file_name": file.name})
        self.ticket_id._message_log(
            body=self.env._(
                "The customer has sent: %(document)s (%(file)s).",
                document=self.type_id.name,
                file=file.name,
            )
        )
