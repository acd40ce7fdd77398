from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools import pec, smime
from .creditbox_action import DONE_STATES

# states of an action whose PEC has left, or may have
TAKEN = ("sending", "failed", *DONE_STATES)


class CreditboxPecMessage(models.Model):
    """One message of a certified mailbox, as it came: proof, or work for somebody.

    A receipt that is whole and belongs to an action of ours does its work at once.
    Anything else waits to be handled by hand; nothing is thrown away.
    """

    _name = "creditbox.pec.message"
    _inherit = ["mail.thread", "creditbox.guarded"]
    _description = "Message of a Certified Mailbox (PEC)"
    _order = "date desc, id desc"
    _rec_name = "subject"

    provider_id = fields.Many2one(
        "creditbox.provider", string="Mailbox", required=True, readonly=True
    )
    company_id = fields.Many2one("res.company", readonly=True, index=True)
    kind = fields.Selection(
        [
            (pec.ACCEPTED, "Acceptance"),
            (pec.REFUSED, "Non-acceptance"),
            (pec.TAKEN_OVER, "Taking over"),
            (pec.DELIVERED, "Delivery"),
            (pec.LATE, "Notice of late delivery"),
            (pec.NOT_DELIVERED, "Non-delivery"),
            (pec.VIRUS, "Virus found"),
            (pec.ENVELOPE, "PEC received"),
            ("other", "Other message"),
        ],
        required=True,
        readonly=True,
    )
    state = fields.Selection(
        [
            ("open", "To be handled"),
            ("matched", "Matched"),
            ("handled", "Handled"),
        ],
        required=True,
        readonly=True,
        tracking=True,
    )
    reason = fields.Char(
        string="Why by hand", readonly=True, help="What keeps it from being matched."
    )
    action_id = fields.Many2one(
        "creditbox.action", index="btree_not_null", tracking=True, ondelete="restrict"
    )
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    date = fields.Datetime(
        readonly=True, help="Legal time, as the provider's data give it."
    )
    recipient = fields.Char(readonly=True)
    sender = fields.Char(readonly=True)
    subject = fields.Char(readonly=True)
    error_code = fields.Char(readonly=True)
    error = fields.Char(readonly=True)
    provider_name = fields.Char(string="Issued by", readonly=True)
    identifier = fields.Char(string="Provider's number", readonly=True, index=True)
    message_number = fields.Char(string="Message-ID", readonly=True)
    fingerprint = fields.Char(required=True, readonly=True)
    signature = fields.Selection(
        [
            (smime.KNOWN, "Valid, of a trusted certificate"),
            (smime.VALID, "Valid"),
            (smime.INVALID, "Not valid"),
            (smime.UNCHECKED, "Not checked"),
        ],
        readonly=True,
        help="Whether the message is what the provider has signed. Who has issued the "
        "certificate is checked where the mailbox lists those that are trusted.",
    )
    sha256 = fields.Char(string="SHA-256", readonly=True)
    eml = fields.Binary(string="Message", readonly=True, attachment=True)
    eml_name = fields.Char(compute="_compute_names")
    daticert = fields.Binary(string="Certified data", readonly=True, attachment=True)
    daticert_name = fields.Char(compute="_compute_names")

    _fingerprint_uniq = models.Constraint(
        "UNIQUE(provider_id, fingerprint)", "This message is already there."
    )
    _open_idx = models.Index("(company_id) WHERE state = 'open'")

    @api.depends("kind")
    def _compute_names(self):
        for message in self:
            message.eml_name = f"{message.kind}-{message.id}.eml"
            message.daticert_name = f"daticert-{message.id}.xml"

    def write(self, vals):
        if not self.env.su and (
            vals.keys() - {"action_id"} or set(self.mapped("state")) - {"open"}
        ):
            raise AccessError(self.env._("A message of the mailbox stays as it came."))
        return super().write(vals)

    # ------------------------------------------------------------------
    # by hand
    # ------------------------------------------------------------------
    def action_confirm(self):
        """Take the messages for what they say, though they are not whole.

        :raises UserError: a message without action, or without a date
        """
        self._require("creditbox_base.group_supervisor")
        for message in self.filtered(lambda m: m.state == "open"):
            if not message.action_id:
                raise UserError(
                    self.env._(
                        "%s: say first which action it is about.", message.subject
                    )
                )
            if message.kind == pec.DELIVERED and not message.date:
                raise UserError(
                    self.env._(
                        "%s: without its legal time it proves nothing.", message.subject
                    )
                )
            if message.action_id.code != "pec" or message.action_id.state not in TAKEN:
                raise UserError(
                    self.env._("%s: this action has sent no PEC.", message.subject)
                )
            message.sudo().write(
                {
                    "state": "handled",
                    "partner_id": message.action_id.partner_id.id,
                    "company_id": message.action_id.company_id.id,
                }
            )
            message.sudo()._work()
            if message.state == "open":
                raise UserError(self._too_late())

    def action_handled(self):
        """Somebody has dealt with the messages; they change nothing."""
        self._require("creditbox_base.group_operator")
        self.filtered(lambda m: m.state == "open").sudo().state = "handled"
