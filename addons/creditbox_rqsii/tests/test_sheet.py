import base64
import io
import random

from openpyxl import load_workbook

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged

from odoo.addons.creditbox_quality.tests.common import QualityCommon, day, rome

NOW = "2026-12-30 08:00:00"
CELLS = (
    "received",
    "pending",
    "cancelled",
    "done_in",
    "out_fm",
    "out_user",
    "out_operator",
    "indemnity_count",
)


class SheetCommon(QualityCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.business = cls.make_customer(
            "Bar Sport",
            creditbox_customer_type_id=cls.env.ref(
                "creditbox_base.customer_type_non_domestic"
            ).id,
        )

    def sheet(self, year=2026, quarter="0", company=None, **vals):
        sheet = self.env["creditbox.quality.sheet"].create(
            {
                "company_id": (company or self.company).id,
                "year": year,
                "quarter": quarter,
                **vals,
            }
        )
        sheet.action_make()
        return sheet

    def line(self, sheet, code, kind=None):
        return sheet.line_ids.filtered(
            lambda line: (
                line.code == code and (kind is None or line.customer_type_id == kind)
            )
        )


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestSheet(SheetCommon):
    def test_by_hand(self):
        """Five transfers of a quarter: what the sheet says was written down before."""
        self.run_to("transfer", "2026-03-02 10:00", "2026-03-05 10:00")  # 3 days
        self.run_to("transfer", "2026-03-02 10:00", "2026-03-09 10:00")  # 5 days
        late = self.run_to("transfer", "2026-03-02 10:00", "2026-03-11 10:00")  # 7
        flood = self.run_to("transfer", "2026-03-02 10:00", "2026-03-31 10:00")
        flood._set_cause("fm", "Flood")
        self.run_to("transfer", "2026-03-30 10:00", "2026-04-02 10:00")
        gone = self.start("transfer", "2026-03-02 10:00")
        gone._cancel(rome("2026-03-04 10:00"), "Withdrawn")
        late.indemnity_ids.action_credit_note()
        sheet = self.sheet(quarter="1")
        line = self.line(sheet, "transfer")
        self.assertEqual(
            {name: line[name] for name in CELLS},
            {
                "received": 6,
                "pending": 1,
                "cancelled": 1,
                "done_in": 2,
                "out_fm": 1,
                "out_user": 0,
                "out_operator": 1,
                "indemnity_count": 0,
            },
        )
        self.assertEqual(line.mean_time, 5)
        self.assertAlmostEqual(line.compliance, 66.7, 1)
        self.assertTrue(sheet.squares, sheet.check_ids.mapped("name"))
        year = self.sheet()
        line = self.line(year, "transfer")
        self.assertEqual((line.received, line.done_in, line.pending), (6, 3, 0))
        self.assertEqual((line.indemnity_count, line.indemnity_amount), (1, 30))

    def test_every_standard_has_a_line(self):
        sheet = self.sheet()
        codes = set(sheet.line_ids.mapped("code"))
        self.assertEqual(len(codes), 43 + 6)
        self.assertEqual(len(sheet.general_ids), 14)
        energy = self.sheet(service="energy")
        self.assertIn("ele_activation", energy.line_ids.mapped("code"))
        self.assertNotIn("transfer", energy.line_ids.mapped("code"))

    def test_by_type_of_user(self):
        self.run_to("transfer", "2026-03-02 10:00", "2026-03-05 10:00")
        for _number in range(2):
            self.run_to(
                "transfer",
                "2026-03-02 10:00",
                "2026-03-05 10:00",
                supply=None,
                partner=self.business,
            )
        sheet = self.sheet()
        self.assertEqual(self.line(sheet, "transfer", self.domestic).done_in, 1)
        kind = self.business.creditbox_customer_type_id
        self.assertEqual(self.line(sheet, "transfer", kind).done_in, 2)

    def test_quarters_make_the_year(self):
        self._play(random.Random(7), 40)
        year = self.sheet()
        quarters = [self.sheet(quarter=q) for q in "1234"]
        for name in ("received", "cancelled", "done_in", "out_operator", "out_fm"):
            with self.subTest(name=name):
                self.assertEqual(
                    sum(year.line_ids.mapped(name)),
                    sum(sum(q.line_ids.mapped(name)) for q in quarters),
                )
        self.assertEqual(
            sum(year.line_ids.mapped("pending")),
            sum(quarters[3].line_ids.mapped("pending")),
        )

    def test_always_squares_and_each_cell_opens_as_many(self):
        self._play(random.Random(3), 60)
        for quarter in "02":
            sheet = self.sheet(quarter=quarter)
            self.assertTrue(sheet.squares, sheet.check_ids.read(["name", "difference"]))
            for line in sheet.line_ids:
                if line.standard_id.measure != "each":
                    continue
                for cell in CELLS:
                    action = line.action_open_cell(cell)
                    found = self.env[action["res_model"]].search(action["domain"])
                    self.assertEqual(len(found), line[cell], (line.code, cell))

    def _play(self, dice, number):
        """Random performances of 2026, some suspended, some withdrawn, some paid."""
        codes = ("transfer", "complaint_reply", "works_complex", "react_arrears")
        for _number in range(number):
            begun = day("2026-01-01").toordinal() + dice.randrange(350)
            start = rome(f"{type(self.today).fromordinal(begun)} 10:00")
            clock = self.Clock._start(
                dice.choice(codes),
                self.company,
                start,
                partner=dice.choice((self.customer, self.business)),
            )
            days = [start.toordinal() + dice.randrange(60) for _event in range(3)]
            first, second, third = sorted(days)
            moments = [
                start.replace(hour=12).fromordinal(d).replace(hour=12)
                for d in (first, second, third)
            ]
            if dice.random() < 0.3:
                clock._suspend(max(moments[0], start), "customer")
                clock._resume(max(moments[1], start))
            choice = dice.random()
            if choice < 0.7:
                clock._stop(max(moments[2], start))
            elif choice < 0.85:
                clock._cancel(max(moments[2], start), "Withdrawn")
            if clock.outcome == "out" and dice.random() < 0.4:
                clock._set_cause(dice.choice(("fm", "user_third")), "x")
        payable = self.Indemnity.search(
            [("company_id", "=", self.company.id), ("state", "=", "due")]
        )
        payable[: len(payable) // 2].action_credit_note()

    def test_general_standards(self):
        for done in ("2026-02-20 10:00",) * 9 + ("2026-12-20 10:00",):
            self.run_to("works_complex", "2026-02-02 10:00", done)
        for minutes in (10, 20, 45):
            self.run_to(
                "counter_wait_max", "2026-02-02 10:00", f"2026-02-02 10:{minutes}"
            )
        standard = self.env.ref("creditbox_quality.standard_phone_ls")
        self.env["creditbox.quality.figure"].create(
            [
                {
                    "standard_id": standard.id,
                    "company_id": self.company.id,
                    "month": f"2026-{month:02d}-01",
                    "value": 85 if month < 11 else 60,
                }
                for month in range(1, 13)
            ]
        )
        sheet = self.sheet()
        works = self.line(sheet, "works_complex")
        self.assertEqual((works.compliance, works.kept), (90, "yes"))
        wait = self.line(sheet, "counter_wait_avg")
        self.assertEqual((wait.mean_time, wait.kept), (25, "no"))
        phone = self.line(sheet, "phone_LS")
        self.assertEqual((phone.done_in, phone.kept), (10, "yes"))
        self.assertEqual(
            self.env["creditbox.quality.figure"].search_count(
                phone.action_open_cell("out_operator")["domain"]
            ),
            2,
        )

    def test_classes_and_goals(self):
        for year, good, bad in ((2025, 19, 1), (2026, 24, 1)):
            for number in range(good + bad):
                done = "03-05" if number < good else "03-25"
                self.run_to("transfer", f"{year}-03-02 10:00", f"{year}-{done} 10:00")
        before = self.sheet(2025).macro_ids.filtered(lambda m: m.macro == "mc1")
        self.assertEqual((before.share, before.class_id.name), (95, "B"))
        self.assertEqual((before.goal, before.goal_next), (0, 96))
        now = self.sheet(2026).macro_ids.filtered(lambda m: m.macro == "mc1")
        self.assertEqual((now.share, now.goal, now.reached), (96, 96, "yes"))

    def test_edges_of_the_classes(self):
        classes = self.env["creditbox.quality.class"]
        for macro, share, letter in (
            ("mc1", 100, "A"),
            ("mc1", 98.001, "A"),
            ("mc1", 98, "B"),
            ("mc1", 90, "C"),
            ("mc1", 0, "C"),
            ("mc2", 95.1, "A"),
            ("mc2", 95, "B"),
        ):
            with self.subTest(macro=macro, share=share):
                found = classes._of_share(macro, share, day("2026-12-31"))
                self.assertEqual(found.name, letter)

    def test_workbook(self):
        self.run_to("transfer", "2026-03-02 10:00", "2026-03-05 10:00")
        late = self.run_to("transfer", "2026-03-02 10:00", "2026-03-25 10:00")
        late.indemnity_ids.action_credit_note()
        sheet = self.sheet().with_context(lang="en_US")
        book = load_workbook(io.BytesIO(base64.b64decode(sheet.xlsx)))
        self.assertEqual(
            book.sheetnames,
            [
                "Summary",
                "Specific standards",
                "General standards",
                "Macro-indicators",
                "Indemnities",
                "Checks",
            ],
        )
        rows = list(book["Specific standards"].iter_rows(values_only=True))
        row = next(row for row in rows if row[0] == "transfer")
        self.assertEqual(row[6:13], (2, 0, 0, 1, 0, 0, 1))
        self.assertTrue(str(rows[-1][6]).startswith("=SUM("))
        paid = next(
            row
            for row in book["Indemnities"].iter_rows(values_only=True)
            if row[0] == "transfer"
        )
        self.assertEqual(paid[3:], (1, 90))

    def test_publication(self):
        self.run_to("transfer", "2026-03-02 10:00", "2026-03-05 10:00")
        self.company.partner_id.lang = "en_US"
        sheet = self.sheet()
        self.assertTrue(base64.b64decode(sheet.publication_pdf).startswith(b"%PDF"))
        book = load_workbook(io.BytesIO(base64.b64decode(sheet.publication_xlsx)))
        rows = list(book.worksheets[0].iter_rows(values_only=True))
        row = next(row for row in rows if row[0] == "Transfer of the contract")
        self.assertEqual(row[4:], ("100.0", "3.0"))

    def test_published_mean_is_of_all_users(self):
        for minutes in (10, 20):
            self.run_to(
                "counter_wait_max", "2026-02-02 10:00", f"2026-02-02 10:{minutes}"
            )
        self.run_to(
            "counter_wait_max",
            "2026-02-02 10:00",
            "2026-02-02 10:45",
            supply=None,
            partner=self.business,
        )
        sheet = self.sheet()
        lines = self.line(sheet, "counter_wait_avg")
        self.assertEqual(sorted(lines.mapped("mean_time")), [15, 45])
        speaking = sheet.with_context(lang="en_US")
        row = speaking._published_row(lines.standard_id, lines)
        self.assertEqual(row[5], "25.0")

    def test_other_company(self):
        self.run_to("transfer", "2026-03-02 10:00", "2026-03-05 10:00")
        sheet = self.sheet(company=self.company_b)
        self.assertFalse(sum(sheet.line_ids.mapped("received")))
        stranger = self.make_user("manager", self.company_b)
        own = self.sheet()
        seen = self.as_user(stranger, self.env["creditbox.quality.sheet"]).search([])
        self.assertEqual(seen, sheet)
        with self.assertRaises(AccessError):
            self.as_user(stranger, own).action_make()
        with self.assertRaises(AccessError):
            self.as_user(stranger, own.line_ids[0]).action_open_cell("received")

    def test_roles(self):
        reader, supervisor = self.make_user("reader"), self.make_user("supervisor")
        form = Form(self.as_user(supervisor, self.env["creditbox.quality.sheet"]))
        form.year = 2026
        sheet = form.save()
        with self.assertRaises(AccessError):
            self.as_user(reader, sheet).action_make()
        with self.assertRaises(UserError):
            sheet.action_xlsx()
        sheet.action_make()
        seen = self.as_user(reader, sheet)
        self.assertTrue(seen.xlsx)
        self.assertTrue(seen.line_ids[0].action_open_cell("received"))
        with self.assertRaises(AccessError):
            sheet.action_close()
        manager = self.as_user(self.make_user("manager"), sheet)
        manager.action_close()
        with self.assertRaises(UserError):
            sheet.action_make()
        with self.assertRaises(AccessError):
            manager.year = 2025
        manager.action_reopen()
        with self.assertRaises(AccessError):
            manager.state = "draft"
        sheet.action_make()

    def test_in_sets(self):
        """As many queries for forty performances as for ten."""
        sheet, counts = self.sheet(), []
        for number in (2, 10, 30):
            for _one in range(number):
                self.run_to("transfer", "2026-03-02 10:00", "2026-03-05 10:00")
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            sheet.action_make()
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])
