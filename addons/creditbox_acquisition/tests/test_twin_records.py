from datetime import date

from odoo.tests import tagged

from ..writers import CustomerWriter, SupplyWriter
from ..writers.row import Row
from .common import TwinCase


@tagged("post_install", "-at_install")
class TestTwinRecords(TwinCase):
    """Customers and supplies are, column by column, what a person would have made."""

    person = {
        "code": "K1",
        "name": "Rossi Anna",
        "fiscal_code": "RSSNNA80A41H501X",
        "customer_type": "1",
        "street": "Via Roma 1",
        "zip": "00184",
        "city": "Roma",
        "state": "RM",
        "phone": "06 1234567",
        "mobile": "333 1234567",
        "email": "Anna.Rossi@example.com",
        "iban": "IT60X0542811101000000123456",
    }
    company_row = {
        "code": "K2",
        "name": "Bar Centrale Srl",
        "vat": "12345670017",
        "company": True,
        "email": "not an address",
        "pec": "bar@pec.example.com",
        "language": "italiano",
        "iban": "123 not an iban",
    }
    foreigner = {
        "code": "K3",
        "name": "Chloé Dupont",
        "country": "FR",
        "mobile": "06 12 34 56 78",
        "iban": "fr14 2004 1010 0505 0001 3m02 606",
    }
    supply = {
        "code": "IT001E12345678",
        "customer_code": "C1",
        "meter_serial": "M1",
        "meter_type": "1",
        "meter_state": "1",
        "address": "Via Roma 1",
        "city": "Roma",
        "state": "RM",
        "latitude": 41.8902102,
        "longitude": 12.4922309,
        "start": date(2020, 1, 1),
        "residential": True,
    }

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.owner = cls.env["res.partner"].create(
            {"name": "C1", "creditbox_code": "C1", "company_id": cls.company.id}
        )

    # -- helpers -------------------------------------------------------------------

    def _take(self, writer_class, *rows_of_values):
        rows = [
            Row("", number, {}, values, values["code"])
            for number, values in enumerate(rows_of_values, start=1)
        ]
        writer_class(self.source).take(rows)
        self.env.flush_all()
        self.env.invalidate_all()
        return rows

    def _undone(self, read, make, *args):
        with self.undone():
            record = make(*args)
            self.env.flush_all()
            self.env.invalidate_all()
            return read(record)

    def _resolved(self, writer_class, values):
        """A writer and a row of it, of which the references are known."""
        writer = writer_class(self.source)
        row = Row("", 1, {}, values, values["code"])
        writer._resolve([row])
        return writer, row

    # -- customers -----------------------------------------------------------------

    def _customer_by_writer(self, values):
        (row,) = self._take(CustomerWriter, values)
        self.assertEqual(row.outcome, "created", row.faults)
        return self.env["res.partner"].browse(row.found["id"])

    def _customer_by_orm(self, values):
        writer, row = self._resolved(CustomerWriter, values)
        partner = self.env["res.partner"].create(writer._orm_vals(row))
        self.env["res.partner.bank"].create(
            {"partner_id": partner.id, "acc_number": values["iban"]}
        )
        return partner

    def _rows_of_customer(self, partner):
        return {
            "res_partner": self._rows("res_partner", partner.ids),
            "res_partner_bank": self._rows("res_partner_bank", partner.bank_ids.ids),
        }

    def test_customers(self):
        own = {"commercial_partner_id", "partner_id", "calendar_last_notif_ack"}
        for values in (self.person, self.company_row, self.foreigner):
            with self.subTest(code=values["code"]):
                fast, slow = (
                    self._undone(self._rows_of_customer, make, values)
                    for make in (self._customer_by_writer, self._customer_by_orm)
                )
                self._assert_same(fast, slow, own)
                self.assertEqual(len(fast["res_partner_bank"]), 1)

    def test_changed_customer(self):
        """A changed row leaves what the ORM's `write` leaves, contacts included."""
        changed = {
            **self.person, "name": "Rossi Bianchi Anna", "city": "Milano",
            "state": "MI", "zip": "20100", "mobile": "+39 347 1234567", "email": None,
        }  # fmt: skip
        results = []
        for by_orm in (False, True):
            with self.undone():
                partner = self._customer_by_writer(self.person)
                contact = self.env["res.partner"].create(
                    {"name": "Figlia", "parent_id": partner.id, "type": "contact"}
                )
                if by_orm:
                    _writer, row = self._resolved(CustomerWriter, changed)
                    partner.write(row.found["vals"])
                else:
                    (row,) = self._take(CustomerWriter, changed)
                    self.assertEqual(row.outcome, "updated")
                results.append(
                    {
                        **self._rows_of_customer(partner),
                        "contact": self._rows("res_partner", contact.ids),
                    }
                )
        own = {
            "commercial_partner_id", "partner_id", "parent_id",
            "calendar_last_notif_ack",
        }  # fmt: skip
        self._assert_same(*results, own)

    def test_changes_are_on_the_chatter(self):
        partner = self._customer_by_writer(self.person)
        self.assertFalse(partner.message_ids)
        changed = {**self.person, "email": "new@example.com", "zip": "00185"}
        self._take(CustomerWriter, changed)
        (message,) = partner.message_ids
        self.assertIn(self.source.name, message.body)
        tracked = {
            value.field_id.name: (value.old_value_char, value.new_value_char)
            for value in message.sudo().tracking_value_ids
        }
        self.assertEqual(
            tracked["email"], ("Anna.Rossi@example.com", "new@example.com")
        )
        self.assertIn("00185", tracked["contact_address_inline"][1])

    def test_new_iban_is_on_the_chatter(self):
        partner = self._customer_by_writer(self.person)
        iban = "IT33X0542811101000000123457"
        self._take(CustomerWriter, {**self.person, "iban": iban})
        self.assertEqual(len(partner.bank_ids), 2)
        (message,) = partner.message_ids
        self.assertIn("IT33 X054", message.body)
        again = self._take(CustomerWriter, {**self.person, "iban": iban, "city": None})
        self.assertEqual(again[0].outcome, "updated")
        self.assertEqual(len(partner.bank_ids), 2)

    def test_row_that_says_the_same_otherwise(self):
        """The mobile number in another form is no change."""
        partner = self._customer_by_writer(self.person)
        (row,) = self._take(CustomerWriter, {**self.person, "mobile": "+393331234567"})
        self.assertEqual(row.outcome, "unchanged")
        self.assertFalse(partner.message_ids)

    # -- supplies ------------------------------------------------------------------

    def _supply_by_writer(self, values):
        (row,) = self._take(SupplyWriter, values)
        self.assertEqual(row.outcome, "created", row.faults)
        return self.env["creditbox.supply"].browse(row.found["id"])

    def _supply_by_orm(self, values):
        _writer, row = self._resolved(SupplyWriter, values)
        vals = row.found["vals"]
        meter = self.env["creditbox.meter"].create(
            {
                "company_id": self.company.id,
                "serial": values["meter_serial"],
                "service_type_id": vals["service_type_id"],
                **row.found["meter"],
            }
        )
        return self.env["creditbox.supply"].create(
            {
                "company_id": self.company.id,
                "code": values["code"],
                "meter_id": meter.id,
                **vals,
            }
        )

    def _rows_of_supply(self, supply):
        meter = supply.meter_id
        return {
            "creditbox_supply": self._rows("creditbox_supply", supply.ids),
            "creditbox_meter": self._rows("creditbox_meter", meter.ids),
            "creditbox_meter_state_history": self._rows(
                "creditbox_meter_state_history", meter.state_history_ids.ids
            ),
        }

    def test_supply(self):
        fast, slow = (
            self._undone(self._rows_of_supply, make, self.supply)
            for make in (self._supply_by_writer, self._supply_by_orm)
        )
        self._assert_same(fast, slow, {"meter_id"})
        self.assertEqual(len(fast["creditbox_meter_state_history"]), 1)

    def test_changed_supply(self):
        """Contract and meter change; history and chatter say so."""
        supply = self._supply_by_writer(self.supply)
        self._take(
            SupplyWriter,
            {**self.supply, "meter_state": "2", "end": date(2024, 6, 30)},
        )
        history = supply.meter_id.state_history_ids.sorted("id")
        self.assertEqual(history.meter_state_id.mapped("code"), [1, 2])
        self.assertEqual(history.mapped("note"), [False, self.source.name])
        (message,) = supply.message_ids
        self.assertEqual(
            message.sudo().tracking_value_ids.field_id.mapped("name"), ["date_end"]
        )

    # -- cost ----------------------------------------------------------------------

    def _queries(self, writer_class, rows):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self._take(writer_class, *rows)
        return self.env.cr.sql_log_count - before

    def test_queries_do_not_grow_with_the_rows(self):
        # Odoo looks for what copies the address of a contact, contact by contact.
        cases = [
            (CustomerWriter, self.person, "email", {"iban": "X1"}, 2),
            (SupplyWriter, self.supply, "address", {"meter_state": "2"}, 0),
        ]
        for writer_class, values, name, changes, each in cases:
            batches = [
                [{**values, "code": f"{batch}-{i}"} for i in range(size)]
                for batch, size in enumerate((3, 3, 30))  # one fills the caches
            ]
            for rows in batches:
                for row in rows:
                    row.pop("meter_serial", None)
            _first, few, many = (self._queries(writer_class, rows) for rows in batches)
            self.assertLessEqual(many, few + 3, f"{writer_class.kind} new")
            for rows in batches:
                for number, row in enumerate(rows):
                    row.update(changes, **{name: f"{number}@example.com"})
            _first, few, many = (self._queries(writer_class, rows) for rows in batches)
            self.assertLessEqual(
                many, few + 27 * each + 3, f"{writer_class.kind} changed"
            )
