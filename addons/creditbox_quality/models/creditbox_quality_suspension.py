from odoo import fields, models
from odoo.exceptions import ValidationError

from .creditbox_quality_clock import SUSPENSION_CAUSES


class CreditboxQualitySuspension(models.Model):
    """A time during which a term stood still, and the proof of it."""

    _name = "creditbox.quality.suspension"
    _description = "Suspension of a Regulated Clock"
    _order = "date_from, id"

    clock_id = fields.Many2one(
        "creditbox.quality.clock", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="clock_id.company_id", store=True, precompute=True, index=True
    )
    date_from = fields.Datetime(string="From", required=True)
    date_to = fields.Datetime(string="To", help="Empty: it lasts.")
    cause = fields.Selection(SUSPENSION_CAUSES, required=True)
    note = fields.Char()
    attachment_ids = fields.Many2many("ir.attachment", string="Proof")

    _order_check = models.Constraint(
        "CHECK(date_to IS NULL OR date_from <= date_to)",
        "A suspension cannot end before it begins.",
    )

    def _end(self, moment):
        """Those that last end.

        :raises ValidationError: before they began
        """
        lasting = self.filtered(lambda suspension: not suspension.date_to)
        for suspension in lasting:
            if moment < suspension.date_from:
                clock = suspension.clock_id
                raise ValidationError(
                    self.env._(
                        "%(reference)s: suspended on %(start)s, it cannot have ended "
                        "on %(moment)s.",
                        reference=clock.reference,
                        start=clock._local_text(suspension.date_from),
                        moment=clock._local_text(moment),
                    )
                )
        lasting.date_to = moment
