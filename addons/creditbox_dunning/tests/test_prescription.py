from datetime import date, timedelta

from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from .common import TODAY, DunningCommon


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestPrescription(DunningCommon):
    """Which bills the law will bar soon, and what has made their term start anew."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.electricity = cls.env.ref("creditbox_base.service_type_electricity")
        cls.public = cls.env.ref("creditbox_base.customer_type_public")

    def _radar(self):
        self.env["creditbox.prescription"]._refresh(self.company)
        return self.env["creditbox.prescription"].search(
            [("company_id", "=", self.company.id)]
        )

    def test_years_by_service_customer_and_date(self):
        end = date(2024, 6, 1)
        no_supply = self.env["creditbox.supply"]
        power = self._supply(self.customer, "E1", service_type_id=self.electricity.id)
        town = self._customer("Town", creditbox_customer_type_id=self.public.id)
        for supply, customer, due, values, expiry in (
            (self.supply, None, date(2024, 7, 31), {}, date(2026, 7, 31)),
            # water: bills due up to the first of January 2020 keep the five years
            (self.supply, None, date(2020, 1, 1), {}, date(2025, 1, 1)),
            # electricity: from the day by which it had to be issued
            (
                power,
                None,
                date(2024, 9, 1),
                {"creditbox_period_to": end},
                end + timedelta(days=45 + 365 * 2),
            ),
            (self._supply(town, "W9"), town, date(2021, 7, 31), {}, date(2026, 7, 31)),
            (no_supply, None, date(2021, 7, 31), {}, date(2026, 7, 31)),
        ):
            with self.subTest(supply=supply.code, due=due):
                bill = self._bill(100, due, supply, customer)
                bill.write(values)
                [found] = self._radar().filtered(lambda r, bill=bill: r.move_id == bill)
                self.assertEqual(found.date_expiry, expiry)
                self.assertEqual(found.days_left, (expiry - TODAY).days)
                self.assertEqual(found.amount_residual, 100)

    def test_only_what_is_open_and_expires_soon(self):
        soon = self._bill(100, date(2024, 12, 27))
        self._bill(100, date(2024, 12, 28))  # 181 days from today
        paid = self._bill(100, date(2024, 7, 1))
        self._pay(100, paid)
        self.assertEqual(self._radar().move_id, soon)
        self.assertEqual(self._radar().move_id, soon, "made anew, not added")

    def test_who_pays_leaves_it_at_once(self):
        bill = self._bill(100, date(2024, 7, 31))
        other = self._bill(70, date(2024, 7, 1))
        radar = self._radar()
        self._pay(30, bill)
        amounts = {line.move_id: line.amount_residual for line in radar}
        self.assertEqual(amounts, {bill: 70, other: 70})
        self._pay(70, bill)
        self.assertEqual(radar.exists().move_id, other)

    def test_a_proved_notice_makes_it_start_anew(self):
        self._table(self.company, [{"step": 1, "legal_step": "notice"}])
        bill = self._bill(100, date(2024, 7, 31))
        action = self._run(date(2025, 6, 3)).action_ids
        self._done(action, date(2025, 6, 3))
        self.assertEqual(self._radar().date_expiry, date(2026, 7, 31), "not certified")
        action.sudo().code = "pec"
        self.assertEqual(self._radar().date_expiry, date(2026, 7, 31), "not proved")
        action._mark_delivered(date(2024, 8, 1))
        found = self._radar()
        self.assertEqual(found.date_expiry, date(2026, 8, 1))
        self.assertEqual(found.action_id, action)
        action.sudo().date_proof = date(2025, 6, 5)
        self.assertFalse(self._radar(), "expires in 2027")
        action._undo()
        self.assertEqual(self._radar().move_id, bill, "undone: it never was")

    def test_readers_see_their_company_and_make_it_anew(self):
        self._bill(100, date(2024, 7, 31))
        other = self.setup_other_company()["company"]
        reader = self._user("reader")
        radar = self.env["creditbox.prescription"].with_user(reader)
        radar.with_company(self.company).action_refresh()
        self.assertEqual(len(radar.search([])), 1)
        stranger = self.env["creditbox.prescription"].with_user(
            self._user("reader", other)
        )
        self.assertFalse(stranger.search([]))
        with self.assertRaises(AccessError):
            radar.search([]).date_expiry = TODAY
