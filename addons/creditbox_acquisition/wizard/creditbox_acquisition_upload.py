from odoo import api, fields, models

from ..models.creditbox_source import KIND_SELECTION


class CreditboxAcquisitionUpload(models.TransientModel):
    """Choose a file, and it is taken."""

    _name = "creditbox.acquisition.upload"
    _description = "Upload a File"

    source_id = fields.Many2one(
        "creditbox.source",
        string="Billing System",
        required=True,
        default=lambda self: self._default_source_id(),
    )
    currency_id = fields.Many2one(related="source_id.company_id.currency_id")
    kind = fields.Selection(
        [("auto", "Recognise from the headings"), *KIND_SELECTION],
        string="Content",
        required=True,
        default="auto",
    )
    file = fields.Binary(required=True)
    filename = fields.Char()
    forced = fields.Boolean(
        string="Take Again", help="Accept a file that was taken already."
    )
    parent_id = fields.Many2one("creditbox.acquisition", string="Corrects")
    control_count = fields.Integer(string="Number of Rows")
    control_sum = fields.Monetary(string="Sum of the Amounts")
    control_balance = fields.Monetary(string="Open Balance of All Customers")
    control_count_zero = fields.Boolean(string="No Rows, as Declared")
    control_sum_zero = fields.Boolean(string="Sum Declared as Zero")
    control_balance_zero = fields.Boolean(string="Open Balance Declared as Zero")

    @api.model
    def _default_source_id(self):
        sources = self.env["creditbox.source"].search([], limit=2)
        return sources if len(sources) == 1 else sources.browse()

    def action_upload(self):
        """Make the acquisition, start it, and show it."""
        self.ensure_one()
        acquisition = self.env["creditbox.acquisition"].create(
            {
                "source_id": self.source_id.id,
                "kind": self.kind,
                "file": self.file,
                "filename": self.filename,
                "forced": self.forced,
                "origin": "retake" if self.parent_id else "upload",
                "parent_id": self.parent_id.id,
                "control_count": self.control_count,
                "control_sum": self.control_sum,
                "control_balance": self.control_balance,
                "control_count_zero": self.control_count_zero,
                "control_sum_zero": self.control_sum_zero,
                "control_balance_zero": self.control_balance_zero,
            }
        )
        acquisition.action_process()
        return acquisition._get_records_action(name=self.env._("Acquisition"))
