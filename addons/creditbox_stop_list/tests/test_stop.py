from datetime import timedelta

from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import freeze_time
from odoo.tools import mute_logger

from odoo.addons.creditbox_base.tests.common import CreditboxCommon

CODE = "RSSMRA80A01H501U"


class TestStop(CreditboxCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.in_a = cls.make_customer(creditbox_fiscal_code=CODE)
        cls.in_b = cls.make_customer(company=cls.company_b, creditbox_fiscal_code=CODE)
        cls.other = cls.make_customer("Anna Bianchi")
        cls.bill = cls.make_bill(cls.in_b, 80, days=40)
        cls.insolvency = cls.env.ref("creditbox_stop_list.hold_reason_stop_insolvency")
        cls.manager = cls.make_user("manager")
        cls.clerk_b = cls.make_user("reader", cls.company_b)

    def _stop(self, code=CODE, user=None, **vals):
        stops = self.as_user(user or self.manager, self.env["creditbox.stop"])
        return stops.create(
            {
                "code": code,
                "name": "Mario Rossi",
                "reason_id": self.insolvency.id,
                "date_to": self.today + timedelta(days=400),
                "company_id": self.company.id,
                **vals,
            }
        )

    def _held(self, stop):
        holds = stop.sudo().hold_ids.filtered(lambda hold: hold.state == "active")
        return holds.partner_id

    def test_holds_in_every_company(self):
        stop = self._stop()
        self.assertEqual(self._held(stop), self.in_a + self.in_b)
        position = self.in_b.creditbox_position_ids
        self.assertEqual(position.state, "held")
        self.assertEqual(stop.hold_count, 1, "the manager sees his company's own")

    def test_spellings(self):
        firm = self.make_customer("Ditta", vat="IT12345670017")
        for code in ("12345670017", "IT 1234567 0017"):
            stop = self._stop(code)
            self.assertEqual(self._held(stop), firm)
            stop.action_end()
        self.assertEqual(self._held(self._stop(CODE.lower())), self.in_a + self.in_b)

    def test_customers_who_come_later(self):
        stop = self._stop()
        late = self.make_customer(creditbox_fiscal_code=CODE.lower())
        self.other.creditbox_fiscal_code = CODE
        self.assertEqual(self._held(stop), self.in_a + self.in_b + late + self.other)

    def test_a_hold_that_was_released_stays_so(self):
        stop = self._stop()
        hold = stop.sudo().hold_ids.filtered(lambda h: h.partner_id == self.in_b)
        hold.action_release()
        self.env["creditbox.stop"]._cron_apply()
        self.assertEqual(self._held(stop), self.in_a)

    def test_end(self):
        stop = self._stop()
        stop.action_end()
        self.assertFalse(self._held(stop))
        self.assertEqual(self.in_b.creditbox_position_ids.state, "overdue")
        self._stop()  # and the code can be put on the list again

    def test_ends_by_itself(self):
        stop = self._stop(date_to=self.today + timedelta(days=10))
        with freeze_time(self.today + timedelta(days=12)):
            self.env["creditbox.stop"]._cron_apply()
            self.env["creditbox.hold"]._cron_expire()
        self.assertEqual(stop.state, "ended")
        self.assertFalse(self._held(stop))

    def test_longer(self):
        stop = self._stop()
        stop.date_to = end = self.today + timedelta(days=900)
        self.assertEqual(set(stop.sudo().hold_ids.mapped("date_to")), {end})

    def test_another_code(self):
        stop = self._stop("RSSMRA80A01H501X")
        self.assertFalse(self._held(stop))
        stop.code = CODE
        self.assertEqual(self._held(stop), self.in_a + self.in_b)
        stop.code = "RSSMRA80A01H501X"
        self.assertFalse(self._held(stop))

    def test_once(self):
        self._stop()
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"):
            self._stop()
            self.env.flush_all()

    def test_reason_of_one_company(self):
        own = self.env["creditbox.hold.reason"].create(
            {"code": "own", "name": "Own", "company_id": self.company.id}
        )
        with self.assertRaises(ValidationError):
            self._stop(reason_id=own.id)

    def test_who_sees_what(self):
        stop = self._stop()
        of_b = self.as_user(self.clerk_b, self.env["creditbox.stop"])
        self.assertEqual(of_b.search([]), stop, "it holds a customer of his")
        holds = of_b.env["creditbox.hold"].search([("stop_id", "=", stop.id)])
        self.assertEqual(holds.partner_id, self.in_b)
        with self.assertRaises(AccessError):
            of_b.browse(stop.id).action_end()
        alone = self._stop("VRDLGI80A01H501J")
        self.assertNotIn(alone, of_b.search([]), "it is nobody's whom he knows")
        manager_b = self.make_user("manager", self.company_b)
        with self.assertRaises(AccessError):
            self.as_user(manager_b, stop).date_to = self.today
        controller = self.make_user("controller", self.companies)
        self.assertEqual(
            self.as_user(controller, self.env["creditbox.stop"]).search([]),
            stop + alone,
        )

    def test_queries_do_not_grow(self):
        for number in range(20):
            self._stop(f"RSSMRA80A01H5{number:02}X")
        values = [
            {"name": f"C{n}", "company_id": self.company.id, "vat": f"{n:011}"}
            for n in range(30)
        ]
        partners = self.env["res.partner"]
        partners.create(values[:1])
        queries = []
        for batch in (values[1:2], values[2:]):
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.env["creditbox.stop"]._apply_to(
                partners.with_context(no_vat_validation=True).create(batch)
            )
            queries.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(queries[1], queries[0] + 5)
