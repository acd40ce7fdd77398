"""Random promises and payments: the amounts square, nothing is counted twice."""

from contextlib import suppress
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.exceptions import ValidationError
from odoo.tests import freeze_time, tagged

from .common import TODAY, DeskCommon

AMOUNT = st.sampled_from([0.01, 10, 33.33, 40, 60, 100])
SCOPE = st.sampled_from(["all", "water", "gas"])
LINES = st.lists(st.tuples(st.integers(0, 8), AMOUNT), min_size=1, max_size=3)
EVENT = st.one_of(
    st.tuples(st.just("promise"), SCOPE, LINES),
    st.tuples(st.just("pay"), SCOPE, AMOUNT),
    st.tuples(st.just("back"), st.integers(0, 5), st.none()),
    st.tuples(st.just("cancel"), st.integers(0, 5), st.none()),
    st.tuples(st.just("days"), st.integers(1, 5), st.none()),
)


@tagged("creditbox", "post_install", "-at_install")
class TestPromiseRandom(DeskCommon):
    @settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
    @given(events=st.lists(EVENT, min_size=4, max_size=12))
    def test_amounts_square(self, events):
        with self.env.cr.savepoint() as savepoint:
            self.day, self.payments = 0, self.env["account.payment"]
            for name, first, second in events:
                with freeze_time(TODAY + timedelta(self.day)):
                    getattr(self, f"_event_{name}")(first, second)
                    self._check()
            savepoint.rollback()
            self.env.invalidate_all()

    def _event_promise(self, scope, lines):
        position = {"water": self.position, "gas": self.gas_position}.get(scope)
        with suppress(ValidationError):  # another one is open
            with self.env.cr.savepoint():
                self._promise(
                    *((self.day + days, amount) for days, amount in lines),
                    position=position,
                    user=self.supervisor,
                    date=TODAY + timedelta(self.day),
                )

    def _event_pay(self, scope, amount):
        bills = {"water": self.bill, "gas": self.gas_bill}.get(scope)
        if bills and bills.payment_state == "paid":
            bills = None
        self.payments |= self._paid(amount, bills, self.day)

    def _event_back(self, number, _none):
        self.payments[number : number + 1].action_draft()
        self.payments = self.payments.filtered(lambda p: p.state != "draft")

    def _event_cancel(self, number, _none):
        promises = self.env["creditbox.promise"].search([])
        promises[number : number + 1].action_cancel()

    def _event_days(self, days, _none):
        self.day += days
        self._night(self.day)

    def _check(self):
        promises = self.env["creditbox.promise"].search(
            [("partner_id", "=", self.customer.id)]
        )
        for promise in promises:
            lines = promise.line_ids
            self.assertAlmostEqual(promise.amount, sum(lines.mapped("amount")))
            self.assertAlmostEqual(
                promise.amount_paid, sum(lines.mapped("amount_paid"))
            )
            short = False
            for line in lines.sorted(lambda x: (x.date, x.id)):
                self.assertLessEqual(line.amount_paid, line.amount)
                self.assertFalse(short and line.amount_paid, "a later line before")
                short = line.amount_paid < line.amount
            if promise.state == "kept":
                self.assertAlmostEqual(promise.amount_paid, promise.amount)
            held = promise.hold_ids.filtered(lambda hold: hold.state == "active")
            self.assertEqual(bool(held), promise.state == "open")
        counted = sum(
            promises.filtered(lambda p: p.state != "cancelled").mapped("amount_paid")
        )
        self.assertLessEqual(
            round(counted, 2), round(sum(self.payments.mapped("amount")), 2)
        )
        open_ones = promises.filtered(lambda p: p.state == "open")
        scopes = open_ones.mapped("position_id.id")
        self.assertFalse(len(open_ones) > 1 and len(scopes) < len(open_ones))
