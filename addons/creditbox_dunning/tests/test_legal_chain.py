from datetime import date, timedelta

from odoo.tests import Form, freeze_time, tagged

from .common import OwnChannelsOnly
from .law import NOTICE_DAY, LawCommon


@tagged("post_install", "-at_install")
class TestLegalChain(OwnChannelsOnly, LawCommon):
    """Per bill: what is done and proved, what is missing, when the next may come."""

    def _links(self, day):
        position = self.env["creditbox.position"].search(
            [("partner_id", "=", self.customer.id)]
        )
        chain = self.env["creditbox.legal.chain"].create(
            {"position_id": position.id, "as_of": day}
        )
        ((_item, links),) = chain._links().items()
        return {link.legal_step: link for link in links}, chain

    def test_nothing_done_yet(self):
        self._bill(100, due=date(2026, 3, 14))
        self._run(date(2026, 3, 20))
        links, chain = self._links(date(2026, 3, 20))
        self.assertEqual(links["notice"].state, "waiting")
        self.assertEqual(links["notice"].first_day, date(2026, 4, 8))
        self.assertEqual(links["suspension"].state, "later")
        self.assertIn("04/08/2026", chain.explanation)
        self.assertIn("25 days", chain.explanation)

    def test_from_the_notice_to_the_suspension(self):
        notice = self._notice()
        links, chain = self._links(NOTICE_DAY)
        self.assertEqual(links["notice"].state, "unproved")
        self.assertEqual(links["suspension"].state, "blocked")
        self.assertIn("proof of delivery is missing", chain.explanation)

        notice.sudo().date_deadline = date(2026, 4, 20)
        notice._mark_delivered(date(2026, 4, 13))
        links, _chain = self._links(NOTICE_DAY)
        self.assertEqual(links["notice"].state, "done")
        self.assertEqual(links["suspension"].state, "waiting")
        # 40 days end on Saturday 23 May; Monday is the first day allowed
        self.assertEqual(links["suspension"].first_day, date(2026, 5, 25))
        links, _chain = self._links(date(2026, 5, 25))
        self.assertEqual(links["suspension"].state, "open")

    def test_a_term_that_is_over_waits_for_a_day_that_is_allowed(self):
        self._notice(date(2026, 4, 13), date(2026, 4, 20))
        for day, state, first in (
            (date(2026, 6, 4), "open", date(2026, 6, 4)),  # Thursday
            (date(2026, 6, 5), "waiting", date(2026, 6, 8)),  # Friday
            (date(2026, 12, 7), "waiting", date(2026, 12, 9)),  # the eve of a holiday
        ):
            with self.subTest(day=day):
                link = self._links(day)[0]["suspension"]
                self.assertEqual((link.state, link.first_day), (state, first))

    def test_step_done_too_early_is_shown(self):
        self._notice()
        self.regulation.term_ids[0].days = 60
        links, _chain = self._links(NOTICE_DAY)
        self.assertEqual(links["notice"].state, "unlawful")

    def test_debt_that_is_too_small_for_the_step(self):
        self._notice(date(2026, 4, 13), date(2026, 4, 20))
        self.regulation.step_ids[1].debt_multiple = 1
        self.supply.subsidised_amount = 100
        link = self._links(date(2026, 6, 4))[0]["suspension"]
        self.assertEqual(link.state, "blocked")
        self.assertIn("debt of 100.00", link.notes[0])
        self.supply.subsidised_amount = 99.99
        self.assertEqual(self._links(date(2026, 6, 4))[0]["suspension"].state, "open")

    @freeze_time(NOTICE_DAY)
    def test_first_day_is_the_first_that_the_evaluation_allows(self):
        self._notice(date(2026, 4, 13), date(2026, 4, 20))
        first = self._links(NOTICE_DAY)[0]["suspension"].first_day
        for day, lawful in ((first - timedelta(days=3), False), (first, True)):
            run = self._run(day, propose=False)
            run.action_simulate()
            exception = run.action_ids.exception
            self.assertEqual(exception == "no_channel", lawful, exception)

    def test_a_reader_opens_it_from_the_position(self):
        self._notice()
        position = self.env["creditbox.position"].search(
            [("partner_id", "=", self.customer.id)]
        )
        reader = self._user("reader")
        action = position.with_user(reader).action_legal_chain()
        chain = self.env[action["res_model"]].browse(action["res_id"])
        with Form(chain.with_user(reader)) as form:
            self.assertIn("Formal notice", form.explanation)
