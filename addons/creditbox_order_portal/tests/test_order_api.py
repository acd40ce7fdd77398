import base64
import json
from datetime import date, datetime, timedelta, timezone

from odoo.tests import HttpCase, tagged

from .common import OrderPortalCommon, picture


@tagged("post_install", "-at_install")
class TestOrderApi(HttpCase, OrderPortalCommon):
    """The JSON API of contractors' systems."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._bill(100, due=date(2026, 3, 1))
        cls.orders = cls.Order
        for operation in ("check", "notice"):
            demands = cls.Order._demands_by_hand(cls.supply.position_ids, operation)
            cls.orders |= cls.Order._request(demands, "operator")
        cls.orders.person_id = cls.crew
        cls.order = cls.orders[0]
        cls.key = cls._key(cls.contractor)
        cls.rival_key = cls._key(cls.rival)

    @classmethod
    def _key(cls, user):
        return (
            cls.env["res.users.apikeys"]
            .with_user(user)
            .sudo()
            ._generate(None, "test", datetime.now() + timedelta(days=1))
        )

    def _call(self, path="", body=None, once=None, key=None):
        headers = {"Authorization": f"Bearer {key or self.key}"}
        if once:
            headers["Idempotency-Key"] = once
        data = None
        if body is not None:
            data = body if isinstance(body, str) else json.dumps(body)
            headers["Content-Type"] = "application/json"
        return self.url_open(
            f"/creditbox/api/v1/orders{path}", data=data, headers=headers
        )

    def _changed_before(self, age):
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE fsm_order SET write_date = %s WHERE id IN %s",
            [
                datetime.now(timezone.utc).replace(tzinfo=None) - age,
                tuple(self.orders.ids),
            ],
        )
        self.env.invalidate_all()

    def test_list_in_pages(self):
        seen, cursor = [], ""
        for _page in range(3):
            content = self._call(f"?limit=1&cursor={cursor}").json()
            seen += [order["id"] for order in content["orders"]]
            cursor = content["cursor"]
            if not content["more"]:
                break
        self.assertEqual(sorted(seen), sorted(self.orders.ids))
        # what may have been committed late is not missed: the last minutes come again
        content = self._call(f"?cursor={cursor}").json()
        self.assertEqual(len(content["orders"]), len(self.orders))
        self._changed_before(timedelta(hours=1))
        content = self._call().json()
        self.assertEqual(len(content["orders"]), len(self.orders))
        self.assertFalse(self._call(f"?cursor={content['cursor']}").json()["orders"])
        self.assertTrue(self._call("?since=2020-01-01T00:00:00Z").json()["orders"])
        self.assertFalse(self._call("?since=2999-01-01T00:00:00Z").json()["orders"])
        for bad in ("limit=0", "limit=201", "since=x", "cursor=x"):
            answer = self._call(f"?{bad}")
            self.assertEqual(answer.status_code, 400, bad)
            self.assertIn("code", answer.json()["error"])

    def test_once(self):
        path = f"/{self.order.id}"
        first = self._call(f"{path}/accept", {}, "key-000001")
        self.assertEqual((first.status_code, first.json()["state"]), (200, "accepted"))
        again = self._call(f"{path}/accept", {}, "key-000001")
        self.assertEqual((again.status_code, again.json()["known"]), (200, True))
        other = self._call(f"{path}/accept", {}, "key-000002")
        self.assertEqual(other.status_code, 422, "accepted already")
        self.assertEqual(self._call(f"{path}/accept", {}).status_code, 400)
        moment = f"{date.today() + timedelta(days=3)}T08:00:00Z"
        body = {"crew_id": self.crew_2.id, "planned_for": moment}
        answer = self._call(f"{path}/plan", body, "key-000003")
        self.assertEqual(answer.json()["state"], "planned", answer.text)
        image = base64.b64encode(picture()).decode()
        body = {"photos": [{"kind": kind, "image": image} for kind in ("other",)]}
        for key in ("key-000004", "key-000005"):
            answer = self._call(f"{path}/photos", body, key)
            self.assertEqual(answer.status_code, 200, answer.text)
        self.assertEqual(self._call(path).json()["photos"], 1)
        self.order._stop()
        answer = self._call(f"{path}/outcome", {"outcome": "done"}, "key-000006")
        self.assertEqual(answer.status_code, 409, answer.text)
        self.assertEqual(answer.json()["error"]["code"], "stopped")
        answer = self._call(f"{path}/acknowledge", {}, "key-000007")
        self.assertEqual(answer.status_code, 200, answer.text)

    def test_another_meter(self):
        self.order._enter("accepted")
        self.order._enter("sent")
        path, meter = f"/{self.order.id}/outcome", self.supply.meter_id
        body = {"outcome": "not_executable", "reason": "other_meter"}
        answer = self._call(path, body, "key-000101")
        self.assertEqual(answer.status_code, 422, answer.text)
        answer = self._call(path, {**body, "meter": 77}, "key-000102")
        self.assertEqual(answer.status_code, 400, answer.text)
        self.assertEqual(self.supply.meter_id, meter)
        answer = self._call(path, {**body, "meter": "N-77"}, "key-000103")
        self.assertEqual(answer.json()["state"], "not_executable", answer.text)
        seen = self._call(f"/{self.order.id}").json()
        self.assertEqual(seen["supply"]["meter"], "N-77")

    def test_bad_and_strange(self):
        path = f"/{self.order.id}"
        for what, body in (
            ("accept", "no json"),
            ("accept", "[]"),
            ("plan", {}),
            ("plan", {"crew_id": "1", "planned_for": "x"}),
            ("outcome", {"outcome": 1}),
            ("outcome", {"outcome": "done", "reading": "x"}),
            ("photos", {"photos": []}),
            ("photos", {"photos": [{"kind": "other", "image": "?"}]}),
            ("arrived", {"at": "tomorrow"}),
        ):
            answer = self._call(f"{path}/{what}", body, f"bad-{what}-00001")
            self.assertEqual(answer.status_code, 400, (what, body))
            self.assertIn("code", answer.json()["error"])
        for key in (self.rival_key, self._key(self.client_user)):
            self.assertEqual(self._call(path, key=key).status_code, 404)
            self.assertFalse(self._call(key=key).json()["orders"])
            for what in ("accept", "refuse", "plan", "arrived", "outcome", "photos",
                         "acknowledge"):  # fmt: skip
                answer = self._call(f"{path}/{what}", {}, f"rival-{what}", key)
                self.assertEqual(answer.status_code, 404)
        self.assertEqual(self._call(path, key="wrong").status_code, 401)
        self.assertEqual(self.order.creditbox_state, "requested")
