"""Costs and interest of actions: when they arise, where they go, how they go back."""

from datetime import date, timedelta

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import SQL, mute_logger

from ..models.move_copies import LINE_AMOUNTS, MOVE_AMOUNTS
from .common import TODAY
from .test_interest import InterestCommon


class ChargeCommon(InterestCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.charges = cls.env["creditbox.charge"]
        cls.letter = cls.env["creditbox.template"].create(
            {**cls._template_values("letter"), "name": "Letter of charges"}
        )

    def _fee_table(self, **values):
        row = {"step": 1, "fee": "amount", "fee_amount": 5, **values}
        again = {**row, "step": 2}
        return self._table(self.company, [row, again])

    def _letter_table(self, **values):
        return self._fee_table(code="letter", template_id=self.letter.id, **values)

    def _act(self, day=TODAY):
        """:return: the actions of today, done without a channel"""
        actions = self._run(day).action_ids
        self._done(actions, day)
        return actions

    def _run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref("creditbox_dunning.ir_cron_charges").method_direct_trigger()
        self.env.invalidate_all()

    def _debt(self):
        self.env.invalidate_all()
        return self._position().amount_balance

    def _charges_of(self, actions):
        return self.charges.search([("action_id", "in", actions.ids)])


@tagged("post_install", "-at_install")
@freeze_time("2026-06-30")
class TestFee(ChargeCommon):
    def test_a_fee_arises_with_the_step_and_becomes_a_debt(self):
        self._fee_table()
        self._bill(100, 30)
        charge = self._charges_of(self._act())
        self.assertEqual((charge.amount, charge.state), (5, "pending"))
        self._run_cron()
        move = charge.move_id
        self.assertEqual(
            (charge.state, move.state, move.move_type, move.amount_total),
            ("posted", "posted", "out_invoice", 5),
        )
        self.assertEqual(
            (move.creditbox_supply_id, move.partner_id, move.creditbox_charge),
            (self.supply, self.customer, "fee"),
        )
        self.assertEqual(move.creditbox_ref, move.name)
        self.assertEqual(move.invoice_date_due, TODAY + timedelta(days=30))
        self.assertEqual(self._debt(), 105)

    def test_no_fee_without_a_step(self):
        self._fee_table()
        bill = self._bill(100, 30)
        actions = self._run().action_ids
        self._pay(100, bill)
        self.assertFalse(actions.still_due())
        self.assertFalse(self._charges_of(actions))

    def test_charges_are_reminded_without_a_further_fee(self):
        self._fee_table(charge_interest=True)
        fee = self._bill(5, 60)
        fee.creditbox_charge = "fee"
        actions = self._act()
        self.assertEqual(actions.line_ids.item_id.move_id, fee)
        self.assertFalse(self._charges_of(actions))

    def test_the_italian_chart_of_accounts(self):
        company = self.env["res.company"].create(
            {"name": "Acquedotto", "country_id": self.env.ref("base.it").id}
        )
        self.env["account.chart.template"].try_loading("it", company=company)
        company._creditbox_prepare_charges()
        self.assertEqual(
            (
                company.creditbox_fee_account_id.with_company(company).code,
                company.creditbox_interest_account_id.with_company(company).code,
                company.creditbox_charge_tax_id.amount,
                company.creditbox_charge_journal_id.type,
            ),
            ("310300", "511000", 0, "sale"),
        )
        self.assertIn("Art.15", company.creditbox_charge_tax_id.name)
        journal = company.creditbox_charge_journal_id
        company._creditbox_prepare_charges()
        self.assertEqual(company.creditbox_charge_journal_id, journal)

    def test_what_cannot_be_posted_stays_and_says_why(self):
        self._fee_table()
        self._bill(100, 30)
        charge = self._charges_of(self._act())
        self.company._creditbox_prepare_charges()
        journal = self.company.creditbox_charge_journal_id
        journal.active = False
        charge._post()
        self.assertEqual(charge.state, "pending")
        self.assertTrue(charge.error)
        journal.active = True
        charge._post()
        self.assertEqual((charge.state, charge.error), ("posted", False))

    def test_many_are_copies_of_the_first(self):
        """What SQL copies is what the ORM makes, column by column."""
        self._fee_table()
        self.company._creditbox_prepare_charges()
        self.company.creditbox_charge_tax_id = self.env["account.tax"].create(
            {
                "name": "Out of VAT",
                "amount": 0,
                "type_tax_use": "sale",
                "company_id": self.company.id,
            }
        )
        for number in range(7):
            customer = self._customer(f"Customer {number}")
            self._bill(100 + number, 30, self._supply(customer, f"X{number}"))
        charges = self._charges_of(self._act())
        self.assertEqual(len(charges), 7)
        charges.sudo()[3].amount = 7.5
        charges._post()
        moves = charges.move_id
        self.assertEqual(len(moves), 7)
        self.assertEqual(sorted(moves.mapped("amount_residual")), [5] * 6 + [7.5])
        self.assertEqual(len(set(moves.mapped("name"))), 7)
        by_orm = (
            charges[:1]
            .sudo()
            .copy({"state": "pending", "action_id": False})
            ._make_moves_by_orm()
        )
        self.assertEqual(
            by_orm.sequence_number, max(moves.mapped("sequence_number")) + 1
        )
        for move, charge in zip(moves, charges, strict=True):
            self.assertEqual(move.commercial_partner_id, charge.partner_id)
            self._check_like(by_orm, move)
        # and it is paid like any other
        self._pay(5, moves[:1])
        self.assertIn(moves[:1].payment_state, ("paid", "in_payment"))

    def _check_like(self, by_orm, move):
        own = {
            *("id", "name", "creditbox_ref", "payment_reference", "sequence_number"),
            *("partner_id", "commercial_partner_id", "partner_shipping_id"),
            *("invoice_partner_display_name", "creditbox_supply_id", "create_date"),
            *("write_date", "access_token", "move_id", "move_name"),
        }
        amounts = {*MOVE_AMOUNTS, *LINE_AMOUNTS}

        def rows(records, total):
            records.env.flush_all()
            query = SQL(
                "SELECT * FROM %s WHERE id = ANY(%s) ORDER BY id",
                SQL.identifier(records._table),
                records.ids,
            )
            return [
                {
                    key: round(value / total, 4) if key in amounts and value else value
                    for key, value in row.items()
                    if key not in own
                }
                for row in records.env.execute_query_dict(query)
            ]

        pairs = ((by_orm, move), (by_orm.line_ids, move.line_ids))
        for one, other in pairs:
            self.assertEqual(
                rows(one, by_orm.amount_total), rows(other, move.amount_total)
            )
        self.assertEqual(by_orm.line_ids.tax_ids, move.line_ids.tax_ids)
        self.assertEqual(by_orm.line_ids.tax_tag_ids, move.line_ids.tax_tag_ids)

    def test_queries_of_many(self):
        """The second ten thousand costs no more statements than the first ten."""
        self._fee_table()
        counts = []
        for number in (6, 18):
            for place in range(number):
                customer = self._customer(f"Q{number}-{place}")
                self._bill(100, 30, self._supply(customer, f"Q{number}-{place}"))
            charges = self._charges_of(self._act())
            self.company._creditbox_prepare_charges()
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            charges._post()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(set(charges.mapped("state")), {"posted"})
        self.assertLess(counts[1], counts[0] + 12)


@tagged("post_install", "-at_install")
@freeze_time("2026-06-30")
class TestLetterFee(ChargeCommon):
    def _letters(self, **values):
        self._letter_table(**values)
        self._bill(100, 30)
        actions = self._execute()
        self.assertEqual(actions.state, "done")
        return actions

    def test_a_letter_costs_nothing_until_its_lot_has_left(self):
        actions = self._letters()
        charge = self._charges_of(actions)
        self._run_cron()
        self.assertEqual(charge.state, "pending")
        actions.letter_lot_id.with_user(self._user("operator")).action_posted()
        self.assertEqual(charge.state, "posted")
        self.assertEqual(self._debt(), 105)

    def test_a_letter_taken_out_costs_nothing(self):
        self._letter_table()
        bill = self._bill(100, 30)
        actions = self._execute()
        charge = self._charges_of(actions)
        self._pay(100, bill)
        actions.letter_lot_id.action_check_due()
        self.assertEqual((charge.state, charge.move_id.ids), ("cancelled", []))

    def test_real_postage(self):
        self.env["creditbox.provider"].create(
            {
                "name": "Post",
                "kind": "postal",
                "company_id": self.company.id,
                "postal_price_ids": [
                    (0, 0, {"product": "letter", "sheets": 9, "cost": 1.234})
                ],
            }
        )
        actions = self._letters(fee="postage", fee_amount=0)
        self.assertAlmostEqual(actions.cost, 1.234)
        self.assertEqual(self._charges_of(actions).amount, 1.23)

    def test_a_letter_that_comes_back(self):
        for kept, state in ((False, "reversed"), (True, "posted")):
            with self.subTest(kept=kept):
                self.company.creditbox_fee_if_failed = kept
                customer = self._customer(f"Back {kept}")
                self._letter_table()
                self._bill(100, 30, self._supply(customer, f"B{kept}"))
                actions = self._execute().filtered(lambda a: a.partner_id == customer)  # noqa: B023
                actions.letter_lot_id.sudo().action_posted()
                charge = self._charges_of(actions)
                self.assertEqual(charge.state, "posted")
                actions._mark_failed("Moved", unreachable=True)
                self.assertEqual(charge.state, state)
                # delivered after all: charged, and once
                actions._mark_delivered_after_all(TODAY)
                live = self._charges_of(actions).filtered(
                    lambda c: c.state in ("pending", "posted")
                )
                self.assertEqual(live.mapped("amount"), [5])


@tagged("post_install", "-at_install")
@freeze_time("2026-06-30")
class TestRegulation(ChargeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.heating = cls.env["creditbox.service.type"].create(
            {"code": 91, "name": "Heating"}
        )
        cls.act = cls.env["creditbox.regulation"].create(
            {
                "name": "Act",
                "service_type_id": cls.heating.id,
                "source": "Act 7",
                "date_from": "2020-01-01",
            }
        )
        cls.supply.service_type_id = cls.heating
        cls.supply.meter_id.service_type_id = cls.heating

    def _cost(self, cost, customers, allowed, amount=0):
        self.act.cost_ids = [
            (
                0,
                0,
                {
                    "cost": cost,
                    "customers": customers,
                    "allowed": allowed,
                    "amount": amount,
                },
            )
        ]

    def test_what_is_charged_of_a_fee(self):
        cases = [
            # customers, allowed, cap, protected, resident, charged, state
            ("all", "yes", 0, False, False, 5, "pending"),
            ("all", "yes", 3, False, False, 3, "pending"),
            ("all", "no", 0, False, False, 5, "refused"),
            ("all", "real", 0, False, False, 5, "refused"),  # nobody knows it
            ("protected", "no", 0, True, False, 5, "refused"),
            ("protected", "no", 0, False, True, 5, "pending"),
            ("resident", "no", 0, True, True, 5, "refused"),
            ("other", "no", 0, False, True, 5, "pending"),
            ("other", "no", 0, False, False, 5, "refused"),
        ]
        self._fee_table()
        for number, case in enumerate(cases):
            customers, allowed, cap, protected, resident, charged, state = case
            with self.subTest(case=case):
                self.act.cost_ids.unlink()
                self._cost("postage", customers, allowed, cap)
                supply = self._supply(
                    self._customer(f"Reg {number}"),
                    f"R{number}",
                    service_type_id=self.heating.id,
                    residential=resident,
                    protected_until=TODAY if protected else TODAY - timedelta(days=1),
                )
                self._bill(100, 30, supply)
                action = self._act().filtered(lambda a: a.supply_id == supply)  # noqa: B023
                charge = self._charges_of(action)
                self.assertEqual((charge.amount, charge.state), (charged, state))
                lowered = state == "refused" or charged < 5
                self.assertEqual("Act 7" in (charge.reason or ""), lowered)

    def test_interest_that_may_not_be_charged(self):
        self._cost("interest", "all", "no")
        self._fee_table(fee=False, charge_interest=True)
        self._bill(1000, 30)
        charge = self._charges_of(self._act())
        self.assertEqual((charge.kind, charge.state), ("interest", "refused"))
        self._run_cron()
        self.assertEqual(self._debt(), 1000)

    def test_a_table_says_so_when_it_is_written(self):
        cases = [
            ({}, ("postage", "all", "yes"), ""),
            ({}, ("postage", "protected", "no"), "may not be charged"),
            ({}, ("postage", "all", "real"), "only the real cost"),
            ({"fee": "postage"}, ("postage", "all", "real"), ""),
            ({}, ("postage", "all", "yes", 4.9), "above 4.9"),
            ({}, ("postage", "all", "yes", 5), ""),
            ({}, ("suspension", "all", "no"), ""),
            (
                {"fee": False, "charge_interest": True},
                ("interest", "other", "no"),
                "interest may not",
            ),
        ]
        for values, cost, problem in cases:
            with self.subTest(values=values, cost=cost):
                self.act.cost_ids.unlink()
                self._cost(*cost)
                table = self._fee_table(service_type_id=self.heating.id, **values)
                if problem:
                    self.assertIn(problem, table.legal_report)
                    self.assertIn(problem, table.message_ids[0].body)
                else:
                    self.assertFalse(table.legal_report)

    def test_a_fixed_fee_says_how_much(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self._fee_table(fee_amount=0)


@tagged("post_install", "-at_install")
@freeze_time("2026-06-30")
class TestInterestOfRows(ChargeCommon):
    def test_each_step_charges_the_days_since_the_last(self):
        self.rule.flat_amount = 40
        self._fee_table(charge_interest=True, fee=False, wait_after=5)
        self._bill(1000, 30)
        charges = self._charges_of(self._act())
        self.assertEqual(
            {charge.kind: charge.amount for charge in charges},
            {"interest": 3, "flat": 40},
        )
        line = charges.line_ids.filtered("days")
        self.assertEqual((line.date_from, line.date_to), (date(2026, 6, 1), TODAY))
        later = TODAY + timedelta(days=10)
        with freeze_time(later):
            again = self._charges_of(self._act(later))
        self.assertEqual(again.mapped("kind"), ["interest"])
        self.assertEqual(again.amount, 1)
        self.assertEqual(again.line_ids.date_from, TODAY + timedelta(days=1))

    def test_days_without_a_known_rate_are_charged_when_it_is_entered(self):
        self._fee_table(charge_interest=True, fee=False, wait_after=5)
        known = TODAY - timedelta(days=10)
        self.rule.index_id.checked_until = known
        self._bill(1000, 30)
        charge = self._charges_of(self._act())
        self.assertEqual(charge.amount, 2)
        self.assertEqual(charge.line_ids.date_to, known)
        later = TODAY + timedelta(days=10)
        self.rule.index_id.checked_until = later
        with freeze_time(later):
            again = self._charges_of(self._act(later))
        self.assertEqual(again.amount, 2)
        self.assertEqual(again.line_ids.date_from, known + timedelta(days=1))

    def test_undone_days_are_charged_again_waived_ones_not(self):
        self._fee_table(charge_interest=True, fee=False)
        bill = self._bill(1000, 30)
        actions = self._act()
        charge = self._charges_of(actions)
        charge._post()
        self.assertEqual(self._interest(bill).interest, 0)
        actions._undo()
        self.assertEqual(charge.state, "reversed")
        self.assertEqual(self._interest(bill).interest, 3)
        again = self._charges_of(self._act())
        again._post()
        again._waive("Settled")
        self.assertEqual(self._interest(bill).interest, 0)
        self.assertEqual(self._debt(), 1000)


@tagged("post_install", "-at_install")
@freeze_time("2026-06-30")
class TestTakenBack(ChargeCommon):
    def _posted(self):
        self._fee_table()
        self._bill(100, 30)
        actions = self._act()
        charge = self._charges_of(actions)
        charge._post()
        return actions, charge

    def test_undo_reverses_and_reconciles(self):
        actions, charge = self._posted()
        actions._undo()
        reversal = charge.reversal_id
        self.assertEqual((charge.state, reversal.state), ("reversed", "posted"))
        self.assertEqual(reversal.creditbox_supply_id, self.supply)
        self.assertEqual(charge.move_id.payment_state, "reversed")
        self.assertEqual(charge.move_id.amount_residual, 0)
        self.assertEqual(reversal.amount_residual, 0)
        self.assertEqual(self._debt(), 100)

    def test_many_go_back_in_the_background(self):
        actions, charge = self._posted()
        self.patch(type(self.charges), "_limit_at_once", lambda self: 0)
        actions._undo()
        self.assertEqual(charge.state, "to_reverse")
        self._run_cron()
        self.assertEqual(charge.state, "reversed")
        self.assertEqual(self._debt(), 100)

    def test_waived_with_a_reason(self):
        _actions, charge = self._posted()
        with self.assertRaises(AccessError):
            charge.with_user(self._user("operator")).action_waive()
        with self.assertRaises(AccessError):
            charge.with_user(self._user("operator"))._waive("please")
        user = self._user("supervisor")
        action = charge.with_user(user).action_waive()
        wizard = self.env["creditbox.charge.waive"].with_user(user)
        wizard = wizard.with_context(**action["context"]).create({"reason": "Strike"})
        wizard.action_waive()
        self.assertEqual(charge.state, "waived")
        self.assertIn("Strike", charge.message_ids[0].body)
        self.assertEqual(self._debt(), 100)
        wizard.action_waive()  # twice does nothing
        self.assertEqual(self._debt(), 100)

    def test_a_paid_fee_that_is_waived_becomes_a_credit(self):
        _actions, charge = self._posted()
        self._pay(5, charge.move_id)
        charge._waive("Our mistake")
        self.env.invalidate_all()
        positions = self.position_model.search([("partner_id", "=", self.customer.id)])
        self.assertEqual(sum(positions.mapped("amount_balance")), 95)

    def test_charges_are_written_and_deleted_by_nobody(self):
        _actions, charge = self._posted()
        manager = self._user("manager")
        with self.assertRaises(AccessError):
            charge.with_user(manager).amount = 1
        with self.assertRaises(AccessError):
            charge.with_user(manager).unlink()
        with self.assertRaises(UserError):
            charge.unlink()
