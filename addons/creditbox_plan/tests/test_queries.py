from odoo.tests import tagged

from .common import PlanCommon


@tagged("post_install", "-at_install")
class TestPlanQueries(PlanCommon):
    def test_valued_in_sets(self):
        """As many queries for twelve plans as for three."""
        plans = self.env["creditbox.plan"]
        for number in range(12):
            supply = self._supply(self._customer(f"C{number}"), f"Q{number}")
            self._bill(100, 30, supply)
            plans |= self._live(
                self._position(supply), instalment_count=2, shorter_agreed=True
            )
        counts = []
        for some in (plans[:3], plans):
            self.env.flush_all()
            self.env.invalidate_all()
            some._collect()
            some._value_sets(self.company)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            some._collect()
            some._value_sets(self.company)
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
        self.assertLessEqual(counts[1], 12)
