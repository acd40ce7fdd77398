from datetime import timedelta

from dateutil.relativedelta import relativedelta
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import EvaluationCommon
from .reading import Reading

# case: (delays of the monthly bills, oldest first; None: not paid), (score, band)
CASES = {
    "always in time": ([0] * 8, (100, "good")),
    "within the tolerance": ([3] * 8, (100, "good")),
    "before the due date": ([-10] * 8, (100, "good")),
    # 0 + 25 * 30/60 + 25 + 5 * 150/180 + 10 = 51.7
    "always a month late": ([30] * 8, (52, "watch")),
    # 35 * 6/8 + 25 * (1 - 15/60) + 25 + 5 * (1 - 60/180) + 10 = 83.3
    "twice two months late": ([60, 60, 0, 0, 0, 0, 0, 0], (83, "good")),
    "never": ([None] * 8, (10, "risk")),
}
DAYS = st.integers(-20, 400)
BILLS = st.lists(
    st.tuples(
        st.integers(1, 90_000),  # cents
        st.integers(-40, 900),  # due so many days ago
        st.lists(st.tuples(DAYS, st.integers(1, 120)), max_size=2),  # payments, %
        st.one_of(st.none(), st.integers(1, 100)),  # credit note, %
    ),
    min_size=1,
    max_size=6,
)


