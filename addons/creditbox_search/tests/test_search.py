from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged
from odoo.tools import SQL, index_exists

from odoo.addons.creditbox_base.tests.common import CreditboxCommon

# what somebody types, and whether it finds Nicolò D'Angelo of Via Garibaldi 12
TYPED = (
    ("dangelo", False),
    ("nico ang", True),
    ("ngelo", False),
    ("D'Angelo", True),
    ("d’angelo nicolo", True),
    ("NICOLÒ", True),
    ("nicolò garibaldi pisa", True),
    ("nicolò roma", False),
    ("DNGNCL80A01G702X", True),
    ("dngncl80a", True),
    ("333 1234567", True),
    ("+39 333-1234567", True),
    ("0039 3331234567", True),
    ("050/987654", True),
    ("nicolo@example.com", True),
    ("C-0815", True),
    ("100%", False),
    ("' | 'nicolo", True),
    ("0815", True),
    ("815", True),
    ("3331234567", True),
    ("1234567", False),
    ("ni", False),
    ("", False),
)


class TestSearch(CreditboxCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.make_customer(
            "Nicolò D'Angelo",
            street="Via Garibaldi 12",
            city="Pisa",
            email="nicolo@example.com",
            phone="050 987654",
            creditbox_mobile="+39 333 1234567",
            creditbox_code="C-0815",
            creditbox_fiscal_code="DNGNCL80A01G702X",
        )
        cls.meter = cls.env["creditbox.meter"].create(
            {"serial": "MTR-778899", "company_id": cls.company.id}
        )
        cls.supply = cls.make_supply(
            cls.customer,
            "IT001E77112233",
            street="Lungarno Mediceo 3",
            city="Pisa",
            meter_id=cls.meter.id,
        )
        cls.bill = cls.make_bill(
            cls.customer,
            120,
            days=40,
            supply=cls.supply,
            creditbox_ref="2026/0004711",
            creditbox_payment_code="301000000004711",
        )
        cls.reader = cls.make_user("reader")
        cls.stranger = cls.make_user("reader", cls.company_b)

    def _find(self, text, user=None):
        search = self.as_user(user or self.reader, self.env["creditbox.search"])
        return {kind["model"]: kind for kind in search.find(text)}

    def _ids(self, text, model, user=None):
        kind = self._find(text, user).get(model, {"records": []})
        return [record["id"] for record in kind["records"]]

    def test_customers(self):
        for text, found in TYPED:
            with self.subTest(text):
                expected = self.customer.ids if found else []
                self.assertEqual(self._ids(text, "res.partner"), expected)

    def test_everything_else(self):
        for text, model, record in (
            ("it001e77112233", "creditbox.supply", self.supply),
            ("mediceo pisa", "creditbox.supply", self.supply),
            ("778899", "creditbox.meter", self.meter),
            ("mtr-778899", "creditbox.meter", self.meter),
            ("2026/0004711", "account.move", self.bill),
            ("4711", "account.move", self.bill),
            ("301000000004711", "account.move", self.bill),
        ):
            with self.subTest(text):
                self.assertEqual(self._ids(text, model), record.ids)

    def test_what_is_shown(self):
        [customer] = self._find("d'angelo")["res.partner"]["records"]
        self.assertEqual(customer["name"], "Nicolò D'Angelo")
        for part in ("C-0815", "DNGNCL80A01G702X", "+393331234567", "Pisa"):
            self.assertIn(part, customer["detail"])
        self.assertIn("120", customer["amount"])
        self.make_customer("Senza Debiti")
        [customer] = self._find("senza debiti")["res.partner"]["records"]
        self.assertIs(customer["amount"], False)
        [bill] = self._find("0004711")["account.move"]["records"]
        self.assertEqual(bill["name"], "2026/0004711")
        self.assertIn("120", bill["amount"])

    def test_nothing_of_another_company(self):
        for text in ("d'angelo", "it001e77112233", "778899", "2026/0004711"):
            with self.subTest(text):
                self.assertEqual(self._find(text, self.stranger), {})
        search = self.as_user(self.stranger, self.env["creditbox.search"])
        action = search.open_all("res.partner", "d'angelo")
        found = search.env["res.partner"].search(action["domain"])
        self.assertFalse(found)

    def test_more_than_is_shown(self):
        for number in range(8):
            self.make_customer(f"Condominio Aurora {number}")
        kind = self._find("aurora")["res.partner"]
        self.assertEqual(len(kind["records"]), 6)
        self.assertTrue(kind["more"])
        search = self.as_user(self.reader, self.env["creditbox.search"])
        domain = search.open_all("res.partner", "aurora")["domain"]
        self.assertEqual(search.env["res.partner"].search_count(domain), 8)

    def test_open(self):
        search = self.as_user(self.reader, self.env["creditbox.search"])
        action = search.open("creditbox.supply", self.supply.id)
        self.assertEqual(action["res_model"], "creditbox.supply")
        self.assertEqual(action["res_id"], self.supply.id)
        with self.assertRaises(KeyError):
            search.open("res.users", self.env.uid)

    def test_each_kind_has_its_index(self):
        for model in self.env["creditbox.search"]._kinds():
            table = self.env[model]._table
            with self.subTest(model):
                self.assertTrue(
                    index_exists(self.env.cr, f"{table}_creditbox_search_idx")
                )

    def test_index_serves_the_search(self):
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO creditbox_supply (
                    code, company_id, partner_id, service_type_id, active)
                SELECT 'S-' || n, %s, %s, %s, TRUE FROM generate_series(1, 5000) n
                """,
                self.company.id,
                self.customer.id,
                self.water.id,
            )
        )
        self.env.cr.execute("ANALYZE creditbox_supply")
        query = self.env["creditbox.supply"]._creditbox_search_ids(["77112233"])
        plan = self.env.execute_query(SQL("EXPLAIN %s", query))
        self.assertIn("creditbox_search_idx", str(plan))

    def test_queries_do_not_grow(self):
        self._find("d'angelo")
        self.env.invalidate_all()
        with self.assertQueryCount(30):
            self._find("pisa")
        for number in range(5):
            customer = self.make_customer(f"Altro {number}", city="Pisa")
            self.make_supply(customer, f"S{number}", city="Pisa")
        self.env.invalidate_all()
        with self.assertQueryCount(30):
            self._find("pisa")

    def test_only_people_of_creditbox(self):
        nobody = self.make_user("nobody", groups="base.group_user")
        with self.assertRaises(AccessError):
            self._find("d'angelo", nobody)


@tagged("post_install", "-at_install")
class TestSearchBox(HttpCase):
    def test_box(self):
        self.env["res.partner"].create({"name": "Zebedeo Trovami"})
        self.browser_js(
            "/odoo/creditbox-positions",
            """
            const wait = async (selector, ready = () => true) => {
                for (let i = 0; i < 100; i++) {
                    const element = document.querySelector(selector);
                    if (element && ready(element)) { return element; }
                    await new Promise((resolve) => setTimeout(resolve, 100));
                }
                throw new Error("not there: " + selector);
            };
            (async () => {
                (await wait(".o_creditbox_search")).click();
                const input = await wait(".o_command_palette_search input");
                input.value = "trovami zebedeo";
                input.dispatchEvent(new Event("input", { bubbles: true }));
                const found = await wait(
                    ".o_command", (element) => element.innerText.includes("Zebedeo")
                );
                found.click();
                await wait(".o_form_view input", () =>
                    document.querySelector(".o_form_view").outerHTML.includes("Zebedeo")
                );
                console.log("test successful");
            })();
            """,
            ready="!!document.querySelector('.o_creditbox_search')"
            " && !!document.querySelector('.o_list_view')",
            login="admin",
        )
