from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from odoo.addons.creditbox_utility.tests.common import NOW

from .common import CrewCommon

STALE = "2026-06-30T07:00:00Z"
FRESH = "2026-06-30T08:00:00Z"


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestCrew(CrewCommon):
    """What a crew's phone sends, and what becomes of it."""

    def test_whole_visit(self):
        order, _bill = self._handed("sent")
        (answer,) = self._send(self._entry("start", order))
        self.assertTrue(answer["ok"], answer)
        self.assertEqual(order.creditbox_state, "on_site")
        answers = self._send_photos(order, "before", "after", "seal")
        self.assertTrue(all(answer["ok"] for answer in answers), answers)
        done = self._entry("done", order, reading="1234,5", seal="S-77")
        (answer,) = self._send(done)
        self.assertTrue(answer["ok"], answer)
        self.assertEqual(order.creditbox_state, "done")
        self.assertEqual(order.creditbox_seal, "S-77")
        self.assertEqual(self.supply.meter_id.reading_ids[:1].value, 1234.5)
        self.assertEqual(self.supply.meter_state_id, self.suspended)
        (again,) = self._send(done)
        self.assertTrue(again["known"])
        events = order.creditbox_event_ids.filtered(lambda e: e.what == "done")
        self.assertEqual(len(events), 1)

    def test_the_queries_of_a_day_do_not_grow(self):
        def hand(count, name):
            for number in range(count):
                customer = self._customer(f"{name} {number}")
                supply = self._supply(customer, f"{name}{number}")
                self._bill(80, 60, supply)
                position = self.env["creditbox.position"].search(
                    [("supply_id", "=", supply.id)]
                )
                demands = self.Order._demands_by_hand(position, "check")
                order = self.Order._request(demands, "operator")
                order.person_id = self.crew
                order._enter("accepted")
                order._enter("sent")

        def queries():
            self.env.flush_all()
            self.env.invalidate_all()
            crew = self.env["creditbox.crew"].with_user(self.crew_user)
            before = self.env.cr.sql_log_count
            seen = crew._day()["orders"]
            return len(seen), self.env.cr.sql_log_count - before

        hand(2, "A")
        queries()
        few = queries()
        hand(4, "B")
        many = queries()
        self.assertEqual((few[0], many[0]), (2, 6))
        self.assertEqual(many[1], few[1])

    def test_photos_are_asked_for(self):
        order, _bill = self._handed()
        self._send_photos(order, "before")
        (answer,) = self._send(self._entry("done", order))
        self.assertFalse(answer["ok"])
        self.assertIn("After", answer["message"])
        self.assertEqual(order.creditbox_state, "on_site")

    def test_photos_that_come_together(self):
        """One that is refused, or known, does not harm the others."""
        order, _bill = self._handed()
        entries, files = [], {}
        for kind, color in (("before", "red"), ("after", "blue"), ("seal", "green")):
            entry, sent = self._photo(order, kind, color)
            entries.append(entry)
            files |= sent
        bad = {**files, entries[1]["file"]: b"no picture"}
        answers = self._send(*entries, files=bad)
        self.assertEqual([a["ok"] for a in answers], [True, False, True])
        self.assertEqual(order._missing_photos()[order], ["after"])
        entries[1]["key"] = self._key()
        answers = self._send(*entries, files=files)
        self.assertEqual([a.get("known") for a in answers], [True, None, True])
        self.assertEqual([a["key"] for a in answers], [e["key"] for e in entries])
        self.assertEqual(len(order.creditbox_photo_ids), 3)
        events = order.creditbox_event_ids
        self.assertEqual(events.mapped("what"), ["photo"] * 4)
        self.assertEqual(len(events.filtered("refused")), 1)

    def test_the_queries_of_a_visit(self):
        """Photos cost what one of them costs: they are taken together."""
        order, _bill = self._handed()

        def queries(*colors):
            entries, files = [], {}
            for color in colors:
                entry, sent = self._photo(order, "other", color)
                entries.append(entry)
                files |= sent
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            answers = self._send(*entries, files=files)
            self.assertTrue(all(answer["ok"] for answer in answers), answers)
            return self.env.cr.sql_log_count - before

        queries("red", "blue")
        few, many = queries("green", "white"), queries("cyan", "black", "pink", "gold")
        self.assertEqual(few, many)
        self.assertEqual(len(order.creditbox_photo_ids), 8)

    def test_bad_files(self):
        order, _bill = self._handed()
        for content in (b"no picture", b"\xff\xd8\xff" + b"0" * 50 * 1024**2, b""):
            entry, _files = self._photo(order, "before")
            (answer,) = self._send(entry, files={entry["file"]: content})
            self.assertFalse(answer["ok"])
            self.assertTrue(answer["message"])
        self.assertFalse(order.creditbox_photo_ids)

    def test_bad_values(self):
        order, _bill = self._handed()
        self._send_photos(order, "before", "after", "seal")
        for entry in (
            None,
            {},
            {"key": "key-x-0000", "what": "unlink", "order": order.id},
            {"key": "key-y-0000", "what": "done", "order": "1; DROP"},
            {"key": "k", "what": "ack", "order": order.id},
            self._entry("done", order, reading="many"),
            self._entry("done", order, reading="-1"),
            self._entry("not_executable", order, reason_id=0),
        ):
            (answer,) = self._send(entry)
            self.assertFalse(answer["ok"], entry)
        self.assertEqual(order.creditbox_state, "on_site")

    def test_look_at_the_debt(self):
        order, _bill = self._handed()
        self._send_photos(order, "before", "after", "seal")
        order.sudo().creditbox_debt_checked_at = False
        late = self._entry("done", order, happened_at=STALE, sent_at=FRESH)
        (answer,) = self._send(late)
        self.assertFalse(answer["ok"])
        order.sudo().creditbox_debt_checked_at = "2026-06-30 06:55:00"
        (answer,) = self._send({**late, "key": self._key()})
        self.assertTrue(answer["ok"], answer)

    def test_wrong_clock(self):
        order, _bill = self._handed()
        clock = {
            "happened_at": "2031-01-01T08:00:00Z",
            "sent_at": "2031-01-01T08:01:00Z",
        }
        entry, files = self._photo(order, "before", **clock)
        self._send(entry, files=files)
        photo = order.creditbox_photo_ids
        self.assertEqual(photo.taken_at.year, 2031)
        self.assertEqual(photo.received_at.year, 2026)
        self.assertGreater(photo.skew, 4 * 365 * 86400)
        self.assertEqual(order.creditbox_event_ids.skew, photo.skew)
        self._send_photos(order, "after", "seal")
        (answer,) = self._send(self._entry("done", order, **clock))
        self.assertTrue(answer["ok"], answer)

    def test_paid_meanwhile(self):
        order, bill = self._handed()
        self._send_photos(order, "before", "after")
        self._pay(100, bill)
        self.assertEqual(order.creditbox_state, "stopped")
        entry, files = self._photo(order, "seal")
        answers = self._send(entry, self._entry("done", order), files=files)
        self.assertTrue(answers[0]["late"])
        self.assertTrue(answers[1]["stopped"])
        self.assertEqual(order.creditbox_state, "stopped")
        self.assertTrue(order.creditbox_alarm)
        self.assertEqual(self.supply.meter_state_id, self.active)
        self.assertEqual(len(order.creditbox_photo_ids), 3)
        self._send(self._entry("ack", order))
        self.assertTrue(order.creditbox_ack_at)
        self.assertEqual(order.creditbox_ack_user_id, self.crew_user)

    def test_receipt_shown_on_the_spot(self):
        order, bill = self._handed()
        (answer,) = self._send(self._entry("paid", order))
        self.assertFalse(answer["ok"])
        self._send_photos(order, "receipt")
        (answer,) = self._send(self._entry("paid", order))
        self.assertTrue(answer["stopped"], answer)
        self.assertEqual(order.creditbox_state, "stopped")
        hold = self.env["creditbox.hold"].search([("move_id", "=", bill.id)])
        self.assertEqual(hold.reason_id.code, "on_the_spot")
        self.assertGreater(hold.date_to, hold.date_from)

    def test_not_executable(self):
        order, _bill = self._handed("sent")
        entry = self._entry("not_executable", order, reason_id=self.reason.id)
        self._send(entry)
        self.assertEqual(order.creditbox_state, "not_executable")
        self.assertEqual(order.creditbox_reason_id, self.reason)

    def test_another_meter(self):
        order, _bill = self._handed("sent")
        other = self.env.ref("creditbox_utility.order_reason_other_meter")
        crew = self.env["creditbox.crew"].with_user(self.crew_user)
        asking = [r["id"] for r in crew._day()["reasons"] if r["meter"]]
        self.assertEqual(asking, other.ids)
        (answer,) = self._send(self._entry("not_executable", order, reason_id=other.id))
        self.assertIn("serial number", answer["message"])
        entry = self._entry("not_executable", order, reason_id=other.id, meter="N-77")
        for _time in range(2):
            (answer,) = self._send(entry)
            self.assertTrue(answer["ok"], answer)
        self.assertEqual(order.creditbox_state, "not_executable")
        self.assertEqual(self.supply.meter_id.serial, "N-77")
        exchange = self.env["creditbox.meter.exchange"].search([])
        self.assertEqual(exchange.user_id, self.crew_user)

    def test_only_its_own(self):
        order, _bill = self._handed()
        other_company = self.env["res.company"].create({"name": "Other"})
        other, customer = self._login("other"), self._login("customer")
        away = self._login("away", other_company)
        self._person(other)
        self._person(away)
        for user in (other, customer, away):
            with self.subTest(user.login):
                (answer,) = self._send_photos(order, "before", user=user)
                self.assertFalse(answer["ok"])
                self.assertNotIn(order.name, answer["message"])
                crew = self.env["creditbox.crew"].with_user(user)
                self.assertFalse(crew._day()["orders"])
                with self.assertRaises(AccessError):
                    order.with_user(user).read(["name"])
        self.assertFalse(order.creditbox_photo_ids)
        with self.assertRaises(AccessError):
            order.with_user(self.crew_user).read(["creditbox_amount"])

    def test_day(self):
        order, _bill = self._handed()
        planned = self._ask(order.creditbox_position_id, "check").line_ids.order_id
        planned.person_id = self.crew
        crew = self.env["creditbox.crew"].with_user(self.crew_user)
        (seen,) = crew._day()["orders"]
        self.assertEqual(seen["id"], order.id)
        self.assertEqual(seen["missing"], ["before", "after", "seal"])
        self.assertFalse({name for name in seen if "amount" in name})
