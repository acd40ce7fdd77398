from datetime import timedelta

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import EvaluationCommon


@tagged("creditbox", "post_install", "-at_install")
class TestAlert(EvaluationCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.make_customer(
            street="Via Roma 1", zip="20100", city="Milano"
        )
        cls.bill = cls.make_bill(cls.customer, 600, days=40)
        cls.operator = cls.make_user("operator")
        cls.position_model.search(
            [("partner_id", "=", cls.customer.id)]
        ).user_id = cls.operator
        cls.insurer = cls.env["creditbox.provider"].create(
            {"name": "Insurer", "kind": "insurer"}
        )

    def refresh(self):
        self.alerts._refresh(self.company)

    def kinds(self, state="open"):
        found = self.alerts_of(self.customer, ("state", "=", state))
        return sorted(found.mapped("kind"))

    def make_limit(self, amount=500):
        return self.env["creditbox.limit"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "amount": amount,
            }
        )

    def make_cover(self, amount, days):
        return self.env["creditbox.cover"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "provider_id": self.insurer.id,
                "policy": "P1",
                "amount": amount,
                "date_from": self.today - timedelta(days=100),
                "date_to": self.today + timedelta(days=days),
            }
        )

    # -- the facts -----------------------------------------------------------------

    def test_nothing_to_say(self):
        self.refresh()
        self.assertFalse(self.alerts_of(self.customer))

    def test_limit_passed_once_and_gone(self):
        limit = self.make_limit()
        self.refresh()
        alert = self.alerts_of(self.customer)
        self.assertEqual((alert.kind, alert.severity), ("limit", "high"))
        self.assertIn("600", alert.text)
        self.assertEqual(alert.user_id, self.operator)
        self.assertEqual(alert.activity_ids.user_id, self.operator)
        self.make_bill(self.customer, 100, days=-5)
        self.refresh()
        self.assertEqual(self.alerts_of(self.customer), alert)
        self.assertEqual(alert.amount, 700)
        self.assertEqual(len(alert.activity_ids), 1)
        limit.amount = 1000
        self.refresh()
        self.assertEqual((alert.state, alert.close_reason), ("closed", "gone"))
        self.assertEqual(alert.date_closed, self.today)
        self.assertFalse(alert.live)
        self.assertFalse(alert.activity_ids)
        limit.amount = 100
        self.refresh()
        self.assertEqual(self.kinds(), ["limit"])
        self.assertEqual(len(self.alerts_of(self.customer)), 2)

    def test_closed_by_hand_stays_closed_while_the_fact_lasts(self):
        limit = self.make_limit()
        self.refresh()
        alert = self.as_user(self.operator, self.alerts_of(self.customer))
        self.close(alert, "accepted", "Has always paid")
        self.assertEqual(alert.close_reason, "accepted")
        self.assertEqual(alert.note, "Has always paid")
        self.assertFalse(alert.activity_ids)
        self.refresh()
        self.assertEqual(self.kinds(), [])
        limit.amount = 1000
        self.refresh()
        self.assertEqual(alert.close_reason, "accepted")
        limit.amount = 100
        self.refresh()
        self.assertEqual(self.kinds(), ["limit"])

    def close(self, alerts, reason, note=False):
        wizard = alerts.env["creditbox.alert.close"].with_context(active_ids=alerts.ids)
        wizard.create({"reason": reason, "note": note}).action_close()

    def test_covers(self):
        cover = self.make_cover(1000, days=200)
        self.refresh()
        self.assertEqual(self.kinds(), [])
        cover.amount = 200
        self.refresh()
        self.assertEqual(self.kinds(), ["cover"])
        cover.date_to = self.today + timedelta(days=10)
        self.refresh()
        self.assertEqual(self.kinds(), ["cover", "cover_end"])
        ending = self.alerts_of(self.customer, ("kind", "=", "cover_end"))
        self.assertIn("P1", ending.text)
        self.make_cover(1000, days=300)
        self.refresh()
        self.assertEqual(self.kinds(), [])

    def test_ended_cover_still_tells(self):
        cover = self.make_cover(1000, days=5)
        cover.write({"date_to": self.today - timedelta(days=3)})
        self.refresh()
        self.assertEqual(self.kinds(), ["cover_end"])
        self.pay(self.bill)
        self.refresh()
        self.assertEqual(self.kinds(), [])

    def test_worsening(self):
        customer = self.make_customer(street="Via", zip="1", city="Milano")
        bills = self.make_history(customer, [0] * 6)
        rating = self.rate(customer)
        rating.history_ids.date = self.today - timedelta(days=20)
        for bill in bills[2:]:
            self.receivable_lines(bill).remove_move_reconcile()
        self.rate(customer)
        alert = self.alerts_of(customer)
        self.assertEqual((alert.kind, alert.severity), ("worsening", "high"))
        self.assertIn("From «Good payer» to «At risk»", alert.text)
        self.rate(customer)
        self.assertEqual(self.alerts_of(customer), alert)
        for bill in bills[2:]:
            self.pay_late(bill, 0)
        self.rate(customer)
        self.assertEqual(alert.close_reason, "gone")

    def test_returned_payment_for_a_time(self):
        payment = self.make_payment(self.customer, 30)
        payment.action_draft()
        payment.state = "rejected"
        self.refresh()
        alert = self.alerts_of(self.customer)
        self.assertEqual((alert.kind, alert.amount), ("returned", 30))
        payment.date = self.today - timedelta(days=self.rule.returned_days + 1)
        self.refresh()
        self.assertEqual(alert.close_reason, "gone")

    def test_addresses(self):
        self.customer.write(
            {"email": "x@example.com", "message_bounce": 2, "zip": False}
        )
        self.refresh()
        facts = self.alerts_of(self.customer)
        self.assertEqual(facts.mapped("kind"), ["address"] * 2)
        self.assertEqual(set(facts.mapped("fact")), {"email", "postal"})
        self.assertFalse(facts.activity_ids)  # too small a matter
        self.customer.write({"message_bounce": 0, "zip": "20100"})
        self.refresh()
        self.assertEqual(facts.mapped("close_reason"), ["gone"] * 2)

    def test_only_the_customers_named(self):
        """Alerts of others are left alone when one customer is looked at."""
        self.make_limit()
        self.refresh()
        other = self.make_customer("Other")
        self.make_bill(other, 50, days=3)
        self.alerts._refresh(self.company, other.ids)
        self.assertEqual(self.kinds(), ["limit"])

    # -- insolvency ----------------------------------------------------------------

    def enter_insolvency(self):
        alerts = self.as_user(self.operator, self.alerts).with_company(self.company)
        with Form(alerts) as form:
            form.partner_id = self.customer
            form.kind = "insolvency"
            form.note = "Court of Milan"
        return form.record

    def test_insolvency_by_hand_holds(self):
        alert = self.enter_insolvency()
        self.assertTrue(alert.by_hand)
        self.assertIn("Court of Milan", alert.text)
        self.assertEqual(alert.user_id, self.operator)
        hold = alert.sudo().hold_id
        self.assertEqual(hold.customer_id, self.customer)
        self.assertEqual((hold.date_to - hold.date_from).days + 1, 90)
        position = self.position(self.customer)
        self.assertEqual(position.state, "held")
        self.refresh()
        self.assertEqual(alert.state, "open")
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            with self.env.cr.savepoint():
                self.enter_insolvency()

    def test_hold_ends_with_a_mistake_only(self):
        for reason, state in (("handled", "active"), ("mistake", "released")):
            with self.subTest(reason):
                alert = self.enter_insolvency()
                hold = alert.sudo().hold_id
                self.close(alert, reason)
                self.assertEqual(hold.state, state)

    def test_no_hold_where_the_rule_says_so(self):
        self.rule.insolvency_hold_days = 0
        alert = self.enter_insolvency()
        self.assertFalse(alert.sudo().hold_id)
        self.assertEqual(self.position(self.customer).state, "overdue")

    # -- people --------------------------------------------------------------------

    def test_operator_takes_closes_reopens(self):
        limit = self.make_limit()
        self.refresh()
        alert = self.as_user(self.operator, self.alerts_of(self.customer))
        alert.action_take()
        self.assertEqual((alert.state, alert.user_id), ("seen", self.operator))
        self.close(alert, "handled")
        alert.action_reopen()
        self.assertEqual(alert.state, "open")
        limit.active = False
        self.refresh()
        with self.assertRaises(UserError):
            alert.action_reopen()

    def test_what_an_alert_says_is_nobodys_to_write(self):
        self.make_limit()
        self.refresh()
        alert = self.alerts_of(self.customer)
        mine = self.as_user(self.operator, alert)
        mine.note = "Called him"
        for vals in (
            {"amount": 1},
            {"state": "closed"},
            {"live": False},
            {"severity": "low"},
        ):
            with self.subTest(vals), self.assertRaises(AccessError):
                mine.write(vals)
        reader = self.as_user(self.make_user("reader"), alert)
        self.assertTrue(reader.text)
        for method in ("action_take", "action_reopen"):
            with self.subTest(method), self.assertRaises(AccessError):
                getattr(reader, method)()
        with self.assertRaises(AccessError):
            reader._close("handled")
        with self.assertRaises(UserError):
            self.as_user(self.operator, self.alerts).create(
                {"partner_id": self.customer.id, "kind": "limit"}
            )

    def test_only_the_news_is_entered_by_hand(self):
        hold = self.make_hold("customer", self.customer)
        alert = self.as_user(self.operator, self.alerts).create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "kind": "other",
                "note": "Moved abroad, it seems",
                "state": "closed",
                "hold_id": hold.id,
            }
        )
        self.assertEqual((alert.state, alert.text), ("open", "Moved abroad, it seems"))
        self.assertFalse(alert.sudo().hold_id)
        alert.severity = "low"
        self.assertEqual(alert.rank, 1)

    def test_other_company_sees_nothing(self):
        self.make_limit()
        self.refresh()
        alert = self.alerts_of(self.customer)
        foreign = self.make_user("administrator", self.company_b)
        self.assertFalse(self.as_user(foreign, self.alerts).search([]))
        with self.assertRaises(AccessError):
            self.as_user(foreign, alert).action_take()
        both = self.make_user("operator", self.companies)
        self.assertEqual(self.as_user(both, self.alerts).search([]), alert)

    def test_text_of_each_kind_for_a_reader(self):
        """Nothing that a text names is out of a reader's reach."""
        provider = self.env["creditbox.provider"].create(
            {"name": "Info", "kind": "information"}
        )
        self.env["creditbox.information.report"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "provider_id": provider.id,
                "reference": "R1",
                "state": "received",
                "date_received": self.today,
                "insolvency": True,
                "address_wrong": True,
            }
        )
        self.make_limit()
        self.make_cover(100, days=3)
        self.refresh()
        alerts = self.alerts_of(self.customer)
        self.assertEqual(
            sorted(alerts.mapped("kind")),
            ["address", "cover", "cover_end", "insolvency", "limit"],
        )
        self.assertEqual(self.position(self.customer).state, "held")
        for alert in self.as_user(self.make_user("reader"), alerts):
            self.assertTrue(alert.text)
            self.assertIn(self.customer.name, alert.display_name)

    def test_same_queries_for_few_and_many(self):
        def queries(count):
            customers = self.env["res.partner"].union(
                *(self.make_customer(f"C{n}") for n in range(count))
            )
            for customer in customers:
                self.make_bill(customer, 100, days=40)
                self.env["creditbox.limit"].create(
                    {
                        "partner_id": customer.id,
                        "company_id": self.company.id,
                        "amount": 10,
                    }
                )
            self.env.flush_all()
            start = self.env.cr.sql_log_count
            self.refresh()
            return self.env.cr.sql_log_count - start

        queries(1)
        self.assertEqual(queries(1), queries(8))

    def test_activity_goes_with_the_alert(self):
        self.operator.write({"group_ids": [Command.link(
            self.env.ref("base.group_user").id)]})  # fmt: skip
        limit = self.make_limit()
        self.refresh()
        domain = [("user_id", "=", self.operator.id)]
        activities = self.env["mail.activity"].search(domain)
        self.assertEqual(activities.res_model, "creditbox.alert")
        limit.amount = 5000
        self.refresh()
        self.assertFalse(self.env["mail.activity"].search(domain))
