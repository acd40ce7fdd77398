import base64
import hashlib
import io
import warnings

from PIL import Image

from odoo import fields, models
from odoo.exceptions import UserError

from .creditbox_order_photo import KINDS
from .fsm_order import OPEN_STATES

MAX_BYTES = 8 * 1024 * 1024
MAX_PIXELS = 60_000_000
FORMATS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp"}
# a picture of the spot belongs to one visit; these may be shown for several orders
SHARED_KINDS = ("notice", "receipt", "other")


class FsmOrder(models.Model):
    """The photos that prove what was done at the meter."""

    _inherit = "fsm.order"

    creditbox_photo_ids = fields.One2many(
        "creditbox.order.photo", "order_id", string="Photos", readonly=True
    )
    creditbox_event_ids = fields.One2many(
        "creditbox.order.event", "order_id", string="Events", readonly=True
    )

    def _add_photos(self, values_list):
        """Keep photos of this order; whoever calls has asked who sends them.

        A photo that the order has already is given back, not kept twice. Once the order
        has ended, photos are kept as evidence only (``late``).

        :param values_list: list of {``kind``, ``image`` (bytes: JPEG, PNG or WebP),
            ``taken_at`` (datetime, UTC, the sender's clock); may have ``latitude``,
            ``longitude`` (degrees), ``accuracy`` (m), ``note``, ``filename``, ``skew``}
        :return: creditbox.order.photo, in their order
        :raises UserError: wrong kind, type or size, or a picture of another visit
        """
        self.ensure_one()
        # nobody writes them; evidence is kept as it came, which its fingerprint proves
        photos = self.env["creditbox.order.photo"].sudo()
        photos = photos.with_context(image_no_postprocess=True)
        prepared = [self._values_of_photo(values) for values in values_list]
        prints = [values["sha256"] for values in prepared]
        alike = photos.search([("sha256", "in", prints)])
        known = {photo.sha256: photo for photo in alike if photo.order_id.id == self.id}
        others = {
            photo.sha256: photo
            for photo in alike
            if photo.order_id.id != self.id and photo.company_id == self.company_id
        }
        new = {}
        for values in prepared:
            if values["sha256"] not in known:
                self._check_own_picture(values, others.get(values["sha256"]))
                new.setdefault(values["sha256"], values)
        for photo in photos.create(list(new.values())):
            known[photo.sha256] = photo
        return photos.union(*(known[sha256] for sha256 in prints)).with_env(self.env)

    def _values_of_photo(self, values):
        content = values["image"]
        kind = values["kind"]
        if kind not in dict(KINDS):
            raise UserError(self.env._("“%s” is no kind of photo.", kind))
        extension = self._extension_of_photo(content)
        where = self._where(values)
        return {
            "order_id": self.id,
            "kind": kind,
            "image": base64.b64encode(content),
            "filename": values.get("filename") or f"{self.name}-{kind}.{extension}",
            "sha256": hashlib.sha256(content).hexdigest(),
            "user_id": self.env.uid,
            "taken_at": values.get("taken_at") or fields.Datetime.now(),
            "received_at": fields.Datetime.now(),
            "skew": values.get("skew") or 0,
            "note": values.get("note"),
            "late": self.creditbox_state not in OPEN_STATES,
            **where,
        }

    def _where(self, values):
        """:return: dict, the position, or none where it is none"""
        latitude, longitude = values.get("latitude"), values.get("longitude")
        if latitude is None or longitude is None:
            return {"located": False}
        if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
            raise UserError(self.env._("The position of the photo is no place."))
        return {
            "located": True,
            "latitude": latitude,
            "longitude": longitude,
            "accuracy": values.get("accuracy") or 0,
        }

    def _extension_of_photo(self, content):
        """:raises UserError: what is no picture, or too big"""
        if len(content) > MAX_BYTES:
            raise UserError(
                self.env._(
                    "The photo is too big (%(size)s MB; the most is %(most)s MB): take "
                    "it again with a lower resolution.",
                    size=len(content) // 1024**2,
                    most=MAX_BYTES // 1024**2,
                )
            )
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error", Image.DecompressionBombWarning)
                with Image.open(io.BytesIO(content), formats=list(FORMATS)) as image:
                    width, height = image.size
                    extension = FORMATS[image.format]
                    image.verify()
        # Pillow raises many kinds for a damaged file; none of them is our fault
        except Exception:  # pylint: disable=broad-except
            raise UserError(
                self.env._("The file is no photo (JPEG, PNG or WebP): take it again.")
            ) from None
        if width * height > MAX_PIXELS:
            raise UserError(
                self.env._("The photo has too many pixels: take it again, smaller.")
            )
        return extension

    def _check_own_picture(self, values, other):
        if other and values["kind"] not in SHARED_KINDS:
            raise UserError(
                self.env._(
                    "This very photo already belongs to order %s: take a new one.",
                    other.order_id.name,
                )
            )

    def _missing_photos(self):
        """Which photos the operations still need.

        A photo without a position counts only with a note that says why.

        :return: {fsm.order: list of kinds}
        """
        missing = {}
        needed = self.env["creditbox.order.photo.need"]._kinds_of(self)
        for order, kinds in needed.items():
            taken = {
                photo.kind
                for photo in order.sudo().creditbox_photo_ids  # crews see no orders
                if photo.located or photo.note
            }
            missing[order] = [kind for kind in kinds if kind not in taken]
        return missing

    def _require_photos(self):
        """
        :raises UserError: what was done is not proved by the photos that it needs
        """
        kinds = dict(
            self.env["creditbox.order.photo"]
            ._fields["kind"]
            ._description_selection(self.env)
        )
        for order, missing in self._missing_photos().items():
            if missing:
                raise UserError(
                    self.env._(
                        "Order %(order)s: missing photos: %(photos)s (with a position, "
                        "or a note that says why there is none).",
                        order=order.name,
                        photos=", ".join(kinds[kind] for kind in missing),
                    )
                )
