"""Late interest of bills in the accounts, its rates as data, its window."""

import base64
import io
from datetime import date, timedelta
from decimal import Decimal as D

import openpyxl

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged
from odoo.tools.pdf import PdfFileReader

from .common import TODAY, DunningCommon


class InterestCommon(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.interest = cls.env["creditbox.interest"]
        cls.rules = cls.env["creditbox.interest.rule"]
        cls.position_model = cls.env["creditbox.position"]
        # 3.65 % a year: a cent a day on 100 euro
        cls.index = cls.env["creditbox.interest.index"].create(
            {
                "name": "Test rate",
                "source": "Test",
                "rate_ids": [(0, 0, {"date_from": "2010-01-01", "rate": 1.65})],
            }
        )
        cls.rule = cls.rules.create(
            {
                "name": "Own rule",
                "company_id": cls.company.id,
                "date_from": "2010-01-01",
                "index_id": cls.index.id,
                "spread": 2,
                "source": "Contract",
            }
        )

    def _position(self, supply=None):
        supply = supply or self.supply
        return self.position_model.search([("supply_id", "=", supply.id)])

    def _line(self, move):
        return move.line_ids.filtered(lambda line: line.date_maturity)

    def _interest(self, move, until=TODAY, **options):
        lines = self._line(move)
        (bill,) = self.interest._late_bills(self.company, lines.ids, until, **options)
        return bill


@tagged("post_install", "-at_install")
@freeze_time("2026-06-30")
class TestRates(InterestCommon):
    def _rates(self, service, customer_type, company=None):
        fitting = self.rules._fitting(company or self.company, service, customer_type)
        return fitting._rates()

    def test_standard_rates(self):
        self.rule.active = False
        business = self.env.ref("creditbox_base.customer_type_non_domestic")
        public = self.env.ref("creditbox_base.customer_type_public")
        phone = self.env.ref("creditbox_base.service_type_telephone")
        nothing = self.env["creditbox.service.type"]
        cases = [
            # service, customer, day, base, spread
            (self.water, self.domestic, date(2026, 6, 16), "2.15", "3.5"),
            (self.water, self.domestic, date(2026, 6, 17), "2.4", "3.5"),
            (self.water, self.domestic, date(2026, 9, 15), "2.4", "3.5"),
            (self.water, self.domestic, date(2026, 9, 16), "2.65", "3.5"),
            (self.water, self.domestic, date(2026, 11, 3), "2.65", "3.5"),
            (self.water, business, date(2024, 9, 17), "4.25", "3.5"),
            (self.water, business, date(2024, 9, 18), "3.65", "3.5"),
            (self.gas, self.domestic, date(2023, 2, 7), "2.5", "3.5"),
            (self.gas, business, date(2026, 6, 30), "2.15", "8"),
            (phone, public, date(2025, 6, 30), "3.15", "8"),
            (phone, public, date(2025, 7, 1), "2.15", "8"),
            (phone, self.domestic, date(2026, 1, 1), "1.6", "0"),
            (nothing, self.domestic, date(2025, 12, 31), "2", "0"),
        ]
        for service, customer, day, base, spread in cases:
            with self.subTest(service=service.name, customer=customer.name, day=day):
                rates = self._rates(service, customer)
                rate = [r for r in rates if r.first <= day][-1]
                self.assertEqual((rate.base, rate.spread), (D(base), D(spread)))

    def test_a_companys_own_rule_goes_first_and_ends(self):
        self.rule.write({"date_from": "2026-01-01", "date_to": "2026-03-31"})
        rates = [
            (rate.first, rate.rate)
            for rate in self._rates(self.water, self.domestic)
            if rate.first >= date(2025, 6, 11)
        ]
        self.assertEqual(
            rates,
            [
                (date(2025, 6, 11), D("5.65")),
                (date(2026, 1, 1), D("3.65")),
                (date(2026, 4, 1), D("5.65")),
                (date(2026, 6, 17), D("5.90")),
                (date(2026, 9, 16), D("6.15")),
                (date(2026, 11, 4), D("0")),  # not known yet
            ],
        )
        other = self.setup_other_company()["company"]
        rate = [r for r in self._rates(self.water, self.domestic, other)][-2]
        self.assertEqual(rate.rate, D("6.15"))

    def test_a_rate_that_nobody_has_entered_is_not_carried_on(self):
        self.rule.active = False
        for xmlid, until, later in (
            ("ecb", date(2026, 11, 3), date(2026, 11, 4)),
            ("ecb_half", date(2026, 12, 31), date(2027, 1, 1)),
            ("legal", date(2026, 12, 31), date(2027, 1, 1)),
        ):
            with self.subTest(xmlid):
                index = self.env.ref(f"creditbox_dunning.interest_index_{xmlid}")
                self.assertEqual(index.known_until, until)
                self.assertTrue(index._value_on(until))
                self.assertFalse(index._value_on(later))
                index.rate_ids = [(0, 0, {"date_from": later, "rate": 3})]
                self.assertEqual(index._value_on(later).rate, 3)
                self.assertGreaterEqual(index.known_until, later)
        ecb = self.env.ref("creditbox_dunning.interest_index_ecb")
        ecb.checked_until = date(2027, 3, 1)
        self.assertEqual(ecb._value_on(date(2027, 3, 1)).rate, 3)
        self.assertFalse(ecb._value_on(date(2027, 3, 2)))
        ecb.checked_until = False
        self.assertTrue(ecb._value_on(date(2040, 1, 1)), "as long as it is not said")

    def test_a_manager_enters_a_later_rate_and_it_is_kept(self):
        manager = self._user("manager")
        index = self.index.with_user(manager)
        index.rate_ids = [(0, 0, {"date_from": "2026-07-01", "rate": 3})]
        self.assertIn("2026-07-01: 3 %", index.message_ids[0].body)
        index.rate_ids[0].rate = 3.25
        self.assertIn("before: 2026-07-01: 3 %", index.message_ids[0].body)
        self.assertEqual((index.last_date, index.last_rate), (date(2026, 7, 1), 3.25))
        self.assertEqual(self._rates(self.water, self.domestic)[-1].rate, D("5.25"))
        index.rate_ids[0].unlink()
        self.assertIn("3.25 %", index.message_ids[0].body)
        with self.assertRaises(AccessError):
            self.index.with_user(self._user("supervisor")).rate_ids.rate = 0

    def test_other_companies_rules_are_not_seen(self):
        other = self.setup_other_company()["company"]
        manager = self._user("manager", other)
        self.assertNotIn(self.rule, self.rules.with_user(manager).search([]))
        with self.assertRaises(AccessError):
            self.rule.with_user(manager).spread = 9


@tagged("post_install", "-at_install")
@freeze_time("2026-06-30")
class TestInterest(InterestCommon):
    def test_payments_and_credit_notes(self):
        bill = self._bill(1000, 30)
        self.assertEqual(self._interest(bill).interest, D("3.00"))
        self._pay(400, bill)  # today: late for all the days until now
        self.assertEqual(self._interest(bill).interest, D("3.00"))
        ten_more = TODAY + timedelta(days=10)
        self.assertEqual(self._interest(bill, ten_more).interest, D("3.60"))
        note = self._bill(100, 0, credit_note=True)
        (note | bill).line_ids.filtered(
            lambda line: line.date_maturity and not line.reconciled
        ).reconcile()
        # what the credit note takes off was never owed
        self.assertEqual(self._interest(bill).interest, D("2.70"))

    def test_a_bill_that_was_paid_late(self):
        bill = self._bill(1000, 30)
        self._pay(1000, bill)
        self.assertEqual(self._interest(bill, TODAY + timedelta(99)).interest, D(3))
        position = self._position()
        until = TODAY + timedelta(99)
        self.assertFalse(position._late_bills(until))
        self.assertEqual(len(position._late_bills(until, paid=True)[position]), 1)

    def test_money_without_a_bill_stops_the_interest(self):
        old, new = self._bill(1000, 30), self._bill(500, 20)
        self._pay(1200, customer=self.customer)
        until = TODAY + timedelta(10)
        self.assertEqual(self._interest(old, until).interest, D("3.00"))
        # 500 for 20 days, then 300 for 10
        self.assertEqual(self._interest(new, until).interest, D("1.30"))
        self.company.creditbox_use_credits = False
        self.assertEqual(self._interest(old, until).interest, D("4.00"))

    def test_charges_bear_no_interest(self):
        bill = self._bill(1000, 30)
        bill.creditbox_charge = "interest"
        found = self.interest._late_bills(self.company, self._line(bill).ids, TODAY)
        self.assertEqual(found, [])
        self.assertFalse(self._position()._bill_lines())

    def test_leap_years_are_a_setting(self):
        bill = self._bill(3650, date(2023, 12, 31))
        until = date(2024, 12, 31)
        self.assertEqual(self._interest(bill, until).interest, D("133.59"))
        self.company.creditbox_interest_leap_years = True
        # 3650 x 3.65 x 366 / 36600
        self.assertEqual(self._interest(bill, until).interest, D("133.23"))

    def test_queries_do_not_grow_with_the_bills(self):
        counts = []
        for number in (2, 10):
            for _ in range(number):
                self._bill(100, 30)
            self._pay(10, customer=self.customer)
            position = self._position()
            self.env.invalidate_all()
            position._late_bills(TODAY)
            before = self.env.cr.sql_log_count
            position._late_bills(TODAY)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])

    # ------------------------------------------------------------------
    # window
    # ------------------------------------------------------------------
    def _window(self, action, user="reader"):
        table = self.env[action["res_model"]].browse(action["res_id"])
        return table.with_user(self._user(user))

    def test_the_window_and_its_files(self):
        self.rule.flat_amount = 40
        bill = self._bill(1000, 30)
        action = self._position().with_user(self._user("reader")).action_late_interest()
        table = self.env["creditbox.interest.table"].browse(action["res_id"])
        self.assertEqual(table.total, 43)
        table.flat = False
        self.assertEqual(table.total, 3)
        self.assertIn(bill.name, table.explanation)
        table.flat = True
        pdf = PdfFileReader(io.BytesIO(base64.b64decode(table.pdf)))
        text = "".join(page.extract_text() for page in pdf.pages)
        for piece in (bill.name, "3.65", "43.00", "Page 1 of 1", "Own rule"):
            self.assertIn(piece, text)
        fonts = {
            font.get_object()["/BaseFont"]
            for page in pdf.pages
            for font in page["/Resources"]["/Font"].values()
        }
        self.assertFalse([name for name in fonts if "Helvetica" in name])

    def test_the_workbook_reckons(self):
        self.rule.flat_amount = 40
        self._bill(1000, 30)
        self._bill(77, 20)
        action = self._position().action_late_interest()
        table = self.env["creditbox.interest.table"].browse(action["res_id"])
        content = io.BytesIO(base64.b64decode(table.xlsx))
        cells = {}
        for values in (False, True):
            page = openpyxl.load_workbook(content, data_only=values).active
            cells[values] = {c.coordinate: c.value for r in page for c in r}
        formulas = [v for v in cells[False].values() if str(v).startswith("=ROUND(")]
        self.assertEqual(len(formulas), 2)
        # the first row of the first bill, by its own formula
        place = next(k for k, v in cells[False].items() if v == formulas[0])
        row = place[1:]
        capital, rate, days, year = (cells[True][f"{c}{row}"] for c in "DGCH")
        self.assertEqual(
            round(capital * rate * days / (100 * year), 2), cells[True][place]
        )
        self.assertIn(83.15, cells[True].values())  # 3.00 + 0.15 + 2 x 40

    def test_the_window_of_a_bill(self):
        bill, _other = self._bill(1000, 30), self._bill(1000, 30)
        self._pay(1000, bill)
        action = bill.with_user(self._user("reader")).action_creditbox_interest()
        table = self.env["creditbox.interest.table"].browse(action["res_id"])
        self.assertEqual(table.total, 3)

    def test_who_may_charge_it(self):
        self._bill(1000, 30)
        position = self._position()
        operator = self._user("operator")
        action = position.with_user(operator).action_late_interest()
        table = self.env["creditbox.interest.table"].browse(action["res_id"])
        with self.assertRaises(AccessError):
            table.with_user(operator).action_charge()
        with self.assertRaises(AccessError):
            position.with_user(operator).action_charge_interest()
        supervisor = self._user("supervisor")
        action = position.with_user(supervisor).action_late_interest()
        table = self.env["creditbox.interest.table"].browse(action["res_id"])
        table = table.with_user(supervisor)
        table.action_charge()
        charge = self.env["creditbox.charge"].search([])
        self.assertEqual(
            (charge.kind, charge.amount, charge.state, charge.user_id),
            ("interest", 3, "posted", supervisor),
        )
        self.env.invalidate_all()
        self.assertEqual(table.total, 0)  # its days are charged
        with self.assertRaises(UserError):
            table.action_charge()
        table.everything = True
        self.assertEqual(table.total, 3)
        with self.assertRaises(UserError):
            table.action_charge()

    def test_another_company_sees_nothing(self):
        self._bill(1000, 30)
        self._position().action_charge_interest()
        other = self.setup_other_company()["company"]
        user = self._user("supervisor", other)
        charges = self.env["creditbox.charge"]
        self.assertTrue(charges.search([]))
        self.assertFalse(charges.with_user(user).search([]))
        self.assertFalse(self.env["creditbox.charge.line"].with_user(user).search([]))
        with self.assertRaises(AccessError):
            self._position().with_user(user).action_charge_interest()
        with self.assertRaises(AccessError):
            charges.search([]).with_user(user)._waive("no")