@tagged("creditbox", "post_install", "-at_install")
class TestRating(EvaluationCommon):
    def test_scores(self):
        for name, (delays, (score, band)) in CASES.items():
            with self.subTest(name):
                customer = self.make_customer(name)
                self.make_history(customer, delays)
                rating = self.rate(customer)
                self.assertEqual((rating.score, rating.state), (score, "rated"))
                self.assertEqual(rating.band_id, getattr(self, band))
                reading = Reading(customer, self.company, self.rule, self.today)
                self.assert_reads(rating, reading.verdict())

    def assert_reads(self, rating, expected):
        found = {name: rating[name] for name in expected}
        for name in ("mean_days", "share_overdue"):
            found[name] = round(found[name], 1)
        self.assertEqual(found, expected)

    @settings(
        max_examples=6,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(bills=BILLS)
    def test_any_history(self, bills):
        """SQL and plain Python agree on every figure and on the score."""
        customer = self.make_customer()
        self.rule.min_bills = 1
        for cents, age, payments, credit in bills:
            bill = self.make_bill(customer, cents / 100, days=age)
            if credit:
                amount = max(round(bill.amount_residual * credit / 100, 2), 0.01)
                note = self.make_bill(customer, amount, days=age, refund=True)
                self.receivable_lines(bill + note).reconcile()
            for late, share in payments:
                amount = round(cents / 100 * share / 100, 2)
                day = self.receivable_lines(bill).date_maturity + timedelta(late)
                if bill.amount_residual > 0 and amount > 0 and day <= self.today:
                    self.pay_late(bill, late, amount)
        rating = self.rate(customer)
        reading = Reading(customer, self.company, self.rule, self.today)
        self.assert_reads(rating, reading.verdict())

    # -- what is a bill, what is a payment -----------------------------------------

    def test_cancelled_bill_does_not_count(self):
        customer = self.make_customer()
        bills = self.make_history(customer, [0] * 6 + [None])
        before = self.rate(customer)
        self.assertEqual((before.bill_count, before.unpaid_count), (7, 1))
        bills[-1].button_draft()
        bills[-1].button_cancel()
        after = self.rate(customer)
        self.assertEqual((after.bill_count, after.unpaid_count), (6, 0))
        self.assertEqual(after.score, 100)

    def test_credit_note_is_no_payment(self):
        """A bill that was credited 200 days later was wrong, not paid late."""
        customer = self.make_customer()
        self.make_history(customer, [0] * 6)
        bill = self.make_bill(customer, 100, days=250)
        note = self.make_bill(customer, 100, days=50, refund=True)
        self.receivable_lines(bill + note).reconcile()
        rating = self.rate(customer)
        self.assertEqual((rating.bill_count, rating.late_count), (6, 0))
        self.assertEqual(rating.amount_due, 600)

    def test_costs_and_interest_are_no_bills(self):
        customer = self.make_customer()
        self.make_history(customer, [0] * 6)
        fee = self.make_bill(customer, 10, days=100)
        fee.creditbox_charge = "fee"
        self.assertEqual(self.rate(customer).bill_count, 6)

    def test_old_bill_counts_while_unpaid(self):
        customer = self.make_customer()
        self.make_history(customer, [0] * 6)
        old = self.make_bill(customer, 100, days=1000)
        rating = self.rate(customer)
        self.assertEqual((rating.unpaid_count, rating.worst_days), (1, 1000))
        self.pay_late(old, 999)
        rating = self.rate(customer)
        self.assertEqual((rating.bill_count, rating.worst_days), (6, 0))

    def test_within_the_tolerance_nothing_is_said_yet(self):
        customer = self.make_customer()
        self.make_history(customer, [0] * 6)
        self.make_bill(customer, 100, days=2)
        rating = self.rate(customer)
        self.assertEqual((rating.bill_count, rating.unpaid_count), (6, 0))
        self.assertEqual((rating.amount_overdue, rating.worst_days), (100, 0))

    def test_address_of_a_customer_counts_for_the_customer(self):
        customer = self.make_customer()
        address = self.make_customer("Site", parent_id=customer.id, type="invoice")
        self.make_bill(address, 100, days=40)
        self.ratings._refresh(companies=self.company)
        self.assertEqual(self.rating(customer).unpaid_count, 1)
        self.assertFalse(self.rating(address))

    def test_returned_payments(self):
        customer = self.make_customer()
        bills = self.make_history(customer, [0] * 8)
        payment = bills[-1].matched_payment_ids or self.env["account.payment"].search(
            [("partner_id", "=", customer.id)], limit=1
        )
        reversal = payment.move_id._reverse_moves(
            [{"date": self.today, "invoice_date": self.today}], cancel=False
        )
        reversal.action_post()
        self.make_payment(customer, 5).action_draft()  # a mistake, mended
        rejected = self.make_payment(customer, 30)
        rejected.action_draft()
        rejected.state = "rejected"
        rating = self.rate(customer)
        self.assertEqual(rating.returned_count, 2)
        # 10 * (1 - 2/3)
        self.assertAlmostEqual(rating.points_returned, 3.3)
        self.assertIn("2 payments were returned", rating.explanation)
        self.make_payment(customer, 30).action_cancel()
        self.assertEqual(self.rate(customer).returned_count, 3)

    def test_entry_that_takes_a_payment_back(self):
        customer = self.make_customer()
        payment = self.make_payment(customer, 80)
        line = self.receivable_lines(payment.move_id)
        bank = self.bank_journal(self.company)
        back = self.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": bank.id,
                "company_id": self.company.id,
                "date": self.today,
                "line_ids": [
                    (0, 0, {
                        "account_id": line.account_id.id,
                        "partner_id": customer.id,
                        "debit": 80,
                    }),
                    (0, 0, {
                        "account_id": bank.default_account_id.id, "credit": 80,
                    }),
                ],
            }
        )  # fmt: skip
        back.action_post()
        (line + self.receivable_lines(back)).reconcile()
        self.make_bill(customer, 10, days=5)
        self.assertEqual(self.rate(customer).returned_count, 1)

    # -- not rated -----------------------------------------------------------------

    def test_not_rated_and_why(self):
        new = self.make_customer("New")
        self.make_bill(new, 100, days=-10)
        few = self.make_customer("Few")
        self.make_history(few, [0, 0, 0])
        short = self.make_customer("Short")
        for _n in range(5):
            self.pay_late(self.make_bill(short, 50, days=20), 0)
        for customer, reason, words in (
            (new, "none", "no bill has fallen due"),
            (few, "few", "only 3 bills have fallen due, at least 4"),
            (short, "short", "at least 6 months"),
        ):
            with self.subTest(reason):
                rating = self.rate(customer)
                self.assertEqual((rating.state, rating.reason), ("unrated", reason))
                self.assertFalse(rating.band_id)
                self.assertIn(words, rating.explanation)

    def test_who_has_no_bill_any_more(self):
        customer = self.make_customer()
        bills = self.make_history(customer, [0] * 6)
        self.assertEqual(self.rate(customer).score, 100)
        bills.button_draft()
        rating = self.rate(customer)
        self.assertEqual((rating.state, rating.reason), ("unrated", "none"))
        self.assertEqual(rating.bill_count, 0)

    # -- words ---------------------------------------------------------------------

    def test_explanation(self):
        customer = self.make_customer()
        self.make_history(customer, [0, 0, 40, 40, 0, None])
        text = self.rate(customer).explanation
        for words in (
            "In the last 24 months, of 6 bills fallen due: 2 paid late, 3 in time,"
            " 1 still unpaid",
            "the longest delay is of 40 days",
            "are overdue now since",
            "The points: punctuality 17.5",
        ):
            self.assertIn(words, text)

    def test_explanation_in_the_language_of_the_reader(self):
        customer = self.make_customer()
        self.make_history(customer, [0, 0, 40, 40, 0, None])
        rating = self.rate(customer)
        italian = rating.with_context(lang="it_IT").explanation
        self.assertIn("Negli ultimi 24 mesi, su 6 bollette scadute: 2 pagate", italian)
        self.assertNotEqual(italian, rating.explanation)

    # -- rules and bands -----------------------------------------------------------

    def test_rule_of_the_day_and_of_the_company(self):
        rules = self.env["creditbox.rating.rule"]
        day = self.today
        own = self.rule.copy(
            {"company_id": self.company.id, "date_from": day, "min_bills": 9}
        )
        self.assertEqual(rules._in_force(self.company, day), own)
        self.assertEqual(rules._in_force(self.company_b, day), self.rule)
        self.assertEqual(
            rules._in_force(self.company, day - timedelta(days=1)), self.rule
        )
        customer = self.make_customer()
        self.make_history(customer, [0] * 6)
        self.assertEqual(self.rate(customer).reason, "few")

    def test_bands_of_a_company(self):
        bands = self.env["creditbox.rating.band"]
        with self.assertRaises(ValidationError):
            bands.create({"name": "A", "score_from": 50, "company_id": self.company.id})
        own = bands.create(
            {"name": "All", "score_from": 0, "company_id": self.company.id}
        )
        customer = self.make_customer()
        self.make_history(customer, [0] * 6)
        self.assertEqual(self.rate(customer).band_id, own)
        self.assertEqual(bands._of_company(self.company_b)[0], self.good)

    def test_weights_must_make_sense(self):
        for vals in (
            {"weight_delay": -1},
            {name: 0 for name in self.rule._fields if name.startswith("weight_")},
        ):
            with self.subTest(vals), self.assertRaises(ValidationError):
                self.rule.write(vals)
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.rule.write({"zero_delay": 0})
            self.env.flush_all()

    # -- course --------------------------------------------------------------------

    def test_course_and_worsening(self):
        customer = self.make_customer()
        bills = self.make_history(customer, [0] * 6)
        rating = self.rate(customer)
        self.assertEqual(len(rating.history_ids), 1)
        self.rate(customer)
        self.assertEqual(len(rating.history_ids), 1)
        self.assertFalse(rating.worsened)
        rating.history_ids.date = self.today - timedelta(days=20)
        for bill in bills[3:]:
            self.receivable_lines(bill).remove_move_reconcile()
        rating = self.rate(customer)
        self.assertEqual(rating.history_ids.mapped("band_id"), self.risk + self.good)
        self.assertTrue(rating.worsened)
        self.assertEqual(rating.former_band_id, self.good)
        self.assertEqual(rating.score_change, rating.score - 100)
        self.assertIn("Worsened", rating.explanation)
        self.assertIn("polyline", rating.course)

    def test_a_row_a_month(self):
        customer = self.make_customer()
        self.make_history(customer, [0] * 6)
        rating = self.rate(customer)
        first = self.today.replace(day=1)
        rating.history_ids.date = first - timedelta(days=1)
        self.rate(customer)
        self.assertEqual(len(rating.history_ids), 2)
        rating.history_ids.sorted("date")[0].date = first - relativedelta(years=20)
        self.rate(customer)
        self.assertEqual(len(rating.history_ids), 1)

    # -- cost, companies, rights ---------------------------------------------------

    def test_same_queries_for_few_and_many(self):
        def queries(count):
            for number in range(count):
                customer = self.make_customer(f"Q{number}")
                self.make_history(customer, [0, None, 40, 3])
            self.env.flush_all()
            start = self.env.cr.sql_log_count
            self.ratings._refresh(companies=self.company)
            return self.env.cr.sql_log_count - start

        queries(1)  # fills the caches of the registry
        self.assertEqual(queries(1), queries(9))

    def test_each_company_on_its_own(self):
        customer = self.make_customer("Both")
        customer.company_id = False
        other = self.make_customer("Other", company=self.company_b)
        self.make_history(other, [0] * 6)
        ours = self.make_customer("Ours")
        self.make_history(ours, [90] * 6)
        self.ratings._refresh(companies=self.companies)
        self.assertEqual(self.rating(other, self.company_b).score, 100)
        self.assertFalse(self.rating(other))
        reader = self.make_user("reader")
        seen = self.as_user(reader, self.ratings).search([])
        self.assertEqual(seen.company_id, self.company)
        with self.assertRaises(AccessError):
            self.as_user(reader, self.rating(other, self.company_b)).read(["score"])
        with self.assertRaises(AccessError):
            self.as_user(reader, seen[:1]).write({"score": 100})
        with self.assertRaises(AccessError):
            self.as_user(reader, seen[:1]).action_refresh()

    def test_operator_evaluates_again(self):
        customer = self.make_customer()
        bills = self.make_history(customer, [0] * 5 + [None])
        rating = self.rate(customer)
        self.pay_late(bills[-1], 0)
        operator = self.make_user("operator")
        self.as_user(operator, rating).action_refresh()
        self.assertEqual(rating.score, 100)

    def test_reader_sees_all_of_it(self):
        customer = self.make_customer()
        self.make_history(customer, [0, 0, 40, None, 0, 0])
        self.ratings._refresh(companies=self.company)
        rating = self.as_user(self.make_user("reader"), self.rating(customer))
        self.assertEqual(rating.amount_balance, 100)
        self.assertTrue(rating.explanation)
        self.assertEqual(
            rating.partner_id.creditbox_rating_label, f"{rating.score} – Watch"
        )
        position = rating.partner_id.creditbox_position_ids
        self.assertEqual(
            position.creditbox_rating_label, rating.partner_id.creditbox_rating_label
        )
