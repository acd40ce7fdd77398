import io

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools.translate import TranslationImporter

from ..models.creditbox_communication import Case
from ..tools.placeholder import unknown
from ..tools.placeholder_names import BLOCK_NAMES
from .common import DunningCommon


class PoFile(io.BytesIO):
    """A file of translations as it is uploaded."""

    name = "it.po"


@tagged("post_install", "-at_install")
@freeze_time("2026-06-30")
class TestTemplate(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("it_IT")
        cls.templates = cls.env["creditbox.template"]
        cls.customer.lang = "en_US"

    def _make(self, code="email", **values):
        text = {"text": "Pay {{ amount }}"} if code == "sms" else {}
        return self.templates.create(self._template_values(code) | text | values)

    def _written(self, *positions, **values):
        """:return: Communication of each position, on all that is overdue"""
        template = values.pop("template", self.template)
        as_of = self.company._creditbox_today()
        together = self.env["creditbox.position"].concat(*positions)
        cases = [Case(p.id, p, template, as_of) for p in together]
        return self.env["creditbox.communication"]._write_cases(cases, **values)

    def _position(self, supply=None):
        return (supply or self.supply).position_ids

    # ------------------------------------------------------------------
    # what a template may say
    # ------------------------------------------------------------------
    def test_unknown_placeholder_is_refused_by_name(self):
        for values in (
            {"body": "<p>{{ amuont }}</p>"},
            {"subject": "{{ amuont }}"},
            {"body": "<p>{{ amuont | safe }}</p>"},
            {"subject": "{{ bills }}"},  # a table in a line
            {"subject": "{{ amount"},
        ):
            with self.subTest(values=values):
                with self.assertRaises(ValidationError) as caught:
                    self._make(**values)
                wrong = str(values.popitem()[1])
                inside = "bills" if "bills" in wrong else "am"
                self.assertIn(inside, str(caught.exception))
        with self.assertRaisesRegex(ValidationError, "bills"):
            self._make("sms", text="{{ bills }}")

    def test_unknown_placeholder_in_another_language(self):
        template = self._make()
        with self.assertRaisesRegex(ValidationError, "importo"):
            template.with_context(lang="it_IT").subject = "Da pagare {{ importo }}"

    def test_unknown_placeholder_in_the_dialog_of_translations(self):
        template = self._make()
        with self.assertRaisesRegex(ValidationError, "importo"):
            template.update_field_translations(
                "subject", {"it_IT": "Da pagare {{ importo }}"}
            )

    def test_unknown_placeholder_in_an_imported_file_stops_the_publication(self):
        template = self._make()
        self.env["ir.model.data"].create(
            {
                "module": "creditbox_dunning",
                "name": "test_template",
                "model": template._name,
                "res_id": template.id,
            }
        )
        importer = TranslationImporter(self.env.cr)
        importer.load(
            PoFile(
                b"#. module: creditbox_dunning\n"
                b"#: model:creditbox.template,subject:creditbox_dunning.test_template\n"
                b'msgid "Unpaid bills of {{ supply }}"\n'
                b'msgstr "Da pagare {{ importo }}"\n'
            ),
            "po",
            "it_IT",
        )
        importer.save(overwrite=True)
        self.env.invalidate_all()
        subject = template.with_context(lang="it_IT").subject
        self.assertEqual(subject, "Da pagare {{ importo }}")
        table = self._table(
            self.company, [{"step": 1, "template_id": template.id}], publish=False
        )
        with self.assertRaisesRegex(ValidationError, "importo"):
            table.action_publish()

    def test_empty_texts_are_refused(self):
        for values in ({"subject": False}, {"body": "<p><br></p>"}):
            with self.subTest(values=values), self.assertRaises(ValidationError):
                self._make(**values)
        with self.assertRaises(ValidationError):
            self._make("sms", text=False)

    def test_standard_text_fits_best(self):
        other = self.setup_other_company()["company"]
        codes = ("letter", "registered", "pec")
        self.templates.search([("code", "in", codes)]).active = False
        shared = self._make("letter", sequence=1)
        later = self._make("letter", sequence=0)
        water = self._make("letter", service_type_id=self.water.id)
        own = self._make("letter", company_id=self.company.id, sequence=99)
        standard = self.templates._standard
        self.assertEqual(standard("letter", self.water, other), water)
        self.assertEqual(standard("letter", self.gas, other), later)
        self.assertEqual(standard("letter", self.water, self.company), own)
        self.assertFalse(standard("pec", self.water, other))
        registered = self._make("registered")
        self.assertEqual(standard("pec", self.water, other), registered)
        pec = self._make("pec")
        self.assertEqual(standard("pec", self.water, other), pec)
        later.active = False
        self.assertEqual(standard("letter", self.gas, other), shared)

    def test_own_texts_are_seen_by_the_own_company_only(self):
        other = self.setup_other_company()["company"]
        own = self._make(company_id=other.id)
        manager = self._user("manager")
        templates = self.templates.with_user(manager)
        self.assertNotIn(own, templates.search([]))
        self.assertIn(self.template, templates.search([]))
        with self.assertRaises(AccessError):
            templates.browse(own.id).subject = "x"
        reader = self._user("reader")
        with self.assertRaises(AccessError):
            self.template.with_user(reader).subject = "x"

    # ------------------------------------------------------------------
    # what it says to a customer
    # ------------------------------------------------------------------
    def test_money_and_dates_in_the_language(self):
        self._bill(1234.5, 40)
        template = self._make(
            body="<p>{{ amount }} {{ oldest_due_date }} {{ deadline }}</p>"
        )
        expected = {
            "it_IT": ("1.234,50", "21/05/2026", "10/07/2026"),
            "en_US": ("1,234.50", "05/21/2026", "07/10/2026"),
        }
        for lang, pieces in expected.items():
            self.customer.lang = lang
            [written] = self._written(self._position(), template=template)
            for piece in pieces:
                self.assertIn(piece, written.html())

    def test_language_that_is_not_there(self):
        self._bill(10, 40)
        self.env["res.lang"]._activate_lang("fr_FR")
        self.customer.lang = "fr_FR"
        self.env.flush_all()
        self.env.cr.execute("UPDATE res_lang SET active = FALSE WHERE code = 'fr_FR'")
        self.env.registry.clear_all_caches()
        self.env.invalidate_all()
        self.company.partner_id.lang = "it_IT"
        [written] = self._written(self._position())
        self.assertEqual(written.lang, "it_IT")

    def test_values_are_escaped(self):
        self._bill(10, 40)
        self.customer.name = "<script>alert(1)</script> & {{ amount }}"
        template = self._make(body="<p>{{ customer_name }}</p>")
        [written] = self._written(self._position(), template=template)
        self.assertIn("&lt;script&gt;", written.html())
        self.assertNotIn("<script>", written.html())
        self.assertIn("{{ amount }}", written.html())

    def test_credit_lowers_what_is_asked(self):
        self._bill(100, 40)
        self._bill(60, 30)
        self._pay(130, supply=self.supply)
        [written] = self._written(self._position())
        self.assertEqual([d.open_amount for d in written.statement.bills], [30])
        self.assertIn("30.00", written.values["amount"])

    def test_each_reads_the_own_figures(self):
        supplies = [
            self._supply(self._customer(f"Customer {n}"), f"S{n}") for n in range(5)
        ]
        for number, supply in enumerate(supplies, start=1):
            for days in range(number):
                self._bill(100 * number, 40 + days, supply)
        positions = [self._position(supply) for supply in supplies]
        for number, written in enumerate(self._written(*positions, tables=True), 1):
            self.assertEqual(written.values["bill_count"], str(number))
            self.assertEqual(written.statement.amount, 100 * number * number)
            self.assertEqual(written.tables["bills"].count("<td"), 5 * number + 2)
            self.assertEqual(written.tables["other_bills"], "")

    def test_queries_do_not_grow_with_the_customers(self):
        supplies = [
            self._supply(self._customer(f"Customer {n}", lang="en_US"), f"Q{n}")
            for n in range(12)
        ]
        for supply in supplies:
            self._bill(100, 40, supply)
        positions = [self._position(supply) for supply in supplies]
        self._written(*positions[:1], tables=True)
        counts = []
        for some in (positions[:2], positions):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._written(*some, tables=True)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])

    # ------------------------------------------------------------------
    # the texts shipped
    # ------------------------------------------------------------------
    def _shipped(self):
        names = self.env["ir.model.data"].search(
            [("module", "=", "creditbox_dunning"), ("model", "=", "creditbox.template")]
        )
        self.assertGreaterEqual(len(names), 13)
        return self.templates.browse(names.mapped("res_id"))

    def test_shipped_texts_can_be_filled(self):
        self._bill(100, 40)
        self._bill(50, 20)
        for lang in ("it_IT", "en_US"):
            self.customer.lang = lang
            for template in self._shipped():
                with self.subTest(template=template.name, lang=lang):
                    [written] = self._written(
                        self._position(), template=template, tables=True
                    )
                    text = (
                        written.sms()
                        if template.code == "sms"
                        else written.subject() + written.html()
                    )
                    self.assertFalse(unknown(text, ()))
                    self.assertIn(written.values["amount"].split("\xa0")[0], text)

    def test_supply_without_address_or_no_supply_at_all(self):
        """Neither an empty pair of brackets nor a comma that leads nowhere."""
        self.company.write({"phone": "02 123456", "email": "credit@acque.example"})
        self.customer.creditbox_code = "C1"
        self._bill(100, 40)
        self._bill(100, 40, self.env["creditbox.supply"])
        positions = self.customer.creditbox_position_ids.sorted("supply_id")
        for lang in ("it_IT", "en_US"):
            self.customer.lang = lang
            for template in self._shipped().filtered(lambda t: t.code != "sms"):
                ours = positions.filtered("supply_id")
                if not template.service_type_id:
                    ours = positions
                for written in self._written(ours, template=template):
                    written.tables = dict.fromkeys(BLOCK_NAMES, "")
                    written.values["reference"] = "R1"
                    text = f"{written.subject()}\n{written.html()}"
                    for wrong in (" ,", ",,", ": ,", ": )", " in ,", "[["):
                        with self.subTest(template=template.name, wrong=wrong):
                            self.assertNotIn(wrong, text)
                    self.assertFalse(written.subject().endswith((",", ", ")))

    def test_supply_with_address(self):
        self.supply.write({"street": "Via Po 3", "zip": "10100", "city": "Torino"})
        self._bill(100, 40)
        template = self.env.ref("creditbox_dunning.template_registered_notice_water")
        [written] = self._written(self._position(), template=template)
        self.assertIn("W1, Via Po 3, 10100 Torino", written.subject())

    def test_instalments_have_the_rhythm_of_the_bills(self):
        self._bill(100, 40)
        template = self.env.ref("creditbox_dunning.template_registered_notice_water")
        for lang, words, wrong in (
            ("it_IT", "stessa periodicità delle bollette", "mensili"),
            ("en_US", "same rhythm as your bills", "monthly"),
        ):
            self.customer.lang = lang
            [written] = self._written(self._position(), template=template, tables=True)
            self.assertIn(words, written.html())
            self.assertNotIn(wrong, written.html())

    def test_water_notice_says_what_the_regulation_asks(self):
        """REMSI, 311/2019/R/idr annex A, art. 4 and 5."""
        bill = self._bill(100, 40)
        template = self.env.ref("creditbox_dunning.template_registered_notice_water")
        [written] = self._written(self._position(), template=template, tables=True)
        text = written.html()
        for expected in (
            bill.name,
            written.values["deadline"],
            written.values["instalment_deadline"],
            "instalments",
            "bonus",
            "Condominiums",
            "30 euro",
            "445/2000",
            "two years",
        ):
            self.assertIn(expected, text)
        days = written.deadline - written.today
        self.assertGreaterEqual(days.days, 40)

    def test_formal_notice_is_not_announced_too_early(self):
        self._bill(100, 40)
        self._bill(100, 5)
        [written] = self._written(self._position())
        due = max(debt.due for debt in written.statement.bills)
        self.assertEqual((written.formal_notice_date - due).days, 25)

    # ------------------------------------------------------------------
    # preview
    # ------------------------------------------------------------------
    def _preview(self, template):
        return self.env["creditbox.template.preview"].create(
            {"template_id": template.id, "position_id": self._position().id}
        )

    def test_preview_of_each_channel(self):
        bill = self._bill(100, 40)
        preview = self._preview(self.template)
        self.assertIn(bill.name, preview.body)
        self.assertIn("W1", preview.subject)
        self.assertIn("rossi@example.com", preview.recipient)
        preview = self._preview(self._make("letter"))
        self.assertTrue(preview.pdf)
        self.assertIn("Via Roma 1", preview.recipient)
        self.customer.creditbox_mobile = "333 1234567"
        preview = self._preview(self._make("sms"))
        self.assertIn("100.00", preview.text)
        self.assertIn("1 SMS", preview.sms_length)
        self.assertEqual(preview.recipient, "+393331234567")
        self.assertFalse(self.env["creditbox.action"].search_count([]))

    def test_preview_in_another_language(self):
        self._bill(1000, 40)
        preview = self._preview(self.template)
        preview.lang = "it_IT"
        self.assertIn("1.000,00", preview.body)

    def test_preview_by_the_button(self):
        self._bill(100, 40)
        action = self.template.action_preview()
        previews = self.env["creditbox.template.preview"]
        preview = previews.browse(action["res_id"])
        self.assertEqual(preview.template_id, self.template)
        self.assertTrue(preview.position_id)
        with Form(preview) as form:
            form.lang = "it_IT"
            self.assertIn("100,00", form.body)
        self.assertEqual(preview.action_show()["res_id"], preview.id)
