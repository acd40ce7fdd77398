import base64
import io
import re
import zipfile
from datetime import date, timedelta
from html import unescape
from unittest.mock import patch

from openpyxl import load_workbook

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, freeze_time, tagged

from odoo.addons.creditbox_base.tools import sheet
from odoo.addons.creditbox_utility.tests.common import NOW

from ..controllers import files
from .common import OrderPortalCommon, picture

NOTE = "a file"


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestOrderPortal(OrderPortalCommon):
    """What clients and contractors may do, through the methods of the pages."""

    def _upload(self, user, kind, rows, photos=None):
        uploads = self.env["creditbox.order.upload"].with_user(user).sudo()
        names = {"client": 4, "contractor": 8}[kind]
        from ..models.creditbox_order_upload import CLIENT_FIELDS, RESULT_FIELDS

        headings = CLIENT_FIELDS if kind == "client" else RESULT_FIELDS
        content = sheet.write(
            "x", headings, [[*row, *[""] * (names - len(row))] for row in rows]
        )
        return uploads._take(user, kind, "file.xlsx", content, photos), content

    def test_client_orders_by_file(self):
        self._lawful()
        rows = [
            (self.supply.code, "suspension", "2026-07-02"),
            (self.supply.code, "suspension"),
            ("NOBODY", "check"),
            (self.supply.code, "dancing"),
            (self.supply.code, "check", "not a day"),
        ]
        taken, content = self._upload(self.client_user, "client", rows)
        self.assertEqual(
            [(a["row"], a["ok"], a.get("field")) for a in taken.answers],
            [
                (2, True, None),
                (3, False, "supply"),
                (4, False, "supply"),
                (5, False, "operation"),
                (6, False, "date"),
            ],
        )
        order = self.Order.browse(taken.answers[0]["order_id"])
        self.assertEqual(order.creditbox_origin, "client")
        self.assertEqual(order.creditbox_user_id, self.client_user)
        again = taken._take(self.client_user, "client", "file.xlsx", content)
        self.assertEqual(again, taken, "the same file again changes nothing")
        self.assertEqual(len(taken._refused_rows()), 4)

    def test_client_is_told_the_law(self):
        self._lawful()
        self.supply.protected_until = date(2026, 12, 31)
        taken, _c = self._upload(
            self.client_user, "client", [(self.supply.code, "suspension")]
        )
        (answer,) = taken.answers
        self.assertFalse(answer["ok"])
        self.assertTrue(answer["message"])

    def test_changes(self):
        order, _bill = self._hand_order()
        changes = self.env["creditbox.order.change"].with_user(self.client_user).sudo()
        ask = {"kind": "date", "wanted_date": date(2026, 7, 7), "note": "Holidays"}
        change = changes._ask_for(self.client_user, order, ask)
        self.assertEqual(changes._ask_for(self.client_user, order, ask), change)
        self.assertTrue(change.activity_ids)
        clerk = self._user("operator")
        with self.assertRaises(AccessError):
            change.with_user(clerk).write({"note": "Other"})
        with self.assertRaises(AccessError):
            change.with_user(self._user("reader")).action_approve()
        change.with_user(clerk).action_approve()
        self.assertEqual(order.creditbox_state, "planned")
        self.assertEqual(order.scheduled_date_start.date(), date(2026, 7, 7))
        order.action_send()
        cancel = changes._ask_for(
            self.client_user, order, {"kind": "cancel", "note": "Agreed otherwise"}
        )
        cancel.with_user(clerk).action_approve()
        self.assertEqual(order.creditbox_state, "recalled")
        self.assertFalse(cancel.activity_ids)

    def test_paid_at_the_counter_stops_at_once(self):
        order, _bill = self._hand_order()
        self._bring(order, "sent")
        stopped = (
            order.with_user(self.client_user)
            .sudo()
            ._stop_for_counter(self.client_user, 100, "R1")
        )
        self.assertTrue(stopped)
        self.assertEqual(order.creditbox_state, "stopped")
        hold = self._counter_holds()
        self.assertEqual(hold.supply_id, self.supply)
        self.assertFalse(hold.user_id.share, "the office follows it")
        self.assertIn("R1", hold.note)

    def test_a_part_paid_at_the_counter_stops_nothing(self):
        order, _bill = self._hand_order()
        self._bring(order, "sent")
        client = order.with_user(self.client_user).sudo()
        self.assertFalse(client._stop_for_counter(self.client_user, 40, "R1"))
        self.assertEqual(order.creditbox_state, "sent")
        self.assertFalse(self._counter_holds())
        self.assertTrue(order.message_ids.filtered(lambda m: "R1" in (m.body or "")))

    def _counter_holds(self):
        return self.env["creditbox.hold"].search(
            [("reason_id.code", "=", "counter"), ("company_id", "=", self.company.id)]
        )

    def _proved(self, order):
        kinds = order._missing_photos()[order]
        return [
            (f"{order.name}_{word}.png", picture(color))
            for kind, word, color in (
                ("before", "prima", "red"),
                ("after", "dopo", "blue"),
                ("seal", "sigillo", "green"),
                ("notice", "avviso", "black"),
                ("meter", "lettura", "grey"),
            )
            if kind in kinds
        ]

    def test_contractor_from_acceptance_to_result(self):
        order, _bill = self._given()
        own = order.with_user(self.contractor).sudo()
        self.assertEqual(own._portal_accept()["state"], "accepted")
        moment = order._morning_of(date(2026, 6, 30)) + timedelta(hours=2)
        own._portal_plan(self.crew_2.id, moment)
        self.assertEqual(order.person_id, self.crew_2)
        self.assertEqual(own._portal_accept()["state"], "sent")
        row = (order.name, "done", "2026-06-30 09:55", "", "123,5", "S77", "Fine")
        taken, _c = self._upload(self.contractor, "contractor", [row])
        self.assertFalse(taken.answers[0]["ok"], "without photos")
        photos = [*self._proved(order), ("nothing.png", picture("pink"))]
        taken, _c = self._upload(self.contractor, "contractor", [row], photos)
        self.assertTrue(taken.answers[0]["ok"], taken.answers)
        self.assertIn("nothing.png", taken.answers[1]["message"])
        self.assertEqual(order.creditbox_state, "done")
        self.assertEqual(
            (order.creditbox_reading, order.creditbox_seal), (123.5, "S77")
        )
        self.assertEqual(self.supply.meter_state_id, self.suspended)
        self.assertEqual(str(order.creditbox_on_site_at), "2026-06-30 07:55:00")

    def test_results_that_are_not_taken(self):
        order, _bill = self._given()
        self._bring(order, "sent")
        order._stop()
        rows = [
            (order.name, "done"),
            ("ODL-NO", "done"),
            (order.name, "perhaps"),
            (order.name, "done", "yesterday"),
            (order.name, "done", "", "", "many"),
        ]
        taken, _c = self._upload(self.contractor, "contractor", rows)
        self.assertEqual(
            [(a["ok"], a["field"]) for a in taken.answers],
            [
                (False, "outcome"),
                (False, "order"),
                (False, "outcome"),
                (False, "when"),
                (False, "reading"),
            ],
        )
        self.assertIn("nothing may be done", taken.answers[0]["message"])
        warned = order.activity_ids.mapped("summary")
        self.assertTrue(any("though it was stopped" in s for s in warned), warned)

    def test_another_meter_by_file(self):
        order, _bill = self._given()
        self._bring(order, "sent")
        row = (order.name, "not_executable", "", "other_meter", "", "", "", "")
        taken, _c = self._upload(self.contractor, "contractor", [row])
        self.assertIn("serial number", taken.answers[0]["message"])
        self.assertEqual(order.creditbox_state, "sent")
        taken, _c = self._upload(self.contractor, "contractor", [(*row[:7], "N-77")])
        self.assertTrue(taken.answers[0]["ok"], taken.answers)
        self.assertEqual(order.creditbox_state, "not_executable")
        self.assertEqual(self.supply.meter_id.serial, "N-77")

    def test_contractor_refuses(self):
        order, _bill = self._given()
        self._bring(order, "sent")
        order.with_user(self.contractor).sudo()._portal_refuse("No van")
        self.assertFalse(order.person_id)
        self.assertEqual(order.creditbox_state, "accepted")
        self.assertTrue(order.activity_ids)

    def test_each_its_own(self):
        order, _bill = self._given()
        for side, owner, strangers in (
            (
                "client",
                self.client_user,
                (
                    self.client_neighbour,
                    self.client_abroad,
                    self.contractor,
                    self.customer_user,
                ),
            ),
            ("contractor", self.contractor, (self.rival, self.client_user)),
        ):
            self.assertIn(order, self.Order._portal_orders(side, owner))
            for stranger in strangers:
                self.assertFalse(self.Order._portal_orders(side, stranger))
        with self.assertRaises(AccessError):
            order.with_user(self.contractor).read(["creditbox_amount"])


