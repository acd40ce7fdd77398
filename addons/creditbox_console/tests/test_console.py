import io
from datetime import timedelta

from openpyxl import load_workbook

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged, warmup

from ..models.creditbox_console import CUSTOMER_ORDERS
from .common import ConsoleCommon


@tagged("post_install", "-at_install")
class TestConsole(ConsoleCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rossi = cls.make_customer(
            "Rossi", creditbox_customer_type_id=cls.domestic.id, city="pisa "
        )
        cls.bianchi = cls.make_customer("Bianchi", city="Lucca", state_id=cls.lucca.id)
        cls.other = cls.make_customer("Verdi", company=cls.company_b)
        cls.supply = cls.make_supply(
            cls.rossi, "IT001E1", service_type_id=cls.gas.id, state_id=cls.pisa.id
        )
        cls.old = cls.make_bill(cls.rossi, 100, days=40, supply=cls.supply)
        cls.new = cls.make_bill(cls.rossi, 30, days=-10, supply=cls.supply)
        cls.plain = cls.make_bill(cls.bianchi, 50, days=5)
        cls.make_bill(cls.other, 70, days=5)
        cls.reader = cls.make_user("reader")
        cls.both = cls.make_user("reader", cls.companies)

    def _cut(self, figures, dimension):
        [cut] = [c for c in figures["cuts"] if c["dimension"] == dimension]
        return {row["label"]: row["amount_overdue"] for row in cut["rows"]}

    # -- it follows the accounts ---------------------------------------------------

    def test_follows_whatever_happens(self):
        self.assert_console_right()
        self.pay(self.old, 60)
        self.assert_console_right()
        self.make_payment(self.bianchi, 20)
        self.make_bill(self.rossi, 15, supply=self.supply, refund=True)
        self.assert_console_right()
        hold = self.make_hold("bill", self.old)
        self.assert_console_right()
        self.assertEqual(self.load()["totals"]["amount_held"], 40)
        hold.action_release()
        self.assert_console_right()
        self.plain.button_draft()
        self.assert_console_right()
        self.pay(self.old)
        self.assert_console_right()
        self.assertFalse(self.lines.search([("move_id", "=", self.old.id)]))

    def test_sums_are_put_together_at_night(self):
        for amount in (1, 2, 3):
            self.pay(self.old, amount)
        before = self.load()
        rows = self.cells.search_count([])
        self.lines._refresh(self.companies)
        self.assertLess(self.cells.search_count([]), rows)
        self.assertEqual(self.load(), before)
        self.assert_console_right()

    def test_a_night_that_finds_all_in_order_writes_nothing(self):
        ids = self.lines.search([], order="id").ids
        self.position_model._refresh(companies=self.companies)
        self.assertEqual(self.lines.search([], order="id").ids, ids)

    def test_operator(self):
        operator = self.make_user("operator")
        self.position(self.rossi, self.supply).user_id = operator
        cut = self._cut(self.load(), "user_id")
        self.assertEqual(cut[operator.name], 100)
        self.assert_console_right()

    def test_customers_that_are_merged(self):
        double = self.make_customer("Rossi bis")
        self.make_bill(double, 11, days=3)
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((double + self.rossi).ids, self.rossi)
        self.assertEqual(
            sum(
                self.lines.search([("partner_id", "=", self.rossi.id)]).mapped(
                    "amount_overdue"
                )
            ),
            111,
        )
        self.assert_console_right()

    # -- what it shows -------------------------------------------------------------

    def test_totals_and_buckets(self):
        figures = self.load()
        totals = figures["totals"]
        self.assertEqual(totals["amount_overdue"], 220)
        self.assertEqual(totals["amount_not_due"], 30)
        self.assertEqual(totals["amount_balance"], 250)
        self.assertEqual(totals["bill_count"], 4)
        amounts = {
            (b["overdue"], b["day_from"]): b["amount"] for b in figures["buckets"]
        }
        filled = {key: amount for key, amount in amounts.items() if amount}
        self.assertEqual(filled, {(False, 0): 30, (True, 1): 120, (True, 31): 100})
        self.assertEqual(len(figures["buckets"]), 10)

    def test_cuts(self):
        figures = self.load()
        self.assertEqual(
            self._cut(figures, "company_id"), {"Acqua Test": 150, "Gas Test": 70}
        )
        self.assertEqual(
            self._cut(figures, "service_type_id"), {self.gas.name: 100, "None": 120}
        )
        self.assertEqual(
            self._cut(figures, "state_id"), {"Pisa": 100, "Lucca": 50, "None": 70}
        )
        self.assertEqual(
            self._cut(figures, "city"), {"Pisa": 100, "Lucca": 50, "None": 70}
        )
        self.assertEqual(
            self._cut(figures, "customer_type_id"),
            {self.domestic.name: 100, "None": 120},
        )

    def test_filters_narrow_each_other_down(self):
        bucket = self.bucket(True, 1).id
        for filters, overdue, customers in (
            ({"service_type_id": [self.gas.id]}, 100, {"Rossi"}),
            ({"service_type_id": [False]}, 120, {"Bianchi", "Verdi"}),
            ({"bucket_id": [bucket]}, 120, {"Bianchi", "Verdi"}),
            ({"bucket_id": [bucket], "city": ["Lucca"]}, 50, {"Bianchi"}),
            ({"bucket_id": [bucket], "city": ["Pisa"]}, 0, set()),
            ({"city": ["Lucca", "Pisa"]}, 150, {"Bianchi", "Rossi"}),
            ({"company_id": [self.company_b.id]}, 70, {"Verdi"}),
            ({"kind": ["not_due"]}, 0, {"Rossi"}),
            ({"kind": ["overdue"]}, 220, {"Rossi", "Bianchi", "Verdi"}),
            ({"kind": ["held"]}, 0, set()),
        ):
            with self.subTest(filters=filters):
                figures = self.load(filters=filters)
                self.assertEqual(figures["totals"]["amount_overdue"], overdue)
                found = self.console.customers({"filters": filters})
                self.assertEqual({r["name"] for r in found["rows"]}, customers)
                self.assertEqual(found["count"], len(customers))
                self.assertEqual(
                    sum(row["amount_overdue"] for row in found["rows"]), overdue
                )
                dimensions = [f["dimension"] for f in figures["filters"]]
                self.assertEqual(dimensions, list(filters))

    def test_unknown_filters_and_orders_are_refused(self):
        with self.assertRaises(UserError):
            self.load(filters={"password": ["x"]})
        for order in ("partner_id; DROP TABLE x", "amount_overdue desc, 1"):
            with self.assertRaises(UserError):
                self.console.customers({}, order)

    def test_pages_of_customers(self):
        first = self.console.customers({}, "amount_overdue desc", 0, 2)
        self.assertEqual([r["name"] for r in first["rows"]], ["Rossi", "Verdi"])
        self.assertEqual((first["count"], first["overdue_count"]), (3, 3))
        second = self.console.customers({}, "amount_overdue desc", 2, 2)
        self.assertEqual([r["name"] for r in second["rows"]], ["Bianchi"])
        by_name = self.console.customers({}, "name asc")
        self.assertEqual(
            [r["name"] for r in by_name["rows"]], ["Bianchi", "Rossi", "Verdi"]
        )
        [rossi] = [r for r in by_name["rows"] if r["name"] == "Rossi"]
        self.assertEqual((rossi["days"], rossi["bill_count"]), (40, 2))

    def test_grid_without_a_filter_says_what_the_due_dates_say(self):
        """Unfiltered it reads sums that are kept, filtered the due dates themselves."""
        common = self.make_customer("Comune")
        common.company_id = False
        for company in self.companies:
            self.make_bill(common, 40, days=9, company_id=company.id)
        self.make_payment(self.bianchi, 20)
        self.pay(self.old, 99)
        self.make_hold("bill", self.plain)
        for companies in (self.companies, self.company_b):
            console = self.console.with_context(allowed_company_ids=companies.ids)
            everything = {"filters": {"company_id": companies.ids}}
            for order in CUSTOMER_ORDERS:
                for direction in ("asc", "desc"):
                    with self.subTest(companies=len(companies), order=order):
                        asked = f"{order} {direction}"
                        self.assertEqual(
                            console.customers({}, asked),
                            console.customers(everything, asked),
                        )
        self.pay(self.plain)
        self.pay(self.old)
        self.pay(self.new)
        everything = {"filters": {"company_id": self.companies.ids}}
        self.assertEqual(self.console.customers({}), self.console.customers(everything))

    def test_company_in_another_currency_is_not_added_up(self):
        abroad = self.make_company("Water Abroad")
        abroad.currency_id = self.env["res.currency"].create(
            {"name": "XBT", "symbol": "B"}
        )
        companies = self.companies + abroad
        user = self.make_user("reader", companies)
        figures = self.load(user)
        self.assertEqual(figures["left_out"], ["Water Abroad"])
        self.assertEqual(figures["companies"], self.companies.mapped("name"))
        self.assertEqual(figures["totals"]["amount_overdue"], 220)

    # -- what it opens -------------------------------------------------------------

    def _opened(self, action):
        return self.env[action["res_model"]].search(action["domain"])

    def test_due_dates_entries_positions(self):
        params = {"filters": {"kind": ["overdue"]}}
        found = self._opened(self.console.open_due_dates(params))
        self.assertEqual(sum(found.mapped("amount_overdue")), 220)
        found = self._opened(self.console.open_due_dates(params, self.rossi.id))
        self.assertEqual(found.move_id, self.old)
        self.assertEqual(found.action_open_bill()["res_id"], self.old.id)
        entries = self._opened(self.console.open_entries(params, self.rossi.id))
        self.assertEqual(entries, self.receivable_lines(self.old))
        positions = self._opened(self.console.open_positions({}, self.rossi.id))
        self.assertEqual(positions, self.position(self.rossi, self.supply))

    # -- who sees it ---------------------------------------------------------------

    def test_only_the_companies_of_the_user(self):
        figures = self.load(self.reader)
        self.assertEqual(figures["totals"]["amount_overdue"], 150)
        self.assertEqual(figures["companies"], ["Acqua Test"])
        self.assertNotIn("company_id", [c["dimension"] for c in figures["cuts"]])
        asked = self.console.with_user(self.reader).with_context(
            allowed_company_ids=self.companies.ids
        )
        for ask in (
            lambda: asked.load({}),
            lambda: asked.customers({}),
            lambda: asked.open_due_dates({}),
            lambda: asked.feeds(),
            lambda: asked.export_xlsx({}),
            lambda: asked.load({"as_of": self.days_ago(3)}),
        ):
            with self.assertRaises(AccessError):
                ask()
        mine = self.as_user(self.reader, self.console)
        other = {"filters": {"company_id": [self.company_b.id]}}
        self.assertEqual(mine.load(other)["totals"]["amount_overdue"], 0)
        self.assertEqual(mine.customers(other)["rows"], [])
        self.assertEqual(
            self.as_user(self.reader, self.lines).search([]).company_id, self.company
        )

    def test_only_the_companies_ticked(self):
        ticked = self.console.with_user(self.both).with_context(
            allowed_company_ids=self.company_b.ids
        )
        self.assertEqual(ticked.load({})["totals"]["amount_overdue"], 70)

    def test_nobody_without_a_role(self):
        stranger = self.make_user("x", groups="base.group_user")
        asked = self.as_user(stranger, self.console)
        for ask in (
            lambda: asked.load({}),
            lambda: asked.customers({}),
            lambda: asked.feeds(),
            lambda: asked.export_xlsx({}),
        ):
            with self.assertRaises(AccessError):
                ask()

    def test_nobody_writes_figures(self):
        administrator = self.make_user("administrator")
        for model in (self.lines, self.cells):
            record = self.as_user(administrator, model).search([], limit=1)
            with self.assertRaises(AccessError):
                record.write({"amount_overdue": 1})
            with self.assertRaises(AccessError):
                record.unlink()

    # -- the past ------------------------------------------------------------------

    def test_as_of(self):
        customer = self.make_customer("Neri", company=self.company_b)
        # besides there is Verdi's bill, of 35 days ago and due five days ago
        bill = self.bill_on(customer, 200, self.days_ago(100), self.days_ago(70))
        self.pay_on(bill, self.days_ago(50), 80)
        self.pay_on(bill, self.days_ago(20))
        for days, overdue, not_due, verdi in (
            (101, 0, 0, 0),
            (100, 0, 200, 0),
            (70, 0, 200, 0),
            (69, 200, 0, 0),
            (51, 200, 0, 0),
            (50, 120, 0, 0),
            (21, 120, 0, 70),
            (20, 0, 0, 70),
        ):
            with self.subTest(days):
                figures = self.load(
                    as_of=self.days_ago(days),
                    filters={"company_id": [self.company_b.id]},
                )
                self.assertTrue(figures["past"])
                totals = figures["totals"]
                self.assertEqual(totals["amount_overdue"], overdue)
                self.assertEqual(totals["amount_not_due"], not_due + verdi)

    def test_what_the_past_opens(self):
        customer = self.make_customer("Neri")
        bill = self.bill_on(customer, 200, self.days_ago(100), self.days_ago(70))
        self.pay_on(bill, self.days_ago(20))
        params = {"as_of": self.days_ago(30), "filters": {"kind": ["overdue"]}}
        found = self._opened(self.console.open_due_dates(params, customer.id))
        self.assertEqual((found.move_id, found.amount_overdue), (bill, 200))
        self.assertEqual(found.days_overdue, 40)
        entries = self._opened(self.console.open_entries(params, customer.id))
        self.assertEqual(entries, self.receivable_lines(bill))
        [row] = [
            r for r in self.console.customers(params)["rows"] if r["name"] == "Neri"
        ]
        self.assertEqual((row["amount_overdue"], row["days"]), (200, 40))

    def test_as_of_today_is_what_is_open_today(self):
        self.pay(self.old, 60)
        now, then = self.load(), self.load(as_of=str(self.today))
        self.assertEqual(now["totals"], then["totals"])
        self.assertEqual(
            [b["amount"] for b in now["buckets"]],
            [b["amount"] for b in then["buckets"]],
        )

    def test_the_future_is_not_known(self):
        with self.assertRaises(UserError):
            self.load(as_of=str(self.today + timedelta(days=1)))

    def test_a_day_is_computed_once_and_forgotten(self):
        day = self.days_ago(10)
        self.load(as_of=day)
        views = self.snapshots.search([("kind", "=", "view")])
        self.assertEqual(views.company_id, self.env.companies)
        self.load(as_of=day)
        self.assertEqual(self.snapshots.search([("kind", "=", "view")]), views)
        self.env.cr.execute(
            "UPDATE creditbox_snapshot SET create_date = create_date - interval '2 d'"
        )
        self.env.invalidate_all()
        kept = self.snapshots.create(
            {"company_id": self.company.id, "date": self.days_ago(3)}
        )
        self.snapshots._gc_views()
        self.assertFalse(views.exists())
        self.assertTrue(kept.exists())
        lines = self.env["creditbox.snapshot.line"].search([])
        self.assertEqual(lines.snapshot_id, kept)

    # -- the workbook --------------------------------------------------------------

    def test_workbook_shows_what_the_page_shows(self):
        self.rossi.name = "=Rossi()"
        params = {"filters": {"company_id": [self.company.id]}}
        asked = self.as_user(self.both, self.console)
        book = load_workbook(io.BytesIO(asked.export_xlsx(params)))
        figures, customers = book.worksheets
        cells = {
            row[0]: row[1] for row in figures.iter_rows(values_only=True) if row[0]
        }
        self.assertEqual(cells["Overdue"], 150)
        self.assertEqual(cells["31–60 days"], 100)
        self.assertEqual(cells["Company"], "Overdue")  # the head of that cut
        rows = list(customers.iter_rows(values_only=True))
        self.assertEqual(
            [(r[0], r[2]) for r in rows[1:]], [("=Rossi()", 100), ("Bianchi", 50)]
        )

    # -- speed ---------------------------------------------------------------------

    @warmup
    def test_queries_do_not_grow(self):
        asked = self.as_user(self.both, self.console)

        def ask():
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            asked.load({})
            asked.customers({})
            return self.env.cr.sql_log_count - before

        ask()
        few = ask()
        for number in range(10):
            customer = self.make_customer(f"Cliente {number}", city=f"Comune {number}")
            self.make_bill(customer, 10, days=number * 20)
        self.assertLessEqual(ask(), few)
        self.assertLess(few, 45)
