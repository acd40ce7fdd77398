"""The pages of client and contractor in Chromium: axe, and a phone's width."""

from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.creditbox_base.tests.browser import PagesInChromium

from ..controllers import files
from .common import picture
from .test_order_portal import PagesCommon


@tagged("post_install", "-at_install")
class TestOrderAccessible(PagesInChromium, PagesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("it_IT")
        (cls.client_user | cls.contractor).lang = "it_IT"
        cls.env["creditbox.order.change"].with_user(cls.client_user).sudo()._ask_for(
            cls.client_user, cls.order, {"kind": "contact", "note": "Porter"}
        )
        uploads = cls.env["creditbox.order.upload"].with_user(cls.client_user).sudo()
        cls.upload = uploads._take(
            cls.client_user, "client", "a.csv", b"supply;operation\nNO;check\n"
        )

    def test_client(self):
        base = "/my/field/client"
        paths = (
            *("/my", base, f"{base}/{self.order.id}"),
            *(f"{base}/new?search={self.supply.code}", f"{base}/upload"),
            f"{base}/new?supply_id={self.supply.id}",
            f"{base}/upload?upload={self.upload.id}",
        )
        self.assertPages("venditore", paths)

    def test_contractor(self):
        base = "/my/field/contractor"
        paths = (base, f"{base}/{self.order.id}", f"{base}/upload")
        self.assertPages("impresa", paths)

    def test_photos_in_parts(self):
        self.order._add_photos([{"kind": "other", "image": picture("red")}])
        with patch.object(files, "PART_PHOTOS", 1):
            self.assertPages("impresa", ["/my/field/contractor/photos.zip"])
