from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import tagged

from .common import CreditboxCommon

AMOUNTS = st.integers(1, 50_000).map(lambda cents: cents / 100)
STEPS = st.one_of(
    st.tuples(st.just("bill"), AMOUNTS, st.integers(-40, 500), st.integers(0, 2)),
    st.tuples(st.just("refund"), AMOUNTS, st.integers(-40, 500), st.integers(0, 2)),
    st.tuples(st.just("credit"), AMOUNTS, st.integers(0, 2)),
    st.tuples(st.just("pay"), st.integers(0, 9), st.floats(0.1, 1)),
    st.tuples(st.just("match"), st.integers(0, 9), st.integers(0, 9)),
    st.tuples(st.just("unmatch"), st.integers(0, 9)),
    st.tuples(st.just("draft"), st.integers(0, 9)),
    st.tuples(st.just("repost"), st.integers(0, 9)),
    st.tuples(st.just("cancel"), st.integers(0, 9)),
    st.tuples(st.just("move_supply"), st.integers(0, 9), st.integers(0, 2)),
)


@tagged("creditbox", "post_install", "-at_install")
class TestPositionRandom(CreditboxCommon):
    """Whatever happens to the accounts, the positions equal the ORM's own sums."""

    @settings(
        max_examples=12,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(steps=st.lists(STEPS, min_size=3, max_size=10))
    def test_positions_equal_the_accounts(self, steps):
        self.customer = self.make_customer()
        first = self.make_supply(self.customer, f"A{self.customer.id}")
        second = self.make_supply(self.customer, f"B{self.customer.id}")
        self.supplies = [first, second, None]
        self.moves = self.env["account.move"]
        self.step_bill(100, 40, 0)
        for name, *arguments in steps:
            getattr(self, f"step_{name}")(*arguments)
            self.assert_positions_right(self.customer)
        figures = self.position_model.search([]).read()
        self.position_model._refresh(companies=self.companies)
        self.assertEqual(self.position_model.search([]).read(), figures)

    def pick(self, number, state="posted"):
        moves = self.moves.filtered(lambda move: move.state == state)
        return moves[number % len(moves)] if moves else moves

    def open_lines(self, moves):
        return self.receivable_lines(moves).filtered(lambda line: not line.reconciled)

    def step_bill(self, amount, days, supply, refund=False):
        self.moves += self.make_bill(
            self.customer, amount, days, self.supplies[supply], refund
        )

    def step_refund(self, amount, days, supply):
        self.step_bill(amount, days, supply, refund=True)

    def step_credit(self, amount, supply):
        payment = self.make_payment(self.customer, amount, self.supplies[supply])
        self.moves += payment.move_id

    def step_pay(self, number, share):
        bill = self.pick(number)
        if bill.move_type == "out_invoice" and bill.amount_residual > 0.01:
            amount = max(round(bill.amount_residual * share, 2), 0.01)
            self.moves += self.pay(bill, amount).move_id

    def step_match(self, one, other):
        lines = self.open_lines(self.pick(one) | self.pick(other))
        if len(lines) == 2:
            lines.reconcile()

    def step_unmatch(self, number):
        self.receivable_lines(self.pick(number)).remove_move_reconcile()

    def step_draft(self, number):
        self.pick(number).button_draft()

    def step_repost(self, number):
        self.pick(number, "draft").action_post()

    def step_cancel(self, number):
        self.pick(number, "draft").button_cancel()

    def step_move_supply(self, number, supply):
        self.pick(number).creditbox_supply_id = self.supplies[supply]
