import io
from datetime import timedelta

from openpyxl import load_workbook

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, HttpCase, freeze_time, tagged

from .common import PDR, TODAY, DeskCommon


@tagged("creditbox", "post_install", "-at_install")
@freeze_time(TODAY)
class TestCustomerPage(DeskCommon):
    def page(self, user=None, customer=None):
        pages = self.env["creditbox.customer.page"].with_user(user or self.operator)
        return pages.get_page((customer or self.customer).id)

    def events(self, **options):
        pages = self.env["creditbox.customer.page"].with_user(self.operator)
        return pages.get_timeline(self.customer.id, self.company.id, **options)

    # -- what it shows -------------------------------------------------------------

    def test_figures(self):
        self._bill(30, -10)
        self._paid(5, supply=self.gas_supply)
        page = self.page()
        totals = page["totals"]
        self.assertEqual(totals["overdue"], 160)
        self.assertEqual(totals["not_due"], 30)
        self.assertEqual(totals["credit"], 5)
        self.assertEqual(totals["balance"], 185)
        self.assertEqual(totals["days"], 40)
        self.assertEqual(totals["since"], (TODAY - timedelta(40)).isoformat())
        supplies = {
            row["supply"]["code"]: row["overdue"]
            for row in page["positions"]
            if row["supply"]
        }
        self.assertEqual(supplies, {"W1": 100, PDR: 60})
        self.assertEqual(
            [(bill["days"], bill["residual"]) for bill in page["bills"]],
            [(40, 100), (20, 60), (0, -5), (-10, 30)],
        )

    def test_supply_never_billed_is_shown_with_meter_and_protection(self):
        self._supply(
            self.customer,
            "W9",
            protected_until=TODAY + timedelta(30),
            protected_reason="Medical device",
        )
        [row] = [r for r in self.page()["positions"] if not r["id"]]
        supply = row["supply"]
        self.assertEqual((supply["code"], supply["meter"]), ("W9", "M-W9"))
        self.assertTrue(supply["supplied"])
        self.assertEqual(supply["protected_reason"], "Medical device")

    def test_next_action(self):
        self.assertFalse(self.page()["next"])
        run = self._run()
        under_way = self.page()["next"]
        self.assertEqual({entry["supply"] for entry in under_way}, {"W1", PDR})
        self.assertTrue(under_way[0]["state"])
        self.assertEqual(under_way[0]["model"], "creditbox.action")
        self._done(run.action_ids)
        self._run(as_of=TODAY + timedelta(1))
        to_come = self.page()["next"]
        self.assertEqual({entry["supply"] for entry in to_come}, {"W1", PDR})
        self.assertFalse(to_come[0]["state"])
        self.assertEqual(to_come[0]["name"], "Row 2")

    def test_evaluation(self):
        """Score, limit and alerts at the head, of this company only."""
        self.env["creditbox.rating"]._refresh(companies=self.company)
        limits = self.env["creditbox.limit"]
        limits.create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "amount": 100,
            }
        )
        for kind, severity in (("other", "high"), ("address", "low")):
            self.env["creditbox.alert"].create(
                {
                    "partner_id": self.customer.id,
                    "company_id": self.company.id,
                    "kind": kind,
                    "severity": severity,
                    "note": f"{severity} alert",
                }
            )
        page = self.page()
        rating, limit = page["badges"]
        self.assertEqual(rating["value"], "Not rated")
        self.assertTrue(rating["hint"])
        self.assertEqual(rating["action"]["res_model"], "creditbox.rating")
        self.assertEqual(limit["style"], "danger", "160 are owed, the limit is 100")
        [banner] = page["banners"]
        self.assertEqual(banner["style"], "danger")
        self.assertEqual(banner["model"], "creditbox.alert")

    def test_found_by_search(self):
        search = self.env["creditbox.search"].with_user(self.operator)
        action = search.open("res.partner", self.customer.id)
        self.assertEqual(action["tag"], "creditbox_customer")
        self.assertEqual(action["params"]["partner_id"], self.customer.id)
        nobody = self.env["res.partner"].create({"name": "Owes nothing"})
        action = search.open("res.partner", nobody.id)
        self.assertEqual(action["res_model"], "res.partner")

    def test_promise_and_holds(self):
        promise = self._promise((5, 160))
        page = self.page()
        self.assertEqual(page["promise"]["open"][0]["id"], promise.id)
        self.assertEqual(page["totals"]["held"], 160)
        self.assertFalse(page["banners"])  # said by the promise already
        promise.action_cancel()
        self.env["creditbox.hold"].create(
            {
                "level": "bill",
                "move_id": self.bill.id,
                "company_id": self.company.id,
                "reason_id": self.env.ref("creditbox_base.hold_reason_dispute").id,
                "date_to": TODAY + timedelta(10),
            }
        )
        [banner] = self.page()["banners"]
        self.assertIn("Disputed bill", banner["text"])

    def test_other_addons_add_badges(self):
        pages = self.env["creditbox.customer.page"]
        self.patch(type(pages), "_badges", lambda *args: [{"label": "Score"}])
        self.assertEqual(self.page()["badges"], [{"label": "Score"}])

    # -- timeline ------------------------------------------------------------------

    def test_timeline(self):
        self._paid(10, self.bill)
        self._promise((5, 50))
        self._execute_past_hold()
        self.env["creditbox.call"].with_user(self.operator).create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "outcome": "no_answer",
            }
        )
        pages = self.env["creditbox.customer.page"].with_user(self.operator)
        pages.add_note(self.customer.id, self.company.id, "He moved <away>")
        self.customer.message_post(
            body="I pay tomorrow", message_type="email", author_id=self.customer.id
        )
        kinds = [event["kind"] for event in self.events()["events"]]
        self.assertEqual(
            set(kinds),
            {"bill", "payment", "promise", "call", "meter", "note", "reply", "message"},
        )
        self.assertEqual(kinds.count("bill"), 2)
        money = self.events(filter_name="money")["events"]
        self.assertEqual({event["kind"] for event in money}, {"bill", "payment"})
        [payment] = [event for event in money if event["kind"] == "payment"]
        self.assertEqual(payment["amount"], 10)
        notes = self.events(filter_name="notes")["events"]
        self.assertIn("He moved <away>", [event["text"] for event in notes])

    def _execute_past_hold(self):
        self.env["creditbox.promise"].search([]).action_cancel()
        self._done(self._run().action_ids)

    def test_every_event_leads_to_a_record(self):
        self.test_timeline()
        for event in self.events()["events"]:
            with self.subTest(event=event["title"]):
                record = self.env[event["model"]].browse(event["id"])
                self.assertTrue(record.exists().get_formview_action())

    def test_timeline_comes_page_by_page(self):
        for number in range(30):
            self._bill(10 + number, 100 + number)
        first = self.events(filter_name="money")
        second = self.events(filter_name="money", offset=25)
        self.assertTrue(first["more"])
        self.assertFalse(second["more"])
        ids = [event["id"] for event in first["events"] + second["events"]]
        self.assertEqual(len(ids), 32)
        self.assertEqual(len(set(ids)), 32)
        dates = [event["date"] for event in first["events"]]
        self.assertEqual(dates, sorted(dates, reverse=True))

    # -- buttons -------------------------------------------------------------------

    def test_buttons(self):
        pages = self.env["creditbox.customer.page"].with_user(self.operator)
        target = self.customer.id, self.company.id
        action = pages.open_promise(*target)
        promises = self.env[action["res_model"]].with_user(self.operator)
        with Form(promises.with_context(action["context"]), action["views"][0][0]) as f:
            self.assertEqual(f.line_ids._records[0]["amount"], 160)
        promise = f.record
        self.assertEqual((promise.amount, promise.state), (160, "open"))
        promise.action_cancel()

        action = pages.open_hold(*target)
        wizard = self.env[action["res_model"]].with_user(self.operator)
        form = Form(wizard.with_context(**action["context"]))
        form.reason_id = self.env.ref("creditbox_base.hold_reason_check")
        closing = form.save().action_hold()
        self.assertEqual(closing["type"], "ir.actions.act_window_close")
        self.assertEqual(self.position.state, "held")

        action = pages.open_call(*target)
        with Form(
            self.env["creditbox.call"]
            .with_user(self.operator)
            .with_context(action["context"]),
            action["views"][0][0],
        ) as form:
            form.outcome = "callback"
            form.date_callback = TODAY + timedelta(1)
        [activity] = self.page()["activities"]
        self.assertEqual(activity["user_id"], self.operator.id)
        pages.activity_done(*target, activity["id"])
        self.assertFalse(self.page()["activities"])

        action = pages.open_assign(*target)
        wizard = self.env[action["res_model"]].with_user(self.operator)
        wizard.browse(action["res_id"]).action_assign()
        self.assertEqual(self.position.user_id, self.operator)
        self.assertIn(self.operator.name, self.position.message_ids[0].body)

        context = pages.open_mail(*target)["context"]
        self.assertEqual(context["default_partner_ids"], self.customer.ids)

    def test_callback_needs_a_day(self):
        with self.assertRaises(UserError):
            self.env["creditbox.call"].create(
                {
                    "partner_id": self.customer.id,
                    "company_id": self.company.id,
                    "outcome": "callback",
                }
            )

    def test_note_on_a_customer_of_several_companies_stays_in_the_company(self):
        self.customer.sudo().company_id = False
        pages = self.env["creditbox.customer.page"].with_user(self.operator)
        pages.add_note(self.customer.id, self.company.id, "Only ours")
        self.assertIn("Only ours", self.position.message_ids[0].body)
        self.assertNotIn("Only ours", self.customer.message_ids[:1].body or "")

    # -- who may -------------------------------------------------------------------

    def test_reader_looks_and_does_nothing(self):
        page = self.page(self.reader)
        self.assertFalse(page["operator"])
        self.assertEqual(page["totals"]["overdue"], 160)
        pages = self.env["creditbox.customer.page"].with_user(self.reader)
        checks = self.env["creditbox.customer.check"].with_user(self.reader)
        target = self.customer.id, self.company.id
        for method, args in (
            ("open_promise", ()),
            ("open_hold", ()),
            ("open_call", ()),
            ("open_mail", ()),
            ("open_assign", ()),
            ("add_note", ("Hello",)),
            ("activity_done", (1,)),
        ):
            with self.subTest(method=method), self.assertRaises(AccessError):
                getattr(pages, method)(*target, *args)
        with self.assertRaises(AccessError):
            checks.mend(*target, "operator", self.customer.id)

    def test_nobody_sees_another_company(self):
        shared = self._customer("Shared")
        self._bill(500, 10, self._supply(shared, "X1"))
        shared.company_id = False
        other = self.setup_other_company()["company"]
        stranger = self._user("manager", other)
        pages = self.env["creditbox.customer.page"].with_user(stranger)
        with self.assertRaises(AccessError):
            pages.get_page(self.customer.id)
        for method in ("get_page", "get_timeline"):
            with self.assertRaises(AccessError):
                getattr(pages, method)(shared.id, self.company.id)
        with self.assertRaises(AccessError):
            pages._statement_file(shared.id, self.company.id, "pdf")
        page = pages.get_page(shared.id)
        self.assertEqual(page["company"]["id"], other.id)
        self.assertFalse(page["totals"]["overdue"])
        self.assertFalse(page["bills"])
        self.assertFalse(page["positions"])
        self.assertFalse(page["companies"])
        self.assertFalse(pages.get_timeline(shared.id, other.id)["events"])

    def test_somebody_without_our_groups(self):
        nobody = self.env["res.users"].create({"name": "Nobody", "login": "nobody"})
        with self.assertRaises(AccessError):
            self.page(nobody)

    # -- speed ---------------------------------------------------------------------

    def test_queries_do_not_grow(self):
        other = self._customer("Large")
        for number in range(8):
            supply = self._supply(other, f"L{number}")
            self._bill(10, 30 + number, supply)
            self._bill(20, 10 + number, supply)
        pages = self.env["creditbox.customer.page"].with_user(self.operator)
        for customer, times in ((self.customer, 1), (other, 4)):
            for number in range(times):
                pages.add_note(customer.id, self.company.id, f"Note {number}")
                self.env["creditbox.call"].with_user(self.operator).create(
                    {
                        "partner_id": customer.id,
                        "company_id": self.company.id,
                        "outcome": "callback",
                        "date_callback": TODAY + timedelta(number),
                    }
                )
        for method in ("get_page", "get_timeline"):
            counts = []
            for customer in (self.customer, other, self.customer, other):
                self.env.flush_all()
                self.env.invalidate_all()
                start = self.env.cr.sql_log_count
                getattr(pages, method)(customer.id, self.company.id)
                counts.append(self.env.cr.sql_log_count - start)
            with self.subTest(method=method):
                self.assertEqual(counts[2], counts[3])
                self.assertLess(counts[3], 75)

    # -- statement -----------------------------------------------------------------

    def test_statement(self):
        self._paid(30, self.bill)
        pages = self.env["creditbox.customer.page"].with_user(self.reader)
        name, content = pages._statement_file(self.customer.id, False, "xlsx")
        self.assertTrue(name.endswith(".xlsx"))
        [sheet] = load_workbook(io.BytesIO(content)).worksheets
        open_amounts = [row[6] for row in sheet.iter_rows(values_only=True)]
        self.assertEqual(
            sorted(
                amount for amount in open_amounts if isinstance(amount, int | float)
            ),
            [0, 60, 70],
        )
        name, content = pages._statement_file(self.customer.id, False, "pdf")
        self.assertTrue(content.startswith(b"%PDF"))


@tagged("creditbox", "post_install", "-at_install")
class TestStatementRoute(DeskCommon, HttpCase):
    def test_route(self):
        self.reader.password = "reader-password"
        path = f"/creditbox/statement/{self.customer.id}"
        self.authenticate(self.reader.login, "reader-password")
        answer = self.url_open(f"{path}/{self.company.id}/pdf")
        self.assertEqual(answer.status_code, 200)
        self.assertIn("attachment", answer.headers["Content-Disposition"])
        other = self.setup_other_company()["company"]
        for wrong in (f"{path}/{other.id}/pdf", f"{path}/{self.company.id}/exe"):
            self.assertEqual(self.url_open(wrong).status_code, 404)
