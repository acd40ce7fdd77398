from psycopg2 import IntegrityError

from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger


@tagged("creditbox", "post_install", "-at_install")
class TestTypology(TransactionCase):
    def test_codes_of_the_seed(self):
        seed = {
            "customer_type": ("domestic", "non_domestic", "large", "public"),
            "service_type": ("water", "gas", "electricity", "telephone"),
            "meter_state": ("active", "suspended", "closed", "to_reactivate"),
            "meter_type": ("suspendable", "not_suspendable", "removable", "public"),
        }
        for kind, names in seed.items():
            for code, name in enumerate(names, start=1):
                with self.subTest(kind=kind, name=name):
                    record = self.env.ref(f"creditbox_base.{kind}_{name}")
                    self.assertEqual(record.code, code)

    def test_behaviour_flags(self):
        flags = {
            "customer_type_domestic": "is_domestic",
            "customer_type_public": "is_public",
            "meter_type_suspendable": "suspendable",
            "meter_type_removable": "removable",
            "meter_state_active": "supplied",
            "meter_state_closed": "final",
        }
        for name, flag in flags.items():
            with self.subTest(name=name):
                self.assertTrue(self.env.ref(f"creditbox_base.{name}")[flag])
        not_suspendable = self.env.ref("creditbox_base.meter_type_not_suspendable")
        self.assertFalse(not_suspendable.suspendable)

    def test_found_by_code_or_name(self):
        services = self.env["creditbox.service.type"]
        gas = self.env.ref("creditbox_base.service_type_gas")
        gas.with_context(lang="en_US").name = "Gas_supply"
        for value in (2, "2", " 2 ", 2.0, "2.0", "Gas_supply", "gas_SUPPLY"):
            with self.subTest(value=value):
                self.assertEqual(services._find_by_code_or_name(value), gas)
        for value in (None, "", 99, "Gas supply", "%", "inf", "nan"):
            with self.subTest(value=value):
                self.assertFalse(services._find_by_code_or_name(value))

    def test_found_by_name_in_any_installed_language(self):
        self.env["res.lang"]._activate_lang("it_IT")
        water = self.env.ref("creditbox_base.service_type_water")
        water.with_context(lang="it_IT").name = "Acqua potabile"
        found = self.env["creditbox.service.type"]._find_by_code_or_name(
            "acqua Potabile"
        )
        self.assertEqual(found, water)

    @mute_logger("odoo.sql_db")
    def test_code_is_unique(self):
        with self.assertRaises(IntegrityError):
            self.env["creditbox.service.type"].create({"code": 1, "name": "Again"})
