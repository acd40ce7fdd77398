"""One SMS a customer, whatever the number of his supplies."""

import json
from unittest.mock import patch

from odoo.tests import freeze_time, tagged

from ..tools import gsm
from .test_channel_sms import SmsCommon


@tagged("creditbox", "post_install", "-at_install")
@freeze_time("2026-06-30 10:00:00")
class TestJointSms(SmsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.creditbox_joint = True
        cls.second = cls._supply(cls.customer, "W2")
        cls.third = cls._supply(cls.customer, "W3")

    def _bills(self):
        return [
            self._bill(100, 40),
            self._bill(30, 40, self.second),
            self._bill(7, 40, self.third),
        ]

    def _unseen(self, amount, bill):
        """A payment of which the hooks learn nothing: only the gate is left."""
        positions = self.env.registry["creditbox.position"]
        with patch.object(positions, "_on_debt_changed", lambda *args: None):
            self._pay(amount, bill)

    def test_one_sms_with_total_and_count(self):
        self.sms_template.text = "{{ bill_count }} bills, {{ amount }}: {{ supply }}"
        self._bills()
        actions = self._execute()
        self._send()
        self.assertEqual(self._texts(), ["3 bills, $ 137.00: W1, W2, W3"])
        self.assertEqual(set(actions.mapped("state")), {"done"})
        self.assertEqual(actions.item_ids.mapped("step"), [1, 1, 1])
        self.assertEqual(set(actions.mapped("recipient")), {"+393331234567"})
        self.assertEqual(len(actions.message_id), 1)
        self.assertEqual(actions.provider_id, self.provider)

    def test_off_each_supply_has_its_own(self):
        self.company.creditbox_joint = False
        self._bills()
        self._execute()
        self._send()
        self.assertEqual(len(self._texts()), 3)

    def test_lists_give_way_to_numbers(self):
        """As soon as they would cost a segment more than one supply does."""
        text = "x" * 140 + " {{ supply }}"
        self.sms_template.text = text
        self._bills()
        run = self._run()
        run.action_ids._share_messages()
        channel = self.env["creditbox.channel.sms"]
        [short] = channel._compose(run.action_ids)
        self.assertTrue(short.sms().endswith(" W1, W2, W3"))
        self.sms_template.text = "x" * 151 + " {{ supply }}"
        [long] = channel._compose(run.action_ids)
        self.assertTrue(long.sms().endswith(" 3 supplies"))

    def test_lists_as_numbers_save_a_segment(self):
        self.sms_template.text = "x" * 145 + " {{ supply }}"
        for number in range(3):
            code = f"IT001E0000000{number}"
            self._bill(5, 40, self._supply(self.customer, code))
        run = self._run()
        run.action_ids._share_messages()
        [written] = self.env["creditbox.channel.sms"]._compose(run.action_ids)
        self.assertTrue(written.sms().endswith(" 3 supplies"))
        self.assertEqual(gsm.measure(written.sms()).segments, 1)

    def test_payment_codes_are_all_there(self):
        self.sms_template.text = "x" * 130 + " {{ payment_code }}"
        for number, bill in enumerate(self._bills()):
            bill.creditbox_payment_code = f"30100000000000015{number}"
        run = self._run()
        run.action_ids._share_messages()
        [written] = self.env["creditbox.channel.sms"]._compose(run.action_ids)
        for number in range(3):
            self.assertIn(f"30100000000000015{number}", written.sms())

    def _check_one_paid(self, number, pay):
        bills = self._bills()
        actions = self._execute()
        paid = bills[number]
        gone = actions.filtered(lambda a: a.supply_id == paid.creditbox_supply_id)
        pay(paid.amount_residual, paid)
        self._send()
        [text] = self._texts()
        rest = 137 - paid.amount_total
        self.assertIn(f"$ {rest:.2f}", text)
        self.assertNotIn(gone.supply_id.code, text)
        self.assertEqual((gone.state, gone.item_ids.step), ("cancelled", 0))
        self.assertFalse(gone.message_id)
        self.assertEqual(set((actions - gone).mapped("state")), {"done"})

    def test_supply_that_leads_is_paid(self):
        self._check_one_paid(0, self._pay)

    def test_supply_that_leads_is_paid_unseen(self):
        self._check_one_paid(0, self._unseen)

    def test_supply_that_joins_is_paid_unseen(self):
        self._check_one_paid(2, self._unseen)

    def test_all_paid_nothing_leaves(self):
        bills = self._bills()
        actions = self._execute()
        for bill in bills:
            self._unseen(bill.amount_residual, bill)
        self._send()
        self.assertFalse(self._texts())
        self.assertEqual(set(actions.mapped("state")), {"cancelled"})

    def _receipt(self, actions, word):
        body = {"reference": actions.sms_ids.uuid, "status": word}
        provider = self.provider.sudo()
        return provider._sms_receipts_take_over(
            json.dumps(body).encode(), "application/json"
        )

    def test_receipt_counts_for_all(self):
        self._bills()
        actions = self._execute()
        self._send()
        self._receipt(actions, "delivered")
        self.assertEqual(set(actions.mapped("state")), {"delivered"})
        self.assertEqual(len(set(actions.mapped("date_proof"))), 1)

    def test_failure_counts_for_all(self):
        self._bills()
        actions = self._execute()
        self._send()
        self._receipt(actions, "failed")
        self.assertEqual(set(actions.mapped("state")), {"failed"})
        self.assertEqual(actions.item_ids.mapped("step"), [0, 0, 0])

    def test_what_waits_is_seen_on_each(self):
        self._bills()
        actions = self._execute()
        self.gateway.status = 503
        self._send()
        self.assertEqual(set(actions.mapped("state")), {"sending"})
        self.assertEqual(actions.mapped("wait_attempts"), [1, 1, 1])