class PagesCommon(HttpCase, OrderPortalCommon):
    """One order with a photo, of the client's supply and the contractor's crew."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        position = cls.supply.position_ids[:1] or cls._a_position(cls)
        demands = cls.Order._demands_by_hand(position, "check")
        cls.order = cls.Order._request(demands, "operator")
        cls.order.person_id = cls.crew
        cls.photo = cls.order._add_photos([{"kind": "other", "image": picture()}])

    def _a_position(self):
        self._bill(100, due=date(2026, 3, 1))
        return self.supply.position_ids


@tagged("post_install", "-at_install")
class TestOrderPages(PagesCommon):
    """The routes, with neighbours' ids tried on each."""

    def _get(self, path, **options):
        return self.url_open(f"/my/field/{path}", allow_redirects=False, **options)

    def test_pages(self):
        number, photo = self.order.id, self.photo.id
        for login, side, more in (
            ("venditore", "client", ["new", "new?search=" + self.supply.code]),
            ("impresa", "contractor", []),
        ):
            self.authenticate(login, login)
            self.assertEqual(self.url_open("/my").status_code, 200)
            for path in (
                *("", "?state=open&search=x", f"/{number}", f"/{number}/photo/{photo}"),
                *("/upload", "/template.xlsx", "/export.xlsx", "/export.csv"),
                *("/photos.zip", f"/photos.zip?order_id={number}"),
                *(f"/{one}" for one in more),
            ):
                answer = self._get(side + path)
                self.assertEqual(answer.status_code, 200, path)
            answer = self._get(f"{side}/photos.zip?order_id={number}")
            with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
                self.assertEqual(len(archive.namelist()), 1)

    def test_photos_in_parts(self):
        for number in range(4):
            self.order._add_photos(
                [{"kind": "other", "image": picture((number, 0, 0))}]
            )
        photos = self.order.creditbox_photo_ids
        self.authenticate("impresa", "impresa")
        path = f"contractor/photos.zip?order_id={self.order.id}"
        sizes = [len(base64.b64decode(photo.image)) for photo in photos.sorted("id")]
        for limit, most, parts in (
            ("PART_PHOTOS", 2, [2, 2, 1]),
            ("PART_BYTES", sum(sizes[:3]), [3, 2]),
        ):
            with self.subTest(limit), patch.object(files, limit, most):
                page = self._get(path)
                links = re.findall(r"/my/field/(contractor/photos.zip[^\"]*part=\d+)",
                                   unescape(page.text))  # fmt: skip
                self.assertEqual(len(links), len(parts))
                names = []
                for number, (link, count) in enumerate(
                    zip(links, parts, strict=True), start=1
                ):
                    answer = self._get(link)
                    self.assertIn(
                        f"photos-{number}-of-{len(parts)}.zip",
                        answer.headers["Content-Disposition"],
                    )
                    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
                        self.assertFalse(archive.testzip())
                        self.assertEqual(len(archive.namelist()), count)
                        names += archive.namelist()
                self.assertEqual(len(set(names)), len(photos), "all of them, once")
                for wrong in ("0", str(len(parts) + 1), "x"):
                    answer = self._get(f"{path}&part={wrong}")
                    self.assertEqual(answer.status_code, 404)
        answer = self._get("contractor/photos.zip?search=nothing")
        with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
            self.assertFalse(archive.namelist())

    def test_hours_of_the_company(self):
        # whatever the planning says of that hour
        self.env.cr.execute(
            "UPDATE fsm_order SET scheduled_date_start = '2026-07-01 06:30:00'"
            " WHERE id = %s",
            [self.order.id],
        )
        self.env.invalidate_all()
        for user_zone in (False, "UTC", "Asia/Tokyo"):
            (self.contractor | self.client_user).tz = user_zone
            for company_zone, shown in (("Europe/Rome", "8:30"), ("UTC", "6:30")):
                self.company.partner_id.tz = company_zone
                for login, side in (
                    ("impresa", "contractor"),
                    ("venditore", "client"),
                ):
                    self.authenticate(login, login)
                    for path in ("", f"/{self.order.id}"):
                        with self.subTest(zone=(user_zone, company_zone), path=path):
                            text = self._get(side + path).text
                            self.assertRegex(text, rf"\b0?{shown}\b")

    def test_neighbours(self):
        number, photo = self.order.id, self.photo.id
        paths = {
            "client": ("change", "paid"),
            "contractor": ("accept", "refuse", "plan", "acknowledge"),
        }
        for login in ("altro", "estero", "rivale", "qualunque", None):
            self.authenticate(login, login)
            for side, posts in paths.items():
                for path in (f"/{number}", f"/{number}/photo/{photo}"):
                    answer = self._get(side + path)
                    self.assertIn(answer.status_code, (303, 404), (login, path))
                answer = self._get(f"{side}/export.csv")
                self.assertNotIn(self.order.name, answer.text)
                answer = self._get(f"{side}/photos.zip?order_id={number}")
                self.assertNotIn(self.order.name, answer.text)
                for post in posts:
                    answer = self._post(f"{side}/{number}/{post}", kind="date")
                    self.assertIn(answer.status_code, (303, 404), (login, post))
                    if answer.status_code == 303:
                        self.assertIn("/web/login", answer.headers["Location"])
        self.assertEqual(self.order.creditbox_state, "requested")
        self.assertFalse(self.env["creditbox.order.change"].search([]))

    def _post(self, path, files=None, **data):
        from odoo.http import Request  # the token of the session, as pages have it

        token = Request.csrf_token(self)
        return self._get(path, data={"csrf_token": token, **data}, files=files)

    def test_acts(self):
        self.authenticate("impresa", "impresa")
        number = self.order.id
        self._post(f"contractor/{number}/accept")
        self.assertEqual(self.order.creditbox_state, "accepted")
        answer = self._post(f"contractor/{number}/plan", crew_id=self.rival_crew.id,
                            when="2099-07-01T08:00")  # fmt: skip
        self.assertIn("none of your crews", answer.text)
        self.authenticate("venditore", "venditore")
        answer = self._post(f"client/{number}/change", kind="cancel", note="")
        self.assertIn('role="alert"', answer.text)
        self._post(f"client/{number}/change", kind="cancel", note="No more")
        change = self.env["creditbox.order.change"].search([])
        self.assertEqual(change.order_id, self.order)
        files = {"file": ("a.csv", b"supply;operation\nNO;check\n")}
        answer = self._post("client/upload", files=files)
        upload = re.search(r"upload=(\d+)", answer.headers["Location"])[1]
        refused = self._get(f"client/upload/{upload}/refused.xlsx")
        cells = list(load_workbook(io.BytesIO(refused.content)).active.values)
        self.assertEqual(cells[1][0], "NO")
        self.authenticate("altro", "altro")
        answer = self._get(f"client/upload/{upload}/refused.xlsx")
        self.assertEqual(answer.status_code, 404)
