from odoo.tests import Form, tagged

from odoo.addons.creditbox_base.tests.common import CreditboxCommon
from odoo.addons.creditbox_l10n_it_edi.hooks import post_init_hook, uninstall_hook

GOOD = "RSSMRA80A01H501U"


@tagged("creditbox", "post_install", "-at_install")
class TestPartner(CreditboxCommon):
    def test_entered_in_either_place_it_is_used_by_both(self):
        customer = self.make_customer(creditbox_fiscal_code="rssmra 80a01h501u")
        self.assertEqual(customer.l10n_it_codice_fiscale, GOOD)
        customer.creditbox_pec = "rossi@pec.example"
        self.assertEqual(customer.l10n_it_pec_email, "rossi@pec.example")
        other = self.make_customer(
            l10n_it_codice_fiscale="00743110157", l10n_it_pec_email="x@pec.example"
        )
        self.assertEqual(other.creditbox_fiscal_code, "00743110157")
        self.assertEqual(other.creditbox_pec, "x@pec.example")
        other.write({"l10n_it_codice_fiscale": GOOD, "l10n_it_pec_email": False})
        self.assertEqual(
            (other.creditbox_fiscal_code, other.creditbox_pec), (GOOD, False)
        )

    def test_a_wrong_code_is_a_warning_here_and_nothing_there(self):
        customer = self.make_customer(creditbox_fiscal_code="RSSMRA80A01H501Z")
        self.assertFalse(customer.l10n_it_codice_fiscale)
        self.assertIn("RSSMRA80A01H501Z", customer.creditbox_warnings)

    def test_invoices_find_the_customer(self):
        customer = self.make_customer(
            creditbox_fiscal_code=GOOD, creditbox_pec="rossi@pec.example"
        )
        for domain in (
            [("l10n_it_codice_fiscale", "in", ("IT" + GOOD, GOOD))],
            [("l10n_it_pec_email", "=", "rossi@pec.example")],
        ):
            with self.subTest(domain=domain):
                self.assertEqual(self.env["res.partner"].search(domain), customer)
        self.assertEqual(customer._l10n_it_edi_get_values()["codice_fiscale"], GOOD)

    def test_one_of_each_on_the_form(self):
        view = self.env["res.partner"].get_view(view_type="form")["arch"]
        for name, count in (
            ("creditbox_fiscal_code", 1),
            ("creditbox_pec", 1),
            ("l10n_it_codice_fiscale", 0),
            ("l10n_it_pec_email", 0),
        ):
            with self.subTest(field=name):
                self.assertEqual(view.count(f'name="{name}"'), count)

    def test_a_vat_number_does_not_replace_the_code_of_a_person(self):
        customer = self.make_customer(creditbox_fiscal_code=GOOD)
        with Form(customer) as form:
            form.vat = "IT00743110157"
        self.assertEqual(customer.creditbox_fiscal_code, GOOD)

    def test_what_was_there_before_and_after(self):
        customer = self.make_customer(creditbox_fiscal_code=GOOD)
        other = self.make_customer(creditbox_pec="ours@pec.example")
        uninstall_hook(self.env)
        customer.creditbox_fiscal_code = False
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_partner SET l10n_it_pec_email = 'theirs@pec.example'"
            " WHERE id IN %s",
            [(customer.id, other.id)],
        )
        post_init_hook(self.env)
        self.assertEqual(customer.creditbox_fiscal_code, GOOD)
        self.assertEqual(customer.creditbox_pec, "theirs@pec.example")
        self.assertEqual(other.creditbox_pec, "ours@pec.example")
