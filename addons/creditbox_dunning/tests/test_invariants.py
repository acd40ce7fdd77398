"""Random customers, tables, payments: the SQL must say what the Python reading says,
and no bill may be written to twice, after payment, or out of step."""

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import freeze_time, tagged

from .common import TODAY, DunningCommon

AMOUNT = st.sampled_from([5, 10, 49.99, 50, 120.5, 300])
RULE = st.fixed_dictionaries(
    {
        "step": st.integers(1, 3),
        "sequence": st.integers(1, 3),
        "wait_before": st.sampled_from([0, 5, 10]),
        "wait_after": st.sampled_from([0, 7, 20]),
        "count_from": st.sampled_from(["send", "delivery"]),
        "amount_from": st.sampled_from([0, 0, 50]),
        "amount_to": st.sampled_from([0, 0, 300]),
        "threshold": st.sampled_from([0, 0, 10]),
        "service": st.sampled_from([None, "water", "gas"]),
        "customer": st.sampled_from([None, "domestic"]),
        "code": st.sampled_from(["email", "email", "letter"]),
    }
)
# each example ends with bills of one position at different steps
LADDER = [{"step": step, "wait_after": 7, "sequence": 5} for step in (1, 2, 3)]
TAIL = [
    ("bill", 0, 40, 120.5),
    ("run", 30),
    ("bill", 0, 20, 50),
    ("run", 30),
    ("run", 30),
]
EVENT = st.one_of(
    st.tuples(st.just("bill"), st.integers(0, 2), st.integers(0, 60), AMOUNT),
    st.tuples(st.just("pay"), st.integers(0, 5), AMOUNT),
    st.tuples(st.just("credit"), st.integers(0, 2), AMOUNT),
    st.tuples(st.just("run"), st.sampled_from([0, 1, 3, 6, 15, 30])),
)


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestInvariants(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["creditbox.template"].create(cls._template_values("letter"))
        gas_supply = cls._supply(cls.customer, "G1", service_type_id=cls.gas.id)
        no_supply = cls.env["creditbox.supply"]
        cls.supplies = (cls.supply, gas_supply, no_supply)

    @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        rules=st.lists(RULE, min_size=1, max_size=6),
        events=st.lists(EVENT, min_size=3, max_size=12),
    )
    def test_sql_says_what_the_reading_says(self, rules, events):
        with self.env.cr.savepoint(flush=True) as savepoint:
            self._play(rules, events)
            savepoint.rollback()
        self.env.invalidate_all()

    def _play(self, rules, events):
        rows = [*LADDER, *(self._rule_values(rule) for rule in rules)]
        self._table(self.company, rows)
        self.day = TODAY
        bills = self.env["account.move"]
        for kind, *values in [*events, *TAIL]:
            if kind == "bill":
                supply, age, amount = values
                bills |= self._bill(
                    amount, age, self.supplies[supply], customer=self.customer
                )
            elif kind == "pay":
                self._pay_one(bills, *values)
            elif kind == "credit":
                supply, amount = values
                self._pay(amount, supply=self.supplies[supply])
            else:
                self._run_and_check(*values)

    def _rule_values(self, rule):
        values = dict(rule)
        service, customer = values.pop("service"), values.pop("customer")
        if service:
            values["service_type_id"] = getattr(self, service).id
        if customer:
            values["customer_type_id"] = self.domestic.id
        return values

    def _pay_one(self, bills, index, amount):
        open_bills = bills.filtered("amount_residual")
        if open_bills:
            bill = open_bills[index % len(open_bills)]
            self._pay(min(amount, bill.amount_residual), bill)

    def _run_and_check(self, days):
        self.day += timedelta(days=days)
        positions = self.env["creditbox.position"].search(
            [("partner_id", "=", self.customer.id)]
        )
        expected = {
            position: why.rule_id
            for position in positions
            if (why := self._why(position)).rule_id
        }
        steps = {item.id: item.step for item in self._items()}
        with freeze_time(self.day):
            run = self._run(self.day)
            actions = run.action_ids
            self.assertEqual({a.position_id: a.rule_id for a in actions}, expected)
            self._check_actions(actions, steps)
            run.action_approve()
            self._done(actions.filtered(lambda a: a.state == "ready"), self.day)

    def _why(self, position):
        return self.env["creditbox.position.why"].create(
            {
                "position_id": position.id,
                "as_of": self.day,
                "rule_set_id": self.env["creditbox.rule.set"]
                ._published(self.company)
                .id,
            }
        )

    def _items(self):
        return self.env["creditbox.item"].search([("company_id", "=", self.company.id)])

    def _check_actions(self, actions, steps):
        for action in actions:
            lines = action.line_ids
            self.assertTrue(lines, "an action is about bills")
            self.assertAlmostEqual(sum(lines.mapped("amount")), action.amount, 2)
            for line in lines:
                self.assertGreater(line.amount, 0)
                self.assertLessEqual(line.amount, line.move_id.amount_residual)
                self.assertLess(line.date_due, self.day)
                self.assertGreater(action.step, steps.get(line.item_id.id, 0))
