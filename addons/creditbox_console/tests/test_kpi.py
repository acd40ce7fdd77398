"""Each KPI on a ledger small enough to be computed by hand, here in Python."""

from datetime import datetime, timedelta

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged

from ..tools.countback import countback_days
from .common import ConsoleCommon


class TestCountback(TransactionCase):
    def test_by_hand(self):
        months = [(30, 100), (31, 200), (28, 0), (31, 50)]
        for balance, days in (
            (0, 0),
            (-5, 0),
            (50, 15),
            (100, 30),
            (200, 30 + 15.5),
            (300, 61),
            (325, 61 + 28 + 15.5),
            (1000, 120),
        ):
            with self.subTest(balance):
                self.assertAlmostEqual(countback_days(balance, months), days)
        # more credited than billed: what was taken away comes back
        self.assertAlmostEqual(countback_days(50, [(30, -50), (31, 200)]), 30 + 15.5)


@tagged("post_install", "-at_install")
class TestKpi(ConsoleCommon):
    """January to March: bills of 300, 200 and 100, some paid early, late or in part."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kpis = cls.env["creditbox.kpi"]
        cls.customer = cls.make_customer("Rossi")
        cls.january = cls.bill_on(cls.customer, 300, "2026-01-05", "2026-02-04")
        cls.february = cls.bill_on(cls.customer, 200, "2026-02-05", "2026-03-07")
        cls.march = cls.bill_on(cls.customer, 100, "2026-03-05", "2026-04-04")
        cls.pay_on(cls.january, "2026-02-14", 100)  # ten days late
        cls.pay_on(cls.january, "2026-03-06", 150)  # thirty days late
        cls.pay_on(cls.march, "2026-03-25", 40)  # ten days early

    def _measures(self, day):
        return {
            (code, detail): (float(numerator), float(denominator))
            for code, detail, numerator, denominator in self.kpis._measure(
                self.company, self.day(day)
            )
        }

    def _value(self, day, code):
        return self.kpis._ratio(code, *self._measures(day)[code, ""])

    def test_dso(self):
        # owed at the end of March: 50 + 200 + 60 = 310; of March 100 (31 days), of
        # February 200 (28), of January 10 of 300 (31)
        self.assertAlmostEqual(
            self._value("2026-03-31", "dso"), 31 + 28 + 31 * 10 / 300
        )
        # at the end of February: 200 + 200; February 200, January 200 of 300
        self.assertAlmostEqual(self._value("2026-02-28", "dso"), 28 + 31 * 200 / 300)

    def test_best_dso(self):
        # not due at the end of March: 60 of the bill of March
        self.assertAlmostEqual(self._value("2026-03-31", "best_dso"), 31 * 60 / 100)

    def test_cei(self):
        # opening 400, billed 100, closing 310 of which 60 not due: 190 of 440
        self.assertAlmostEqual(
            self._value("2026-03-31", "cei"), 100 * (400 + 100 - 310) / (400 + 100 - 60)
        )

    def test_beyond_terms(self):
        # in March: 150 thirty days late, 40 ten days early
        self.assertAlmostEqual(
            self._value("2026-03-31", "beyond_terms"), (150 * 30 - 40 * 10) / 190
        )
        self.assertAlmostEqual(self._value("2026-02-28", "beyond_terms"), 10)

    def test_credit_notes_are_no_payments(self):
        note = self.bill_on(self.customer, 20, "2026-03-20", "2026-03-20", refund=True)
        self.receivable_lines(note + self.february).reconcile()
        self.assertAlmostEqual(
            self._value("2026-03-31", "beyond_terms"), (150 * 30 - 40 * 10) / 190
        )
        # 310 - 20 owed, 100 - 20 billed in March
        self.assertAlmostEqual(
            self._value("2026-03-31", "dso"), 31 + 28 + 31 * 10 / 300
        )

    def test_roll_rates(self):
        self.snapshots.create({"company_id": self.company.id, "date": "2026-02-28"})
        march = self.snapshots.create(
            {"company_id": self.company.id, "date": "2026-03-31"}
        )
        rolls = {
            kpi.detail: (kpi.numerator, kpi.denominator)
            for kpi in march.kpi_ids
            if kpi.code == "roll"
        }
        # 200 of January were 24 days overdue, 50 are still open; the 200 of February
        # were due in seven days and are all open
        self.assertEqual(rolls, {"o16": (50, 200), "d0": (200, 200)})

    def test_page(self):
        for day in ("2026-02-28", "2026-03-31"):
            self.snapshots.create({"company_id": self.company.id, "date": day})
        reader = self.make_user("reader")
        page = self.as_user(reader, self.kpis).load()
        self.assertEqual(page["day"], "2026-03-31")
        tiles = {tile["code"]: tile for tile in page["tiles"]}
        self.assertAlmostEqual(tiles["dso"]["value"], self._value("2026-03-31", "dso"))
        self.assertAlmostEqual(tiles["dso"]["before"], self._value("2026-02-28", "dso"))
        self.assertEqual(len(tiles["cei"]["course"]), 2)
        self.assertFalse(tiles["stopped"]["value"])
        self.assertEqual(
            [(row["label"], row["value"]) for row in page["rolls"]],
            [("Due within 30 days", 100), ("16–30 days", 25)],
        )
        stranger = self.make_user("reader", self.company_b)
        empty = self.as_user(stranger, self.kpis).load()
        self.assertEqual((empty["day"], empty["rolls"]), (False, []))

    def test_records_behind_each_figure(self):
        for day in ("2026-02-28", "2026-03-31"):
            self.snapshots.create({"company_id": self.company.id, "date": day})
        reader = self.as_user(self.make_user("reader"), self.kpis)

        def opened(code, detail=""):
            action = reader.open_records(code, "2026-03-31", detail)
            return reader.env[action["res_model"]].search(action["domain"])

        owed = opened("dso")
        self.assertEqual(
            sum(owed.mapped("amount_overdue")) + sum(owed.mapped("amount_not_due")), 310
        )
        self.assertEqual(opened("best_dso").move_id, self.march)
        # one bill and two payments went through the account in March
        self.assertEqual(sorted(opened("cei").mapped("balance")), [-150, -40, 100])
        self.assertEqual(sorted(opened("beyond_terms").mapped("balance")), [-150, -40])
        self.assertEqual(opened("roll", "o16").move_id, self.january)
        self.assertFalse(opened("stopped"))
        with self.assertRaises(UserError):
            opened("password")

    def test_two_companies_together(self):
        other = self.make_customer("Verdi", company=self.company_b)
        self.bill_on(other, 100, "2026-03-01", "2026-03-30")
        for company in self.companies:
            self.snapshots.create({"company_id": company.id, "date": "2026-03-31"})
        user = self.make_user("reader", self.companies)
        page = self.as_user(user, self.kpis).load()
        [dso] = [tile for tile in page["tiles"] if tile["code"] == "dso"]
        alone = self._value("2026-03-31", "dso")
        self.assertAlmostEqual(dso["value"], (alone * 310 + 31 * 100) / 410)

    # -- actions -------------------------------------------------------------------

    def _action(self, bill, date_done, code="email", state="done", **vals):
        line = self.receivable_lines(bill)
        item = self.env["creditbox.item"].search([("move_line_id", "=", line.id)])
        position = self.position(bill.partner_id)
        item = item or self.env["creditbox.item"].create(
            {
                "move_line_id": line.id,
                "position_id": position.id,
                "company_id": bill.company_id.id,
            }
        )
        rule = self.env["creditbox.rule"].search([], limit=1)
        action = self.env["creditbox.action"].create(
            {
                "company_id": bill.company_id.id,
                "position_id": position.id,
                "partner_id": bill.partner_id.id,
                "rule_id": rule.id,
                "code": code,
                "amount": vals.get("amount", 100),
                "date_done": date_done,
            }
        )
        self.env["creditbox.action.line"].create(
            {
                "action_id": action.id,
                "item_id": item.id,
                "rule_id": rule.id,
                "amount": vals.get("amount", 100),
            }
        )
        # as the machinery leaves it: states are not written by hand
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE creditbox_action SET state = %s, ended_at = %s WHERE id = %s",
            [state, vals.get("ended_at"), action.id],
        )
        self.env.invalidate_all()
        return action

    def test_recovery_by_action(self):
        bill = self.bill_on(self.customer, 100, "2026-01-01", "2026-01-20")
        self._action(bill, "2026-02-05")
        self._action(bill, "2026-02-20", code="registered", amount=70)
        self.pay_on(bill, "2026-02-10", 30)  # after the mail
        self.pay_on(bill, "2026-03-01", 25)  # after the letter
        self.pay_on(bill, "2026-03-29", 5)  # too late for either
        found = self._measures("2026-03-31")
        self.assertEqual(found["recovery", "email"], (30, 100))
        self.assertEqual(found["recovery", "registered"], (25, 70))
        action = self.kpis.open_records("recovery", "2026-03-31", "email")
        self.assertEqual(
            self.env["creditbox.action"].search(action["domain"]).code, "email"
        )

    def test_stopped_in_time(self):
        first = self.bill_on(self.customer, 10, "2026-01-01", "2026-01-20")
        second = self.bill_on(self.customer, 10, "2026-01-01", "2026-01-20")
        third = self.bill_on(self.customer, 10, "2026-01-01", "2026-01-20")
        self.pay_on(first, "2026-03-05")
        self.pay_on(second, "2026-03-05")
        paid = datetime(2026, 3, 5, 9)
        self.env.cr.execute(
            "UPDATE account_partial_reconcile SET create_date = %s"
            " WHERE debit_move_id = ANY(%s)",
            [paid, self.receivable_lines(first + second).ids],
        )
        stopped = self._action(first, False, state="cancelled", ended_at=paid)
        missed = self._action(second, "2026-03-06", ended_at=datetime(2026, 3, 6, 8))
        self._action(third, "2026-03-06", ended_at=datetime(2026, 3, 6, 8))
        self.assertEqual(self._measures("2026-03-31")["stopped", ""], (1, 2))
        action = self.kpis.open_records("stopped", "2026-03-31")
        self.assertEqual(
            self.env["creditbox.action"].search(action["domain"]), stopped + missed
        )

    def test_promises_kept(self):
        """Of those on which the month has decided, whenever they were made."""
        decided = (
            ("kept", "2026-03-10"),
            ("broken", "2026-03-31"),
            ("partly", "2026-03-01"),
            ("kept", "2026-02-28"),
            ("open", None),
        )
        promises = self.env["creditbox.promise"].create(
            [
                {
                    "partner_id": self.make_customer(f"Promise {number}").id,
                    "company_id": self.company.id,
                    "date": self.day("2026-02-20"),
                    "line_ids": [
                        Command.create({"date": self.day("2026-02-25"), "amount": 10})
                    ],
                }
                for number, _promise in enumerate(decided)
            ]
        )
        promises.flush_recordset()
        for promise, (state, valued) in zip(promises, decided, strict=True):
            self.env.cr.execute(
                "UPDATE creditbox_promise SET state = %s, date_valued = %s"
                " WHERE id = %s",
                [state, valued, promise.id],
            )
        promises.invalidate_model()
        self.assertEqual(self._measures("2026-03-31")["promise", ""], (1, 3))
        action = self.kpis.open_records("promise", "2026-03-31")
        self.assertEqual(promises.search_count(action["domain"]), 3)

    def test_workload(self):
        operator = self.make_user("operator")
        position = self.position(self.customer)
        position.user_id = operator
        today = self.company._creditbox_today()
        for days in (0, -3):
            position.activity_schedule(
                "mail.mail_activity_data_todo",
                today + timedelta(days=days),
                user_id=operator.id,
            )
        done = position.activity_schedule(
            "mail.mail_activity_data_todo", today, user_id=operator.id
        )
        done.action_done()
        page = self.as_user(operator, self.kpis).load()
        [row] = [r for r in page["workload"] if r["user_id"] == operator.id]
        self.assertEqual(
            (row["positions"], row["todo"], row["late"], row["done"]), (1, 1, 1, 1)
        )
        self.assertEqual(row["overdue"], 310 if today > self.day("2026-04-04") else 250)
        action = self.as_user(operator, self.kpis).open_workload(
            operator.id, "positions"
        )
        self.assertEqual(self.position_model.search(action["domain"]), position)
