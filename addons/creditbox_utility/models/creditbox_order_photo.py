from odoo import fields, models

KINDS = [
    ("before", "Before"),
    ("after", "After"),
    ("seal", "Seal"),
    ("notice", "Notice"),
    ("receipt", "Receipt of a payment"),
    ("meter", "Meter reading"),
    ("other", "Other"),
]


class CreditboxOrderPhoto(models.Model):
    """What was seen at a meter. Nobody writes it: ``fsm.order._add_photos`` does."""

    _name = "creditbox.order.photo"
    _description = "Photo at the Meter"
    _order = "taken_at, id"
    _rec_name = "filename"
    _check_company_auto = True

    order_id = fields.Many2one(
        "fsm.order",
        string="Order",
        required=True,
        index=True,
        readonly=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="order_id.company_id", store=True, index=True, precompute=True
    )
    kind = fields.Selection(KINDS, required=True, readonly=True)
    image = fields.Binary(string="Photo", required=True, readonly=True)
    filename = fields.Char(readonly=True)
    sha256 = fields.Char(string="Fingerprint (SHA-256)", required=True, readonly=True)
    user_id = fields.Many2one("res.users", string="Sent by", readonly=True)
    taken_at = fields.Datetime(
        required=True, readonly=True, help="By the clock of whoever took it."
    )
    received_at = fields.Datetime(required=True, readonly=True)
    skew = fields.Integer(
        string="Clock (s)",
        readonly=True,
        help="Seconds that the sender's clock was ahead of ours; less than 0: behind.",
    )
    located = fields.Boolean(string="With position", readonly=True)
    latitude = fields.Float(digits=(10, 7), readonly=True)
    longitude = fields.Float(digits=(10, 7), readonly=True)
    accuracy = fields.Float(string="Accuracy (m)", digits=(10, 1), readonly=True)
    note = fields.Char(readonly=True)
    late = fields.Boolean(
        string="After the end",
        readonly=True,
        help="Came when the order had already ended: evidence only.",
    )

    _once = models.UniqueIndex(
        "(order_id, sha256)", "This photo is already on the order."
    )
    _sha256_idx = models.Index("(sha256)")

    def action_open_map(self):
        """:return: page of a map where the photo was taken"""
        self.ensure_one()
        where = f"mlat={self.latitude}&mlon={self.longitude}"
        return {
            "type": "ir.actions.act_url",
            "url": f"https://www.openstreetmap.org/?{where}#map=18",
            "target": "new",
        }
