import base64

from odoo import fields, models
from odoo.exceptions import UserError

from ..models.creditbox_request_wait import CAUSES


class CreditboxRequestHalt(models.TransientModel):
    """A request waits, goes on, is withdrawn or cannot be admitted."""

    _name = "creditbox.request.halt"
    _description = "Halt of a Request"

    ticket_id = fields.Many2one("helpdesk.ticket", required=True, readonly=True)
    kind = fields.Selection(
        [
            ("wait", "Wait"),
            ("resume", "Resume"),
            ("withdraw", "Withdraw"),
            ("refuse", "Not admissible"),
        ],
        required=True,
        readonly=True,
    )
    moment = fields.Datetime(string="When", required=True, default=fields.Datetime.now)
    cause = fields.Selection(CAUSES, string="Waiting for")
    note = fields.Char(string="Reason")
    proof = fields.Binary()
    proof_name = fields.Char()

    def action_confirm(self):
        """:raises UserError: cause or reason is missing"""
        self.ensure_one()
        getattr(self, f"_{self.kind}")()
        return {"type": "ir.actions.act_window_close"}

    def _wait(self):
        if not self.cause:
            raise UserError(self.env._("Say what the request waits for."))
        self.ticket_id._wait(self.cause, self.moment, self.note, self._attachment())

    def _resume(self):
        self.ticket_id._resume(self.moment)

    def _withdraw(self):
        self._attachment()
        self.ticket_id._withdraw(self.moment, self.note)

    def _refuse(self):
        self.ticket_id._refuse(self.moment, self.note)

    def _attachment(self):
        """:return: ir.attachment of the request with the proof, or empty"""
        attachments = self.env["ir.attachment"]
        if not self.proof:
            return attachments
        return attachments.create(
            {
                "name": self.proof_name or self.env._("Proof"),
                "raw": base64.b64decode(self.with_context(bin_size=False).proof),
                "res_model": "helpdesk.ticket",
                "res_id": self.ticket_id.id,
            }
        )
