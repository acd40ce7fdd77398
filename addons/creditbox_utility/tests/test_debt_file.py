import hashlib
from datetime import datetime

from odoo.tests import freeze_time, tagged

from odoo.addons.creditbox_debt_file.tests.common import DebtFileReader

from .common import NOW, UtilityCommon
from .pictures import picture


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestDebtFile(DebtFileReader, UtilityCommon):
    def test_orders_with_their_photos(self):
        self.operator = self._user("operator")
        order, _bill = self._hand_order()
        image = picture("red")
        order._add_photos(
            [{"kind": "seal", "image": image, "taken_at": datetime(2026, 6, 30, 7, 55)}]
        )
        file = self._make(order.creditbox_position_id)
        photos = [
            content
            for name, content in self._unpacked(file).items()
            if name.endswith(".jpg")
        ]
        self.assertEqual(photos, [image])
        text = self._everything(file)
        self.assertIn(order.name, text)
        self.assertIn(hashlib.sha256(image).hexdigest(), text)
        neighbour = self._supply(self._customer("Verdi"), "W9")
        self._bill(50, 20, neighbour)
        position = self.env["creditbox.position"].search(
            [("supply_id", "=", neighbour.id)]
        )
        self.assertNotIn(order.name, self._everything(self._make(position)))
