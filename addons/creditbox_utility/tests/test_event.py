from datetime import datetime

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import UtilityCommon

KEY = "0123456789abcdef"


@tagged("post_install", "-at_install")
class TestEvent(UtilityCommon):
    """What is sent again does nothing again."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.events = cls.env["creditbox.order.event"]

    def _note(self, order, done, key=KEY, **values):
        def work():
            done.append(order.name)
            return {"state": order.creditbox_state}

        return self.events._once(key, "note", work, order, **values)

    def test_once(self):
        order, _bill = self._hand_order()
        done = []
        first = self._note(order, done)
        self.assertEqual(first, {"ok": True, "state": "requested"})
        self.assertEqual(self._note(order, done), {**first, "known": True})
        self.assertEqual(len(done), 1)
        self.assertEqual(len(order.creditbox_event_ids), 1)
        self.assertEqual(order.creditbox_event_ids.company_id, self.company)

    def test_refusal_undoes_and_is_kept(self):
        order, _bill = self._hand_order()
        reason = "No"

        def work():
            order.sudo().creditbox_note = "Half done"
            raise UserError(reason)

        for _time in range(2):
            answer = self.events._once(KEY, "note", work, order)
            self.assertEqual((answer["ok"], answer["message"]), (False, "No"))
        self.assertFalse(order.creditbox_note)
        self.assertTrue(order.creditbox_event_ids.refused)
        self.assertEqual(order.creditbox_event_ids.message, "No")

    def test_key_belongs_to_its_sender_and_order(self):
        order, _bill = self._hand_order()
        other = self._ask(order.creditbox_position_id, "check").line_ids.order_id
        done = []
        self._note(order, done)
        with self.assertRaises(UserError):
            self._note(other, done)
        with self.assertRaises(UserError):
            self._note(order, done, key="short")
        portal = new_test_user(self.env, "portal", groups="base.group_portal")
        events = self.events.with_user(portal)
        events._once(KEY, "note", lambda: done.append("portal"), order)
        self.assertEqual(len(done), 2)
        with self.assertRaises(AccessError):
            events.search([])

    def test_order_that_the_work_makes(self):
        order, _bill = self._hand_order()
        answer = self.events._once(KEY, "request", lambda: {"id": order.id})
        self.assertEqual(answer["id"], order.id)
        self.assertEqual(order.creditbox_event_ids.what, "request")

    def test_wrong_clock(self):
        order, _bill = self._hand_order()
        ahead = datetime(2099, 1, 1)
        self._note(order, [], happened_at=ahead, sent_at=ahead)
        event = order.creditbox_event_ids
        self.assertEqual(event.happened_at, ahead)
        self.assertGreater(event.skew, 365 * 24 * 3600)
        self.assertLess(event.received_at, ahead)
