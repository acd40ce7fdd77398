from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from odoo.addons.creditbox_base.tools import sheet
from odoo.addons.creditbox_legal.tests.common import NOW

from ..models.creditbox_case_upload import COLUMNS
from .common import LegalPortalCommon


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestCaseUpload(LegalPortalCommon):
    def _upload(self, user, rows, kind="xlsx"):
        uploads = self.env["creditbox.case.upload"].with_user(user).sudo()
        headings = list(uploads._headings().values())
        rows = [[*row, *[""] * (len(COLUMNS) - len(row))] for row in rows]
        if kind == "csv":
            content = sheet.write_csv(headings, rows)
        else:
            content = sheet.write("x", headings, rows)
        return uploads._take(user, f"file.{kind}", content), content

    def test_an_answer_for_each_row(self):
        case, _bill = self._case_of(self.agency)
        theirs, _bill = self._case_of(self.rival, number=2)
        waiting, _bill = self._case_of(self.agency, accepted=False, number=3)
        rows = [
            (case.name, 40, "30/06/2026", "Cash", "R1"),
            (case.name, "10,50", "2026-06-30", "transfer"),
            (case.name, 40, "2026-06-30", "cash", "r1"),
            (case.name, 60, "2026-06-30"),
            (case.name, "much", "2026-06-30"),
            (case.name, 1, "yesterday"),
            (case.name, 1, "2026-07-01"),
            (case.name, 1, "2026-06-30", "barter"),
            (theirs.name, 10, "2026-06-30"),
            (waiting.name, 10, "2026-06-30"),
            ("CASE/NONE", 10, "2026-06-30"),
            (case.name,),
        ]
        for kind in ("xlsx", "csv"):
            with self.subTest(kind):
                taken, content = self._upload(self.agent, rows, kind)
                self.assertEqual(
                    [(a["row"], a["ok"], a["field"]) for a in taken.answers],
                    [
                        (2, kind == "xlsx", "" if kind == "xlsx" else "amount"),
                        (3, kind == "xlsx", "" if kind == "xlsx" else "amount"),
                        (4, False, "amount"),
                        (5, False, "amount"),
                        (6, False, "amount"),
                        (7, False, "date"),
                        (8, False, "date"),
                        (9, False, "channel"),
                        (10, False, "case"),
                        (11, False, "case"),
                        (12, False, "case"),
                    ],
                )
                again = taken._take(self.agent, "file", content)
                self.assertEqual(again, taken, "the same file changes nothing")
        self.assertEqual(sorted(case.declaration_ids.mapped("amount")), [10.5, 40])
        self.assertFalse((theirs | waiting).declaration_ids)
        self.assertEqual(len(taken._refused_rows()), 11)

    def test_what_cannot_be_read(self):
        uploads = self.env["creditbox.case.upload"].with_user(self.agent).sudo()
        for content in (b"", b"PK\x03\x04", b"\x00\x01", b"a;b\n1;2\n"):
            with self.subTest(content=content), self.assertRaises(UserError):
                uploads._take(self.agent, "x.xlsx", content)
        self.assertFalse(uploads.search([]))

    def test_queries_do_not_grow_with_the_rows(self):
        cases = [self._case_of(self.agency, number=n)[0] for n in range(1, 13)]
        counts = []
        for group in (cases[:2], cases[2:]):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            rows = [(case.name, 10, "2026-06-30") for case in group]
            taken, _content = self._upload(self.agent, rows)
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(taken.accepted_count, len(group))
        # one activity and one message each tell followers by a query or two
        self.assertLess(counts[1] - counts[0], 8 * 12, counts)
