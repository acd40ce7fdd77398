from odoo.exceptions import AccessError, ValidationError
from odoo.tests import freeze_time, tagged

from .common import NOW, StrategyCommon


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestPortfolio(StrategyCommon):
    def _placed(self, position):
        self.env["creditbox.portfolio"]._place(self.company)
        return position.portfolio_id

    def test_by_rule(self):
        milan = self.env.ref("base.state_it_mi")
        position = self._positions(100, days=40, state_id=milan.id)
        self.portfolio.active = False
        self.assertFalse(self._placed(position))
        band = self.env["creditbox.rating.band"].search([], limit=1)
        for fits, values in (
            (True, {}),
            (True, {"days_from": 40, "days_to": 40}),
            (False, {"days_from": 41}),
            (False, {"days_to": 39}),
            (True, {"amount_from": 100, "amount_to": 100.01}),
            (False, {"amount_from": 100.01}),
            (False, {"amount_to": 100}),
            (True, {"service_type_ids": self.water.ids}),
            (False, {"service_type_ids": self.gas.ids}),
            (True, {"customer_type_ids": self.domestic.ids}),
            (True, {"state_ids": milan.ids}),
            (False, {"state_ids": self.env.ref("base.state_it_rm").ids}),
            (False, {"band_ids": band.ids}),
            (False, {"score_to": 50}),
            (False, {"score_from": 1}),
        ):
            with self.subTest(fits=fits, **values):
                rule = self._portfolio("Rule", **values)
                found = self._placed(position)
                self.assertEqual(found, rule if fits else rule.browse())
                rule.active = False

    def test_by_score(self):
        position = self._positions(100)
        self.portfolio.active = False
        self.env["creditbox.rating"]._refresh(companies=self.company)
        rating = self.env["creditbox.rating"].search(
            [("partner_id", "=", position.partner_id.id)]
        )
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE creditbox_rating SET state = 'rated', score = 40 WHERE id = %s",
            [rating.id],
        )
        for fits, low, high in ((True, 40, 40), (False, 41, 100), (False, 0, 39)):
            with self.subTest(low=low, high=high):
                rule = self._portfolio("Score", score_from=low, score_to=high)
                self.assertEqual(
                    self._placed(position), rule if fits else rule.browse()
                )
                rule.active = False

    def test_the_first_that_fits(self):
        position = self._positions(100)
        first = self._portfolio("First", sequence=1, amount_from=50)
        self.assertEqual(self._placed(position), first)
        first.amount_from = 200
        self.assertEqual(self._placed(position), self.portfolio)
        self.assertEqual(self.portfolio.position_count, 1)

    def test_by_hand(self):
        position = self._positions(100)
        chosen = self._portfolio("Chosen", kind="hand")
        wizard = self.env["creditbox.portfolio.put"]
        values = {"position_ids": position.ids, "portfolio_id": chosen.id}
        with self.assertRaises(AccessError):
            wizard.with_user(self._user("operator")).create(values)
        wizard.with_user(self.supervisor).create(values).action_put()
        self.assertEqual(self._placed(position), chosen, "the rules leave it alone")
        values["portfolio_id"] = False
        wizard.with_user(self.supervisor).create(values).action_put()
        self.assertEqual(self._placed(position), self.portfolio)

    def test_paid_positions_leave(self):
        position = self._positions(100)
        self.assertEqual(self._placed(position), self.portfolio)
        self._pay(100, position.open_line_ids.move_id)
        self.assertFalse(self._placed(position))

    def test_rights(self):
        for user, may in ((self.manager, True), (self.supervisor, False)):
            portfolio = self.portfolio.with_user(user)
            self.assertEqual(portfolio.has_access("write"), may)
        stranger = self._user("administrator", self.company_b)
        for record in (self.portfolio, self.anna):
            found = record.with_user(stranger).with_company(self.company_b).search([])
            self.assertNotIn(record, found)
        self.assertTrue(self.portfolio.with_user(self._user("reader")).name)
        with self.assertRaises(ValidationError):
            self.anna.copy({"company_id": self.company_b.id})
        with self.assertRaises(ValidationError):
            self.anna.write({"away_from": "2026-07-02", "away_to": "2026-07-01"})

    def test_one_statement_whatever_the_number(self):
        counts = []
        self.env["creditbox.portfolio"]._place(self.company)
        for amounts in ((101,), range(200, 212)):
            self._positions(*amounts)
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.env["creditbox.portfolio"]._place(self.company)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
