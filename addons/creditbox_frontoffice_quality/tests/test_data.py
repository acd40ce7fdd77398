from odoo.exceptions import ValidationError
from odoo.tests import TransactionCase, tagged

from ..models.creditbox_procedure_standard import CONDITIONS


@tagged("creditbox", "post_install", "-at_install")
class TestData(TransactionCase):
    """The terms that are delivered fit their procedures and the standards."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lines = cls.env["creditbox.procedure.standard"].search([])

    def test_milestones_are_on_the_way_and_in_order(self):
        for line in self.lines:
            with self.subTest(procedure=line.procedure_id.code, standard=line.code):
                steps = line.procedure_id.milestone_ids.mapped("milestone_id")
                self.assertIn(line.start_id, steps)
                self.assertIn(line.stop_id, steps)
                order = steps.ids
                self.assertLess(
                    order.index(line.start_id.id), order.index(line.stop_id.id)
                )

    def test_standards_count_single_performances(self):
        standards = self.env["creditbox.quality.standard"].search(
            [("code", "in", self.lines.mapped("code"))]
        )
        self.assertEqual(set(standards.mapped("measure")), {"each"})

    def test_never_two_alike_at_once(self):
        """Of terms that begin and end alike, a request fits one at most."""
        groups = self.lines.grouped(
            lambda t: (t.procedure_id, t.service_type_id, t.start_id, t.stop_id)
        )
        for key, lines in groups.items():
            kinds = [tuple(line[name] for name in CONDITIONS) for line in lines]
            self.assertEqual(len(kinds), len(set(kinds)), key)

    def test_an_unknown_standard(self):
        with self.assertRaisesRegex(ValidationError, "no standard «nonsense»"):
            self.lines[0].code = "nonsense"
