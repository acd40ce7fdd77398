import base64
from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from odoo.addons.creditbox_base.tools import sheet

from .common import FrontofficeCommon


@tagged("creditbox", "post_install", "-at_install")
class TestPage(FrontofficeCommon):
    def page(self, user=None):
        return self.as_user(user or self.clerk, self.env["creditbox.frontoffice.page"])

    def counters(self, user=None):
        groups = self.page(user).load()["groups"]
        return {c["code"]: c["count"] for g in groups for c in g["counters"]}

    def test_each_figure_opens_its_list(self):
        phone = self.env.ref("helpdesk_mgmt.helpdesk_ticket_channel_phone")
        internal = self.env.ref("creditbox_frontoffice.channel_internal")
        self.ask("deactivation", channel_id=phone)
        self.ask("transfer", channel_id=internal)
        self.ask("reading")._reach("execution")
        figures = self.counters()
        self.assertEqual(
            figures,
            {
                **dict.fromkeys(figures, 0),
                "started": 2,
                "contact": 1,
                "internal": 1,
                "done": 1,
                "contract_active": 1,
                "contract_requested": 1,
            },
        )
        for code, count in figures.items():
            action = self.page().open(code)
            records = self.as_user(self.clerk, self.env[action["res_model"]])
            with self.subTest(code=code):
                self.assertEqual(records.search_count(action["domain"]), count)

    def test_suspended_contracts(self):
        self.meter.meter_state_id = self.env.ref("creditbox_base.meter_state_suspended")
        figures = self.counters()
        self.assertEqual(figures["contract_active"], 0)
        self.assertEqual(figures["contract_suspended"], 1)

    def test_monitors(self):
        ticket = self.ask("complaint", date_received=self.ago(days=4))
        ticket.user_id = self.clerk
        page = self.page().load()
        self.assertFalse(page["team"])
        self.assertEqual([(r["count"], r["days"]) for r in page["mine"]], [(1, 4)])
        team = self.page(self.chief).load()["team"]
        self.assertEqual([(r["id"], r["count"]) for r in team], [(self.clerk.id, 1)])
        action = self.page(self.chief).open("team", self.clerk.id)
        self.assertEqual(self.env["helpdesk.ticket"].search(action["domain"]), ticket)

    def test_strangers(self):
        user = self.make_user("nobody", groups="base.group_user")
        with self.assertRaises(AccessError):
            self.page(user).load()

    def test_queries_do_not_grow(self):
        tickets = [self.ask("complaint") for _i in range(3)]
        self.page(self.chief).load()
        with self.assertQueryCount(40):
            self.env.invalidate_all()
            self.page(self.chief).load()
        values = [
            {
                "creditbox_procedure_id": self.procedure("complaint").id,
                "partner_id": self.customer.id,
                "company_id": self.company.id,
            }
        ]
        self.env["helpdesk.ticket"].create(values * 10)
        with self.assertQueryCount(40):
            self.env.invalidate_all()
            self.page(self.chief).load()
        self.assertTrue(tickets)

    # ------------------------------------------------------------------
    def test_queue_of_the_counter(self):
        queue = self.as_user(self.clerk, self.env["creditbox.counter.ticket"])
        numbers = queue.create([{}, {}])
        self.assertEqual(numbers.mapped("number"), ["001", "002"])
        first, second = numbers
        with freeze_time(first.date_taken + timedelta(minutes=12)):
            first.action_call()
            with self.assertRaisesRegex(UserError, "already"):
                first.action_call()
            first.action_serve()
            second.action_left()
        self.assertEqual(first.minutes, 12)
        self.assertEqual(first.user_id, self.clerk)
        self.assertEqual(second.state, "left")
        with self.assertRaises(AccessError):
            first.write({"date_taken": self.ago(days=1)})

    def test_telephone_figures_from_a_file(self):
        rows = [["2026-01", 98.5, 91, 75, 1200], ["02/2026", "97,2", 85, 120, 900]]
        self.upload(rows)
        self.upload([["2026-01", 99, 91, 75, 1200]])
        months = self.env["creditbox.phone.month"].search(
            [("company_id", "=", self.company.id)], order="date"
        )
        self.assertEqual(months.mapped("accessibility"), [99, 97.2])
        self.assertEqual(months.mapped("calls"), [1200, 900])
        with self.assertRaisesRegex(UserError, "Row 3, LS: «130»"):
            self.upload([["2026-03", 98, 90, 60, 1], ["2026-04", 98, 130, 60, 1]])

    def upload(self, rows):
        content = sheet.write("X", ["Month", "AS", "LS", "TMA", "Calls"], rows)
        self.as_user(self.chief, self.env["creditbox.phone.upload"]).create(
            {"file": base64.b64encode(content), "company_id": self.company.id}
        ).action_upload()
