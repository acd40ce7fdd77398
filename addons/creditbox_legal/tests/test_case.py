from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import NOW, LegalCommon


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestCase(LegalCommon):
    def _item(self, bill):
        return self.env["creditbox.item"].search([("move_id", "=", bill.id)])

    def test_the_table_opens_a_case(self):
        case, bill = self._agency_case()
        action = case.action_ids
        self.assertRecordValues(
            case,
            [
                {
                    "kind": "agency",
                    "state": "open",
                    "amount_handed": 100,
                    "amount_due": 100,
                    "partner_id": self.customer.id,
                    "date_open": date(2026, 6, 30),
                }
            ],
        )
        self.assertEqual(case.line_ids.move_id, bill)
        self.assertEqual(action.state, "done")
        self.assertEqual(self._item(bill).step, 1)
        self.assertEqual(self._item(bill).exclusion, "agency")
        self.assertEqual(action.action_open_case()["res_id"], case.id)
        self.assertEqual(case.position_ids.case_count, 1)

    def test_meanwhile_the_position_takes_no_other_step(self):
        case, _bill = self._agency_case()
        self._bill(50, 40)  # overdue too, and not in the case
        self.assertFalse(self._run(date(2026, 12, 1)).action_ids)
        case._close("no_result", "Nothing found")
        with freeze_time("2026-12-01 08:00:00"):
            self.assertTrue(self._run(date(2026, 12, 1)).action_ids)

    def test_without_result_the_bills_go_on(self):
        case, bill = self._agency_case()
        with freeze_time("2026-09-01 08:00:00"):
            case._close("no_result", "Not found")
            self.assertFalse(self._item(bill).exclusion)
            self.assertEqual(self._item(bill).step, 1)
            run = self._run(date(2026, 9, 1))
            self.assertEqual(run.action_ids.code, "litigation")

    def test_litigation_opens_an_injunction(self):
        case, bill = self._agency_case()
        case._close("recalled", "Enough")
        with freeze_time("2026-09-01 08:00:00"):
            run = self._run(date(2026, 9, 1))
            run.action_approve()
            run.sudo().state = "executing"
            run.action_ids._execute()
            self.assertEqual(run.action_ids.case_id.kind, "injunction")
            self.assertEqual(self._item(bill).exclusion, "litigation")

    def test_cancelled_as_if_never_begun(self):
        case, bill = self._agency_case()
        case._close("cancelled", "A mistake")
        self.assertEqual(case.action_ids.state, "failed")
        self.assertEqual(self._item(bill).step, 0)
        self.assertFalse(self._item(bill).exclusion)

    def test_an_undone_run_takes_the_case_back(self):
        case, bill = self._agency_case()
        case.action_ids.run_id.action_undo()
        self.assertEqual(case.state, "closed")
        self.assertEqual(case.action_ids.state, "cancelled")
        self.assertEqual(self._item(bill).step, 0)
        self.assertFalse(self._item(bill).exclusion)

    # -- payments ----------------------------------------------------------------

    def test_a_payment_is_known_at_once(self):
        case, bill = self._agency_case()
        case._assign(self.agency)
        case.mandate_id.fee_ids = [
            (0, 0, {"age_from": 0, "percent": 10}),
            (0, 0, {"age_from": 20, "percent": 15}),
            (0, 0, {"age_from": 20, "amount_from": 500, "percent": 5}),
        ]
        self._pay(40, bill)
        self.assertRecordValues(
            case, [{"amount_due": 60, "amount_collected": 40, "amount_fees": 6}]
        )
        self.assertIn("40", case.message_ids[0].body)
        self._pay(60, bill)
        self.assertRecordValues(
            case, [{"state": "closed", "outcome": "paid", "amount_collected": 100}]
        )

    def _told(self):
        """:return: mail.mail that the cron makes now"""
        before = self.env["mail.mail"].search([])
        with self.enter_registry_test_mode():
            self.env.ref(
                "creditbox_legal.ir_cron_tell_payments"
            ).method_direct_trigger()
        return self.env["mail.mail"].search([]) - before

    def test_whoever_has_the_case_is_told_once(self):
        self.env["res.lang"]._activate_lang("it_IT")
        self.agency.partner_id.lang = "it_IT"
        case, bill = self._agency_case()
        self._pay(10, bill)
        self.assertFalse(self._told(), "nobody has it yet")
        case._assign(self.agency)
        payment = self._pay(40, bill)
        self._pay(50, bill)
        mail = self._told()
        self.assertEqual(mail.email_to, self.agency.partner_id.email_formatted)
        self.assertEqual(case.outcome, "paid")
        self.assertEqual(mail.body_html.count(case.name), 2)
        self.assertIn("30/06/2026", mail.body_html)
        self.assertFalse(self._told())
        payment.move_id.line_ids.remove_move_reconcile()
        self.assertEqual(self._told().body_html.count(case.name), 1)

    def test_one_mail_for_many(self):
        case, bill = self._agency_case()
        case._assign(self.agency)
        self._pay(40, bill).move_id.line_ids.remove_move_reconcile()
        self.assertFalse(self._told(), "taken back before anybody was told")
        for amount in (10, 20, 30):
            self._pay(amount, bill)
        self.assertEqual(len(self._told()), 1)
        self.agency.partner_id.email = False
        self._pay(40, bill)
        self.assertFalse(self._told())

    def test_an_entry_is_no_money(self):
        case, bill = self._agency_case()
        case._assign(self.agency)
        receivable = bill.line_ids.filtered("date_maturity")
        entry = self.env["account.move"].create(
            {
                "move_type": "entry",
                "line_ids": [
                    Command.create(
                        {
                            "account_id": receivable.account_id.id,
                            "partner_id": self.customer.id,
                            "credit": 40,
                        }
                    ),
                    Command.create(
                        {
                            "account_id": self.company_data[
                                "default_account_expense"
                            ].id,
                            "debit": 40,
                        }
                    ),
                ],
            }
        )
        entry.action_post()
        (receivable | entry.line_ids.filtered("credit")).reconcile()
        self.assertTrue(case.collection_ids.is_credit)
        self.assertEqual((case.amount_due, case.amount_collected), (60, 0))

    def test_many_cases_are_told_by_one_mail(self):
        supplies = [
            self._supply(self._customer(f"Customer {number}"), f"M{number}")
            for number in range(21)
        ]
        for supply in supplies:
            self._bill(100, 5, supply)
        positions = self.env["creditbox.position"].search(
            [("supply_id", "in", [supply.id for supply in supplies])]
        )
        cases = self.Case._open(positions, "agency")
        mails = self.env["mail.mail"]
        before = mails.search([])
        cases._assign(self.agency)
        mail = mails.search([]) - before
        self.assertEqual(len(mail), 1)
        self.assertEqual(mail.email_to, self.agency.partner_id.email_formatted)
        self.assertIn("Handed over", mail.subject)
        for case in cases:
            self.assertIn(case.name, mail.body_html)
            self.assertIn("Handed over", case.message_ids[0].body)
        cases._close("recalled", "Too late")
        self.assertIn("Too late", (mails.search([]) - before - mail).body_html)

    def test_a_payment_taken_back_is_noted(self):
        case, bill = self._agency_case()
        payment = self._pay(100, bill)
        self.assertEqual(case.outcome, "paid")
        payment.move_id.line_ids.remove_move_reconcile()
        self.assertTrue(case.collection_ids.reversed)
        self.assertEqual(case.amount_collected, 0)
        self.assertTrue(case.activity_ids)

    def test_what_was_paid_before_does_not_count(self):
        bill = self._bill(100, 30)
        self._pay(30, bill)
        case = self._execute().case_id
        self.assertEqual(case.amount_handed, 70)
        self._pay(20, bill)
        self.assertEqual(case.amount_collected, 20)

    def test_new_bills_are_taken_in(self):
        case, _bill = self._agency_case()
        bill = self._bill(50, 5)
        case.action_add_bills()
        self.assertEqual(case.amount_handed, 150)
        self.assertEqual(self._item(bill).exclusion, "agency")
        with self.assertRaisesRegex(UserError, "Nothing else"):
            case.action_add_bills()

    # -- rights ------------------------------------------------------------------

    def test_nobody_writes_what_is_kept(self):
        case, _bill = self._agency_case()
        manager, reader = self._user("manager"), self._user("reader")
        for vals in ({"state": "closed"}, {"amount_due": 0}, {"provider_id": 1}):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                case.with_user(manager).write(vals)
        with self.assertRaises(AccessError):
            case.with_user(reader).write({"court": "Milano"})
        with self.assertRaises(UserError):
            case.unlink()
        case.with_user(self._user("operator")).write({"court": "Milano"})

    def test_walls_between_companies(self):
        case, _bill = self._agency_case()
        other = self.setup_other_company()["company"]
        stranger = self._user("administrator", other)
        found = self.Case.with_user(stranger).with_company(other).search([])
        self.assertNotIn(case, found)
        with self.assertRaises(AccessError):
            case.with_user(stranger).read(["name"])

    def test_two_hundred_cases_cost_no_more_queries_than_one(self):
        positions = self._due_positions(201)
        self.env["ir.sequence"].search([("code", "=", "creditbox.case")]).prefix = "X/"
        counts = []
        for group in (positions[:1], positions[1:]):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            cases = self.Case._open(group, "agency")
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(len(cases), len(group))
            self.assertEqual(len({*cases.mapped("name")}), len(group))
            self.assertTrue(all(case.name.startswith("X/0") for case in cases))
        # inserts and reads go in pieces of a thousand rows at most
        self.assertLess(counts[1] - counts[0], 40, counts)

    def _due_positions(self, count):
        """:return: creditbox.position, of as many customers, each with a bill due"""
        customers = self.env["res.partner"].create(
            [
                {"name": f"Many {number}", "company_id": self.company.id}
                for number in range(count)
            ]
        )
        entry = self.env["account.move"].create(
            {
                "move_type": "entry",
                "company_id": self.company.id,
                "date": date(2026, 5, 1),
                "line_ids": [
                    (
                        0,
                        0,
                        {
                            "partner_id": customer.id,
                            "account_id": account.id,
                            "date_maturity": date(2026, 5, 1),
                            "debit": side == 0 and 50,
                            "credit": side == 1 and 50,
                        },
                    )
                    for customer in customers
                    for side, account in enumerate(
                        (
                            self.company_data["default_account_receivable"],
                            self.company_data["default_account_revenue"],
                        )
                    )
                ],
            }
        )
        entry.action_post()
        return self.env["creditbox.position"].search(
            [("partner_id", "in", customers.ids)]
        )

    def test_numbers_of_other_sequences(self):
        sequence = self.env["ir.sequence"].search([("code", "=", "creditbox.case")])
        for values in ({"implementation": "no_gap"}, {"use_date_range": True}):
            with self.subTest(**values):
                sequence.write(values)
                self.assertEqual(len({*self.Case._numbers(self.company, 3)}), 3)

    def test_opened_by_hand(self):
        case, _bill = self._hand_case()
        wizard = self.env["creditbox.case.open"].with_user(self._user("operator"))
        with self.assertRaisesRegex(UserError, "Nothing is overdue"):
            wizard.create({"position_ids": case.position_ids.ids}).action_open()
        self.assertGreaterEqual(case.amount_claim, 100)
