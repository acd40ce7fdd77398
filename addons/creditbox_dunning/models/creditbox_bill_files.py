from odoo import api, models
from odoo.fields import Command

MAX_BYTES = 10 * 1024 * 1024


class CreditboxChannelEmail(models.AbstractModel):
    """The PDFs of the bills that an e-mail is about, where its text asks for them."""

    _inherit = "creditbox.channel.email"

    def _mails_values(self, communications):
        vals_list = super()._mails_values(communications)
        asked = [c for c in communications if c.case.template.attach_bills]
        if not asked:
            return vals_list
        files = self._bill_files(asked)
        for values in vals_list:
            if found := files.get(values["creditbox_action_id"]):
                values["attachment_ids"] = [Command.set(found.ids)]
        self._note_not_attached(asked, files)
        return vals_list

    @api.model
    def _refresh(self, mail):
        """A bill that has been paid leaves the attachments too."""
        before = mail.creditbox_digest
        res = super()._refresh(mail)
        if mail.creditbox_digest != before and mail.attachment_ids:
            moves = mail._creditbox_actions().line_ids.item_id.move_line_id.move_id
            kept = mail.attachment_ids.filtered(lambda file: file.res_id in moves.ids)
            mail.attachment_ids = [Command.set(kept.ids)]
        return res

    @api.model
    def _bill_files(self, communications):
        """Find the PDFs: those of the very bills, as long as they fit in an e-mail.

        :return: {key of the communication: ir.attachment}
        """
        lines = self.env["account.move.line"].browse(
            debt.line_id for c in communications for debt in c.statement.bills
        )
        # whoever hands over need not be allowed to open bills
        by_id = {line.id: line for line in lines.sudo()}
        files = {}
        for communication in communications:
            fitting = self.env["ir.attachment"].sudo()
            for debt in communication.statement.bills:
                file = self._bill_file(by_id[debt.line_id].move_id)
                if sum(fitting.mapped("file_size")) + file.file_size <= MAX_BYTES:
                    fitting += file
            files[communication.case.key] = fitting
        return files

    def _bill_file(self, move):
        """:return: the PDF of one bill, and of no other document; empty: none"""
        file = move.invoice_pdf_report_id or move.message_main_attachment_id
        return file.filtered(
            lambda file: (
                file.mimetype == "application/pdf"
                and (file.res_model, file.res_id) == ("account.move", move.id)
            )
        )

    def _note_not_attached(self, communications, files):
        """Say on the actions which bills could not be attached."""
        bodies = {}
        for communication in communications:
            moves = self.env["account.move"].browse(
                files[communication.case.key].mapped("res_id")
            )
            attached = moves.sudo().line_ids.ids  # as above
            missing = [
                debt.number
                for debt in communication.statement.bills
                if debt.line_id not in attached
            ]
            if missing:
                bodies[communication.case.key] = self.env._(
                    "Not attached, without a PDF or too large: %s", ", ".join(missing)
                )
        actions = self.env["creditbox.action"].browse(bodies)
        if actions:
            actions._message_log_batch(bodies=bodies)
