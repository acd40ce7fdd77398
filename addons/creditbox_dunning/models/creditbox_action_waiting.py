from odoo import api, fields, models


class CreditboxAction(models.Model):
    """What keeps a message in the queue, and until when."""

    _inherit = "creditbox.action"

    _ready_idx = models.Index("(run_id, id) WHERE state = 'ready'")

    wait_until = fields.Datetime(
        string="Waits until",
        compute="_compute_waiting",
        help="It stays in the queue until then.",
    )
    wait_for_hours = fields.Boolean(
        string="Waits for its hour", compute="_compute_waiting"
    )
    wait_attempts = fields.Integer(
        string="Tries",
        compute="_compute_waiting",
        help="That did not succeed. After the last one the action fails.",
    )
    wait_answer = fields.Char(
        string="Answer",
        compute="_compute_waiting",
        help="What the mail server or the gateway said to the last try.",
    )

    @api.depends(
        "state",
        "in_doubt",
        "sms_ids.creditbox_retry_at",
        "mail_ids.creditbox_retry_at",
        "lead_id.mail_ids.creditbox_retry_at",
        "lead_id.sms_ids.creditbox_retry_at",
    )
    def _compute_waiting(self):
        now = fields.Datetime.now()
        for action in self:
            waiting = action.state == "sending" and not action.in_doubt
            # whoever sees the action need not see the queues
            queued = action.sudo()
            leading = queued._leads()
            messages = leading.sms_ids or leading.mail_ids
            message = messages[-1:] if waiting else None
            later = bool(message) and (message.creditbox_retry_at or now) > now
            action.wait_until = later and message.creditbox_retry_at
            action.wait_for_hours = later and not message.creditbox_attempts
            action.wait_attempts = bool(message) and message.creditbox_attempts
            action.wait_answer = bool(message) and message.creditbox_answer
