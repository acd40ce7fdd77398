"""The engine against an independent reading of the table, on random portfolios.

Each example plays some weeks of two companies: bills, payments, credits, holds, runs,
executions, proofs, failures, undone runs, new versions of the table. Every evaluation
must give, position by position, what the reading gives; every bill must stand where the
reading has it. At the end each run is repeated on the data that it had seen.

``CREDITBOX_MODEL_EXAMPLES`` (default 6) sets how many; each has about 100 portfolios.
"""

import os
from contextlib import contextmanager
from datetime import timedelta
from random import Random

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from odoo.fields import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import SQL

from . import reading
from .common import TODAY, DunningCommon, OwnChannelsOnly
from .portfolio import Portfolio, moment

SETTINGS = settings(
    max_examples=int(os.environ.get("CREDITBOX_MODEL_EXAMPLES", "6")),
    deadline=None,
    derandomize="CREDITBOX_MODEL_EXAMPLES" not in os.environ,
    database=None,
    phases=[Phase.generate],  # a smaller portfolio says no more than the message
    suppress_health_check=list(HealthCheck),
)
LEGAL = (None, "reminder", "notice", "suspension")
CHANNELS = {
    "reminder": None,
    "notice": {"registered", "pec"},
    "suspension": {"technical"},
}


@tagged("post_install", "-at_install")
class TestReading(OwnChannelsOnly, DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["creditbox.template"].create(cls._template_values("letter"))
        cls.other = cls.setup_other_company()["company"]
        cls.companies = cls.company + cls.other
        cls.heating, cls.steam, cls.ice = cls.env["creditbox.service.type"].create(
            [{"code": 90 + n, "name": name} for n, name in enumerate("HSI")]
        )
        cls._regulation()
        types = cls.env["creditbox.meter.type"].search([], limit=3)
        cls.meter_types = {t.id: t.suspendable or t.removable for t in types}
        cls.meter_states = cls.env["creditbox.meter.state"].search([], limit=2).ids
        cls.kinds = [*cls.env["creditbox.customer.type"].search([], limit=2).ids, None]

    @classmethod
    def _regulation(cls):
        terms = [
            ("notice", 25, "solar", "due", False),
            ("notice", 4, "solar", "sent", "reminder"),
            ("suspension", 20, "solar", "delivered", "notice"),
            ("suspension", 3, "working", "deadline", "notice"),
            ("notice", 40, "solar", "due", False, 3),
        ]
        kind = cls.env["creditbox.customer.type"].search([], limit=1)
        cls.env["creditbox.regulation"].create(
            {
                "name": "Heating act",
                "service_type_id": cls.heating.id,
                "source": "Act 1/2020",
                "date_from": TODAY - timedelta(days=3000),
                "step_ids": [
                    Command.create({"legal_step": step, "channel": channel, **more})
                    for step, channel, more in (
                        ("reminder", "any", {}),
                        (
                            "notice",
                            "certified",
                            {"debt_multiple": 1, "debt_customer_type_ids": kind.ids},
                        ),
                        ("suspension", "technical", {"forbidden_days": True}),
                    )
                ],
                "term_ids": [
                    Command.create(
                        dict(
                            zip(
                                (
                                    *("legal_step", "days", "unit", "event"),
                                    *("event_step", "debt_up_to"),
                                ),
                                term,
                                strict=False,
                            )
                        )
                    )
                    for term in terms
                ],
            }
        )
        cls.law = reading.Law(
            cls.heating.id,
            CHANNELS,
            no_rest_days={"suspension"},
            spared=set(),
            terms=[reading.Term(*term) for term in terms],
            debts={"notice": (1, kind.ids)},
        )

    @SETTINGS
    @given(seed=st.integers(0, 2**32), size=st.integers(30, 60))
    def test_engine_gives_what_the_reading_gives(self, seed, size):
        with self._example(seed):
            self._play(size)

    @SETTINGS
    @given(seed=st.integers(0, 2**32))
    def test_paying_a_bill_brings_no_other_nearer(self, seed):
        with self._example(seed):
            portfolio = self._portfolio(self.company, 40)
            self._new_table(portfolio)
            self._first_bills(portfolio, TODAY)
            for hour, day in ((3, TODAY), (6, TODAY + timedelta(days=30))):
                self._round(portfolio, day, hour)
            day += timedelta(days=30)
            self._set_clock(day, 9)
            before = self._prospects(portfolio, day)
            paid = self._pay_the_oldest(portfolio, day)
            after = self._prospects(portfolio, day)
            for line in before.keys() & after.keys() - paid:
                (stood, step), (stands, next_step) = before[line], after[line]
                self.assertEqual(stood, stands)
                self.assertIn(next_step, (step, None) if step else (next_step,))

    @contextmanager
    def _example(self, seed):
        """What is written inside is taken back."""
        self.rng = Random(seed)
        with (
            freeze_time(TODAY) as self.clock,
            self.env.cr.savepoint(flush=True) as savepoint,
        ):
            self._set_clock(TODAY, 1)
            yield
            savepoint.rollback()
        self.env.invalidate_all()

    def _prospects(self, portfolio, day):
        """:return: {line: (step it stands on, step that comes next or None)}"""
        with self.env.cr.savepoint(flush=True) as savepoint:
            self._new_run(portfolio.company, day, portfolio.table).action_propose()
            rows = self.env.execute_query(
                SQL(
                    """
                    SELECT i.move_line_id, i.step, r.step
                      FROM creditbox_item i
                      LEFT JOIN creditbox_rule r ON r.id = i.next_rule_id
                     WHERE i.company_id = %s
                    """,
                    portfolio.company.id,
                )
            )
            savepoint.rollback()
        self.env.invalidate_all()
        return {line: (step, next_step) for line, step, next_step in rows}

    def _pay_the_oldest(self, portfolio, day):
        """:return: set of the lines of the bills that were paid, wholly or in part"""
        oldest = {}
        for bill in sorted(portfolio.office.bills, key=lambda b: (b.due, b.line)):
            if bill.residual:
                oldest.setdefault(bill.place, bill)
        portfolio.pay(oldest.values(), day)
        portfolio.settle(day)
        return {bill.line for bill in oldest.values()}

    # ------------------------------------------------------------------
    # the weeks
    # ------------------------------------------------------------------
    def _play(self, size):
        day = TODAY
        portfolios = [self._portfolio(company, size) for company in self.companies]
        for portfolio in portfolios:
            self._new_table(portfolio)
            self._first_bills(portfolio, day)
        for hour in (3, 6, 9, 12, 15):  # some rounds are on the same day
            for portfolio in portfolios:
                self._round(portfolio, day, hour)
            day += timedelta(days=self.rng.choice((0, 1, 3, 6, 15, 30)))
        self._set_clock(day, 20)
        for portfolio in portfolios:
            self._repeat(portfolio)

    def _round(self, portfolio, day, hour):
        self._set_clock(day, hour)
        self._happen(portfolio, day)
        self._set_clock(day, hour + 1)
        self._evaluate(portfolio, day)
        self._set_clock(day, hour + 2)
        self._execute(portfolio, day)
        self._check_bills(portfolio)

    def _set_clock(self, day, hour):
        self.env.flush_all()
        self.clock.move_to(moment(day, hour))
        self.env.cr._now = moment(day, hour)

    def _portfolio(self, company, size):
        company.creditbox_contact_delay = self.rng.choice((0, 3, 5))
        company.creditbox_use_credits = self.rng.random() < 0.8
        office = reading.Office(
            company.creditbox_contact_delay,
            company.creditbox_use_credits,
            {"email", "letter", "registered", "sms"},
            self.law,
            self.rng.choice((0, 5000)),
        )
        company.creditbox_subsidised_amount = office.subsidised / 100
        portfolio = Portfolio(self.env, company, self.rng, office)
        portfolio.add_customers(size, self.kinds)
        services = (self.heating.id, self.steam.id, self.ice.id)
        portfolio.add_supplies(services, self.meter_states, self.meter_types, TODAY)
        return portfolio

    def _first_bills(self, portfolio, day):
        for _bill in range(2):
            portfolio.add_bills(portfolio.customers, day)
        portfolio.add_credits(self._some(portfolio.customers, 0.2), day)
        portfolio.settle(day)

    def _some(self, things, share):
        return [thing for thing in things if self.rng.random() < share]

    def _happen(self, portfolio, day):
        """Between two runs: what customers, banks, posts and offices do."""
        office, few = portfolio.office, len(portfolio.customers) // 10
        portfolio.add_bills(self._some(portfolio.customers, 0.2), day)
        portfolio.add_credits(self._some(portfolio.customers, 0.1), day)
        portfolio.pay(self._some(office.bills, 0.1), day)
        portfolio.use_credits(few, day)
        portfolio.unmatch(2)
        portfolio.add_holds(few, day)
        portfolio.release_holds(2)
        portfolio.exclude(2)
        portfolio.change_meters(1, self.meter_states)
        portfolio.settle(day)
        self._outcomes(office, day)
        if portfolio.runs and self.rng.random() < 0.3:
            self._undo(portfolio)
        if self.rng.random() < 0.3:
            self._new_table(portfolio)
        self._check_bills(portfolio)

    # ------------------------------------------------------------------
    # the table
    # ------------------------------------------------------------------
    def _rows(self):
        """:return: list of reading.Row without ids; steps 1 to 3 always there"""
        rng = self.rng
        rows = [self._row(step) for step in (1, 2, 3)]
        rows += [self._row(rng.randint(1, 4), rng) for _n in range(rng.randint(1, 8))]
        return rows

    def _row(self, step, rng=None):
        if not rng:
            return reading.Row(0, step, 5, "email", after=7)
        code = rng.choice(
            ("email", "letter", "registered", "registered", "technical", "agency")
        )
        amount_from = rng.choice((0, 0, 5000))
        return reading.Row(
            0,
            step,
            rng.randint(1, 3),
            code,
            fallback=rng.choice((None, None, "letter", "registered", "email")),
            before=rng.choice((0, 0, 5, 10)),
            after=rng.choice((0, 7, 20)),
            count_from=rng.choice(("send", "send", "delivery")),
            amount_from=amount_from,
            amount_to=rng.choice((0, 0, 30000)),
            threshold=rng.choice((0, 0, 1000)),
            columns=(
                rng.choice((None, None, *filter(None, self.kinds))),
                rng.choice((None, self.heating.id, self.steam.id)),
                rng.choice((None, None, None, *self.meter_states)),
                rng.choice((None, None, None, *self.meter_types)),
            ),
            legal=rng.choice(LEGAL),
        )

    def _write_table(self, company):
        """:return: (creditbox.rule.set, rows as read)"""
        rows = self._rows()
        table = self.env["creditbox.rule.set"].create(
            {"name": "Model", "company_id": company.id}
        )
        names = ("customer_type_id", "service_type_id", "meter_state_id")
        names = (*names, "meter_type_id")
        values = [
            {
                "set_id": table.id,
                "name": f"Row {number}",
                "step": row.step,
                "sequence": row.sequence,
                "code": row.code,
                "fallback_code": row.fallback,
                "wait_before": row.before,
                "wait_after": row.after,
                "count_from": row.count_from,
                "amount_from": row.amount_from / 100,
                "amount_to": row.amount_to / 100,
                "threshold": row.threshold / 100,
                "legal_step": row.legal,
                **dict(zip(names, row.columns, strict=True)),
            }
            for number, row in enumerate(rows)
        ]
        for row, record in zip(
            rows, self.env["creditbox.rule"].create(values), strict=True
        ):
            row.id = record.id
        return table, rows

    def _new_table(self, portfolio):
        portfolio.table, portfolio.rows = self._write_table(portfolio.company)
        published = self.env["creditbox.rule.set"].search(
            [("company_id", "=", portfolio.company.id), ("state", "=", "published")]
        )
        published.state = "retired"
        self.env.flush_all()
        portfolio.table.write(
            {"state": "published", "date_published": self.env.cr.now()}
        )

    # ------------------------------------------------------------------
    # runs
    # ------------------------------------------------------------------
    def _evaluate(self, portfolio, day):
        """What if? Then the real one."""
        for _other in range(2):
            table, rows = self._write_table(portfolio.company)
            run = self._new_run(portfolio.company, day, table)
            run.action_simulate()
            acts = portfolio.office.evaluate(day, rows)
            self._check_run(run, acts, rows)
        acts = portfolio.office.evaluate(day, portfolio.rows)
        run = self._new_run(portfolio.company, day, portfolio.table)
        run.action_propose()
        found = self._check_run(run, acts, portfolio.rows)
        for act in portfolio.office.acts:
            if act.state == "planned":  # looked at again
                act.state = "cancelled"
        for place, act in acts.items():
            act.id, act.run = found[self._key(place)]["id"], run
            portfolio.office.acts.append(act)
        portfolio.run = run
        portfolio.runs.append((run, self._given(acts)))

    def _new_run(self, company, day, table):
        return self.env["creditbox.run"].create(
            {"company_id": company.id, "as_of": day, "rule_set_id": table.id}
        )

    def _key(self, place):
        customer, supply = place
        return customer.id, supply.id if supply else None

    def _given(self, acts):
        return {
            self._key(place): {
                "row": act.row.id,
                "code": act.code,
                "exception": act.exception,
                "amount": act.amount,
                "other": act.other,
                "bills": {bill.line: amount for bill, amount in act.bills.items()},
            }
            for place, act in acts.items()
        }

    def _found(self, run):
        """{(customer, supply): action with its bills}, as the engine wrote them."""
        found = {}
        for row in self.env.execute_query_dict(
            SQL(
                """
                SELECT a.id, a.partner_id, p.supply_id, a.rule_id AS row, a.code,
                       a.exception, (a.amount * 100)::int AS amount,
                       (a.amount_other * 100)::int AS other, a.state,
                       jsonb_object_agg(i.move_line_id, (l.amount * 100)::int)
                           AS bills
                  FROM creditbox_action a
                  JOIN creditbox_position p ON p.id = a.position_id
                  JOIN creditbox_action_line l ON l.action_id = a.id
                  JOIN creditbox_item i ON i.id = l.item_id
                 WHERE a.run_id = %s
                 GROUP BY a.id, p.supply_id
                """,
                run.id,
            )
        ):
            key = row.pop("partner_id"), row.pop("supply_id")
            self.assertNotIn(key, found, "at most one action a position")
            row["bills"] = {int(line): cents for line, cents in row["bills"].items()}
            found[key] = row
        return found

    def _check_run(self, run, acts, rows):
        found = self._found(run)
        self._compare(run, found, self._given(acts), rows)
        return found

    def _compare(self, run, found, expected, rows=()):
        names = ("row", "code", "exception", "amount", "other", "bills")
        got = {key: {name: a[name] for name in names} for key, a in found.items()}
        wrong = [k for k in {*got, *expected} if got.get(k) != expected.get(k)]
        if wrong:
            title = f"{run.company_id.name} {run.as_of} (data of {run.data_at})"
            lines = [
                f"{key}: engine {got.get(key)}, reading {expected.get(key)}"
                for key in wrong[:3]
            ]
            self.fail("\n".join([title, *lines, *map(str, rows)]))

    def _actions(self, acts):
        return self.env["creditbox.action"].browse([act.id for act in acts])

    def _execute(self, portfolio, day):
        """Approve; some leave at once, some later, some are stopped by hand."""
        portfolio.run.action_approve()
        office = portfolio.office
        stopped = self._some(office.under_way(), 0.1)
        self._actions(stopped)._cancel("by hand")
        for act in stopped:
            act.state = "cancelled"
        leaving = self._some(office.under_way(), 0.7)
        actions = self._actions(leaving).still_due()._still_lawful()
        for act in leaving:
            if office.law.breach(act, day, office.subsidised):
                act.state = "planned"
        leaving = [act for act in leaving if act.state == "pending"]
        self.assertEqual(set(actions.ids), {act.id for act in leaving})
        for act in leaving:
            self.assertTrue(
                all(b.residual > 0 for b in act.bills), "sent after payment"
            )
            office.carry_out(act, day)
            act.address = act.place[0].address(act.code)
            act.deadline = day + timedelta(days=self.rng.randint(5, 20))
        self._note_sendings(leaving)
        actions._mark_done(day)

    def _note_sendings(self, acts):
        """What a channel writes down: the address, the last day to pay."""
        columns = {
            "recipient": "varchar",
            "postal_address": "varchar",
            "date_deadline": "date",
        }
        rows = [
            (
                act.id,
                act.address,
                act.address if act.code != "email" else None,
                act.deadline,
            )
            for act in acts
        ]
        self.env["creditbox.channel"]._note(columns, rows)

    def _outcomes(self, office, day):
        """Proofs, failures, proofs after a failure."""
        done = [act for act in office.acts if act.state == "done"]
        for act in self._some([act for act in done if not act.proof], 0.4):
            act.proof = day - timedelta(days=self.rng.randint(0, (day - act.day).days))
            self._actions([act])._mark_delivered(act.proof)
        for act in self._some(done, 0.1):
            act.state, act.unreachable = "failed", self.rng.random() < 0.6
            self._actions([act])._mark_failed("no", unreachable=act.unreachable)
        failed = [
            act
            for act in office.acts
            if act.state == "failed" and act.run.state != "undone"
        ]
        for act in self._some(failed, 0.15):
            office.revive(act, day)
            self._actions([act])._mark_delivered_after_all(day)

    def _undo(self, portfolio):
        open_runs = [run for run, _given in portfolio.runs if run.state == "approved"]
        if not open_runs:
            return
        run = self.rng.choice(open_runs)
        run.action_undo()
        for act in portfolio.office.acts:
            if act.run == run and act.state in ("pending", "planned"):
                act.state = "cancelled"
            elif act.run == run and act.state == "done":
                if not act.is_followed(portfolio.office.acts):
                    act.state = "undone"

    def _check_bills(self, portfolio):
        """Steps and last actions of the bills; what is under way."""
        items = {
            line: (step, action)
            for line, step, action in self.env.execute_query(
                SQL(
                    "SELECT move_line_id, step, last_action_id FROM creditbox_item"
                    " WHERE company_id = %s",
                    portfolio.company.id,
                )
            )
        }
        for bill in portfolio.office.bills:
            last = bill.last
            self.assertEqual(
                items.get(bill.line, (0, None)), (bill.step, last and last.id), bill
            )
        self.env.flush_all()
        pending = {
            action: cents
            for action, cents in self.env.execute_query(
                SQL(
                    "SELECT id, (amount * 100)::int FROM creditbox_action"
                    " WHERE company_id = %s"
                    " AND state IN ('to_approve', 'ready', 'sending')",
                    portfolio.company.id,
                )
            )
        }
        self.assertEqual(
            pending, {act.id: act.amount for act in portfolio.office.under_way()}
        )

    def _repeat(self, portfolio):
        """Each run again, on what it had seen."""
        for run, gave in portfolio.runs:
            if run.state not in ("proposed", "approved", "executing", "done", "undone"):
                continue
            window = run.action_repeat()
            again = self.env["creditbox.run"].browse(window["res_id"])
            self._compare(again, self._found(again), gave)
