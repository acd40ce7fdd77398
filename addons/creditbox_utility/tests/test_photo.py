import base64
import hashlib
from datetime import datetime

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import UtilityCommon
from .pictures import picture

TAKEN = datetime(2026, 6, 30, 7, 55)


@tagged("post_install", "-at_install")
class TestPhoto(UtilityCommon):
    """What proves an operation at the meter, and what is no proof."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.need = cls.env["creditbox.order.photo.need"]

    def _values(self, kind="before", color="red", **values):
        here = {"latitude": 43.7, "longitude": 10.4, "accuracy": 8}
        given = {"kind": kind, "image": picture(color), "taken_at": TAKEN}
        return {**given, **here, **values}

    def test_kept_once(self):
        order, _bill = self._hand_order()
        twice = self._values("before", "red")
        photos = order._add_photos([twice, self._values("after", "blue"), twice])
        self.assertEqual(len(order.creditbox_photo_ids), 2)
        self.assertEqual(photos[0].sha256, hashlib.sha256(twice["image"]).hexdigest())
        self.assertEqual(photos[0].taken_at, TAKEN)
        self.assertTrue(photos[0].located)
        self.assertFalse(photos[0].late)
        self.assertEqual(photos[0].company_id, self.company)
        again = order._add_photos([twice])
        self.assertEqual(again, photos[0])

    def test_evidence_is_kept_as_it_came(self):
        """Also where Odoo would make a picture smaller."""
        order, _bill = self._hand_order()
        large = picture("red", (2600, 40))
        photo = order._add_photos([self._values(image=large)])
        self.assertEqual(base64.b64decode(photo.image), large)
        kept = hashlib.sha256(base64.b64decode(photo.image)).hexdigest()
        self.assertEqual(photo.sha256, kept)

    def test_refused(self):
        order, _bill = self._hand_order()
        for name, values in {
            "text": {"image": b"not a picture"},
            "cut": {"image": picture("red", form="PNG")[:60]},
            "gif": {"image": picture("red", form="GIF")},
            "too big": {"image": b"\xff\xd8\xff" + b"0" * 50 * 1024**2},
            "kind": {"kind": "selfie"},
            "nowhere": {"latitude": 91},
        }.items():
            with self.subTest(name), self.assertRaises(UserError):
                order._add_photos([self._values(**values)])
        self.assertFalse(order.creditbox_photo_ids)

    def test_photo_of_another_visit(self):
        order, _bill = self._hand_order()
        other = self._ask(order.creditbox_position_id, "check").line_ids.order_id
        other._add_photos([self._values()])
        with self.assertRaisesRegex(UserError, other.name):
            order._add_photos([self._values()])
        other._add_photos([self._values("receipt", "green")])
        self.assertTrue(order._add_photos([self._values("receipt", "green")]))

    def test_what_an_operation_needs(self):
        order, _bill = self._hand_order()
        self.assertEqual(order._missing_photos()[order], ["before", "after", "seal"])
        nowhere = {"latitude": None}
        order._add_photos(
            [
                self._values("before", "red"),
                self._values("after", "blue", **nowhere),
                self._values("seal", "green", **nowhere, note="In a cellar"),
            ]
        )
        self.assertEqual(order._missing_photos()[order], ["after"])
        with self.assertRaisesRegex(UserError, "After"):
            order._require_photos()
        self.need.create(
            {"operation": "suspension", "kind": "seal", "company_id": self.company.id}
        )
        order._require_photos()

    def test_evidence_after_the_end(self):
        order, _bill = self._hand_order()
        order.action_cancel()
        self.assertTrue(order._add_photos([self._values()]).late)

    def test_nobody_writes_them(self):
        order, _bill = self._hand_order()
        photo = order._add_photos([self._values()])
        administrator = new_test_user(
            self.env,
            "photos",
            groups="creditbox_base.group_administrator",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        photo = photo.with_user(administrator)
        self.assertEqual(photo.kind, "before")
        for forbidden in (
            lambda: photo.write({"note": "Mine"}),
            photo.unlink,
            lambda: photo.create({"order_id": order.id, "kind": "before"}),
        ):
            with self.assertRaises(AccessError):
                forbidden()

    def test_walls(self):
        order, _bill = self._hand_order()
        photo = order._add_photos([self._values()])
        company = self.env["res.company"].create({"name": "Other"})
        stranger = new_test_user(
            self.env,
            "stranger",
            groups="creditbox_base.group_reader",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        portal = new_test_user(self.env, "portal", groups="base.group_portal")
        for user in (stranger, portal):
            with self.assertRaises(AccessError):
                photo.with_user(user).read(["image"])
