"""The three charts and the stop, end to end in Chromium: office, contractor, crew on
its phone, client company, each with the refusals that people meet there."""

from datetime import date, timedelta
from unittest import SkipTest

from playwright.sync_api import expect

from odoo import fields
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from odoo.addons.creditbox_base.tests.browser import PATIENCE, InChromium
from odoo.addons.creditbox_dunning.tests.law import NOTICE_DAY
from odoo.addons.creditbox_utility.tests.common import DEADLINE, PROOF
from odoo.addons.creditbox_utility.tests.pictures import picture

from .common import OrderPortalCommon

PLACE = {"latitude": 43.7, "longitude": 10.4, "accuracy": 5}
# as JPEG, two that are much alike are the same picture
COLORS = ((n * 37 % 256, n * 91 % 256, n * 53 % 256) for n in range(1, 200))


@tagged("creditbox", "post_install", "-at_install")
class TestWalk(InChromium, OrderPortalCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if "creditbox.crew" not in cls.env:
            raise SkipTest("The crew's phone is an addon of its own: creditbox_crew")
        cls.compile_assets()
        # lawful at any hour of any day, unless a test says otherwise
        cls._hours(cls, 0, 24)
        cls.regulation.step_ids.forbidden_days = False
        cls.regulation.step_ids = [
            Command.create(
                {
                    "legal_step": "removal",
                    "channel": "technical",
                    "spares_protected": True,
                }
            )
        ]
        cls.office_user = cls._user("operator")
        cls.phone_user = cls._phone_of(cls.crew)
        for code in "ABC":
            cls._new_supply(code)
        actions = cls._run(NOTICE_DAY).action_ids
        cls._done(actions, NOTICE_DAY)
        actions.sudo().date_deadline = DEADLINE
        for action in actions:
            action._mark_delivered(PROOF)
        cls._new_supply("NEW")

    @classmethod
    def _new_supply(cls, code):
        removable = cls.env.ref("creditbox_base.meter_type_removable")
        supply = cls._supply(
            cls._customer(f"Cliente {code}"),
            code,
            service_type_id=cls.heating.id,
            meter_type_id=removable.id,
            street=f"Via {code} 1",
            city="Pisa",
        )
        cls._bill(100, due=date(2026, 3, 1), supply=supply)

    @classmethod
    def _phone_of(cls, crew):
        return (
            cls.env["res.users"]
            .with_context(no_reset_password=True)
            .create(
                {
                    "login": "squadra",
                    "password": "squadra",
                    "partner_id": crew.partner_id.id,
                    "lang": "en_US",
                    "company_id": cls.company.id,
                    "company_ids": [Command.set(cls.company.ids)],
                    "group_ids": [Command.set(cls.env.ref("base.group_portal").ids)],
                }
            )
        )

    def _hours(self, first, last):
        self.company.creditbox_order_hour_from = first
        self.company.creditbox_order_hour_to = last

    def _at(self, code):
        return self.env["creditbox.supply"].search(
            [("code", "=", code), ("company_id", "=", self.company.id)]
        )

    def _order(self, code, operation):
        """:return: the newest order at a supply, read anew"""
        with self.between_requests():
            order = self.Order.search(
                [
                    ("creditbox_supply_id.code", "=", code),
                    ("creditbox_operation", "=", operation),
                ],
                order="id desc",
                limit=1,
            )
            self.assertTrue(order, (code, operation))
            return order

    def test_walk(self):
        expect.set_options(timeout=PATIENCE)
        with self.people(
            office={"login": self.office_user.login},
            contractor={"login": "impresa"},
            client={"login": "venditore"},
            crew={
                "login": "squadra",
                "width": 360,
                "height": 740,
                "geolocation": PLACE,
                "permissions": ["geolocation"],
            },
        ) as people:
            self.people_ = people
            self.go(people.crew, "/creditbox/crew", ".none, .item")
            self._suspension("A")
            self._reactivation("A")
            self._stop("B")
            self._removal("C")

    # -- what each does --------------------------------------------------------------

    def _asks(self, code, operation):
        """The client company asks for an order; return why it is refused, or None."""
        page = self.people_.client
        with self.between_requests():
            supply_id = self._at(code).id
        self.go(page, f"/my/field/client/new?supply_id={supply_id}", "#field_operation")
        page.select_option("#field_operation", operation)
        page.locator("form[method=post] button[type=submit]").last.click()
        page.locator(".is_done, .is_error").first.wait_for()
        refused = page.locator(".is_error")
        return refused.inner_text() if refused.count() else None

    def _sees(self, order, state, *pages):
        """What client and contractor see of an order on its page."""
        for side in pages or ("client", "contractor"):
            page = getattr(self.people_, side)
            badge = f".o_creditbox_state.is_{state}[data-order-id='{order.id}']"
            self.go(page, f"/my/field/{side}/{order.id}", badge)

    def _office(self, order, button=None, state=None):
        """The office opens an order, presses a button, and sees the state."""
        page = self.people_.office
        current = ".o_arrow_button_current[data-value={}]"
        if button:
            self.go(page, f"/odoo/creditbox-orders/{order.id}", f"[name={button}]")
            page.locator(f"button[name={button}]").first.click()
            page.locator(current.format(state)).wait_for()
        else:
            shown = current.format(state)
            self.go(page, f"/odoo/creditbox-orders/{order.id}", shown)

    def _hand(self, order):
        """The office gives an order to the contractor's crew."""
        with self.between_requests():
            order.person_id = self.crew

    def _plans(self, order, hour):
        """The contractor plans it for tomorrow; return why it is refused, or None."""
        page = self.people_.contractor
        self.go(page, f"/my/field/contractor/{order.id}", "details")
        page.locator("details summary").first.click()
        when = f"{date.today() + timedelta(days=1)}T{hour:02d}:00"
        page.fill("#field_when", when)
        page.locator("form[action$='/plan'] button").click()
        page.locator(".is_done, .is_error").first.wait_for()
        refused = page.locator(".is_error")
        return refused.inner_text() if refused.count() else None

    def _hands_over(self, order):
        page = self.people_.contractor
        self.go(page, f"/my/field/contractor/{order.id}", "form[action$='/accept']")
        page.locator("form[action$='/accept'] button").click()
        page.locator(".o_creditbox_state.is_sent").wait_for()

    def _on_phone(self, order, state):
        """The crew opens an order; the phone has just heard of it."""
        page = self.people_.crew
        page.evaluate("location.hash = ''")
        page.evaluate("window.dispatchEvent(new Event('online'))")
        page.locator(f".item a[href='#{order.id}']").click()
        page.locator(f"article[data-state={state}]").wait_for()
        return page

    def _starts(self, order):
        page = self._on_phone(order, "sent")
        page.locator(".start").click()
        return page

    def _take(self, page, *kinds):
        for kind in kinds:
            photo = {"name": f"{kind}.png", "mimeType": "image/png"}
            photo["buffer"] = picture(next(COLORS), (320, 240), "PNG")
            button = page.locator(f".photo[data-kind={kind}]")
            button.locator("input").set_input_files(photo)
            page.locator(f".photo[data-kind={kind}].taken").wait_for()

    def _done_on_phone(self, page, **values):
        for name, value in values.items():
            page.fill(f"[name={name}]", value)
        page.locator(".done").click()
        page.locator("article[data-state=done], .is-refused").first.wait_for()
        shown = page.locator("main").inner_text()
        self.assertTrue(page.locator("article[data-state=done]").count(), shown)

    def _refused_on_phone(self, page):
        """:return: what the phone says, put away afterwards"""
        entry = page.locator(".entry.is-refused")
        entry.wait_for()
        text = entry.inner_text()
        entry.locator(".drop").click()
        expect(page.locator(".entry")).to_have_count(0)
        return text

    def _meter(self, code):
        with self.between_requests():
            return self._at(code).meter_state_id

    # -- the charts ------------------------------------------------------------------

    def _suspension(self, code):
        self.assertIn("no step of the procedure", self._asks("NEW", "suspension"))
        self.picture(self.people_.client, "walk-suspension-1-refused")
        self.assertIsNone(self._asks(code, "suspension"))
        self.assertIn("under way", self._asks(code, "suspension"))
        order = self._order(code, "suspension")
        self._office(order, "action_accept", "accepted")
        self._hand(order)
        with self.between_requests():
            self._hours(8, 18)
        self.assertIn("Nothing is taken away at this hour", self._plans(order, 3))
        self.picture(self.people_.contractor, "walk-suspension-2-hour")
        self.assertIsNone(self._plans(order, 9))
        self._hands_over(order)

        with self.between_requests():  # an hour that is not now
            now = self.company._creditbox_local(fields.Datetime.now()).hour
            self._hours(*((18, 20) if now < 12 else (4, 6)))
        page = self._starts(order)
        page.locator(".entry.is-refused").wait_for()
        self.picture(page, "walk-suspension-3-phone-refused")
        self.assertIn("at this hour", self._refused_on_phone(page))
        with self.between_requests():
            self._hours(0, 24)
        page.locator(".start").click()
        page.locator("article[data-state=on_site] .done").wait_for()
        page.locator(".done").click()
        page.locator(".tell:visible").wait_for()  # photos are missing
        self.picture(page, "walk-suspension-4-phone-photos")
        self._take(page, "before", "after", "seal")
        self._done_on_phone(page, reading="1234,5", seal="S-1")

        self._office(order, state="done")
        self.picture(self.people_.office, "walk-suspension-5-office")
        self._sees(order, "done")
        self.picture(self.people_.client, "walk-suspension-6-client")
        expect(self.people_.client.locator(".o_creditbox_photos img")).to_have_count(3)
        self.assertEqual(self._meter(code), self.suspended)

    def _reactivation(self, code):
        self.assertIn("Still due", self._asks(code, "reactivation"))
        self.picture(self.people_.client, "walk-reactivation-1-refused")
        with self.between_requests():
            bill = self._at(code).position_ids.open_line_ids.move_id
            self._pay(40, bill)
            self.assertFalse(self._reactivation_of(code), "a part is not enough")
            self._pay(60, bill)
            order = self._reactivation_of(code)
            self.assertTrue(order.creditbox_deadline)
        self.assertEqual(self._meter(code), self.to_reactivate)
        self.assertIn("under way", self._asks(code, "reactivation"))
        self._hand(order)
        self._office(order, "action_accept", "accepted")
        self.assertIsNone(self._plans(order, 9))
        self._hands_over(order)
        page = self._starts(order)
        page.locator("article[data-state=on_site] .done").wait_for()
        self._take(page, "after")
        self._done_on_phone(page, reading="1236")
        self.picture(page, "walk-reactivation-2-phone")
        self._office(order, state="done")
        self.picture(self.people_.office, "walk-reactivation-3-office")
        self._sees(order, "done")
        self.assertEqual(self._meter(code), self.active)

    def _reactivation_of(self, code):
        self.env.flush_all()
        return self.Order.search(
            [
                ("creditbox_supply_id.code", "=", code),
                ("creditbox_operation", "=", "reactivation"),
            ]
        )

    def _stop(self, code):
        """Paid at the client's counter while the crew is on site."""
        self.assertIsNone(self._asks(code, "suspension"))
        order = self._order(code, "suspension")
        self._hand(order)
        self._office(order, "action_accept", "accepted")
        self.assertIsNone(self._plans(order, 9))
        self._hands_over(order)
        phone = self._starts(order)
        phone.locator("article[data-state=on_site] .done").wait_for()
        self._take(phone, "before")

        client = self.people_.client
        for amount, state in (("10", "on_site"), ("100", "stopped")):
            self.go(client, f"/my/field/client/{order.id}", "details")
            client.locator("details summary").first.click()
            client.fill("#field_amount", amount)
            client.fill("#field_reference", f"R-{amount}")
            client.locator("form[action$='/paid'] button").click()
            client.locator(f".o_creditbox_state.is_{state}").wait_for()
        # the bus tells it at the commit, which a test has none of: the phone asks
        phone.evaluate("window.dispatchEvent(new Event('online'))")
        phone.locator(".stop:visible").wait_for()
        expect(phone.locator(".work")).to_be_hidden()
        self.picture(phone, "walk-stop-1-phone")
        phone.locator(".ack").click()
        expect(phone.locator(".ack")).to_be_hidden()
        self._office(order, state="stopped")
        self.people_.office.locator(".ribbon", has_text="Alarm").wait_for()
        self.picture(self.people_.office, "walk-stop-2-office")
        self._sees(order, "stopped")
        contractor = self.people_.contractor
        contractor.locator("form[action$='/acknowledge'] button").click()
        contractor.locator(".is_done").wait_for()
        with self.between_requests():
            self.assertTrue(order.creditbox_ack_at)
            self.assertTrue(order.creditbox_alarm)
        self.assertEqual(self._meter(code), self.active)
        self.assertIn("On hold", self._asks(code, "suspension"))

    def _removal(self, code):
        with self.between_requests():
            supply = self._at(code)
            supply.meter_id.meter_state_id = self.suspended
            supply.meter_id.state_history_ids.sudo().date = date(2026, 5, 30)
            position = supply.position_ids
            self.assertFalse(position.removal_proposed)
            positions = position.browse()
            positions._for_removal(self.company, positions)._propose_removal()
            supply.protected_until = date.today() + timedelta(days=90)
            position_id = position.id
        self.assertIn("protected", self._orders_removal(position_id))
        self.picture(self.people_.office, "walk-removal-1-refused")
        with self.between_requests():
            supply.protected_until = False
        self.assertFalse(self._orders_removal(position_id))
        order = self._order(code, "removal")
        self.assertIn("under way", self._asks(code, "suspension"))
        self._hand(order)
        self._office(order, "action_accept", "accepted")
        self.assertIsNone(self._plans(order, 9))
        self._hands_over(order)
        page = self._starts(order)
        page.locator("article[data-state=on_site] .done").wait_for()
        self._take(page, "before", "after")
        self._done_on_phone(page, reading="1300")
        self._office(order, state="done")
        self.picture(self.people_.office, "walk-removal-2-office")
        self._sees(order, "done")
        self.assertEqual(self._meter(code), self.closed)
        self.assertIn("Closed", self._asks(code, "reactivation"))
        self.picture(self.people_.client, "walk-removal-3-refused")

    def _orders_removal(self, position_id):
        """The office presses the button of the position; return why it is refused."""
        page = self.people_.office
        button = "button[name=action_order_removal]"
        self.go(page, f"/odoo/creditbox-positions/{position_id}", button)
        page.locator(button).first.click()
        page.locator(".modal footer .btn-primary").click()  # are you sure
        row = page.locator(".modal [name=line_ids] .o_data_row")
        row.wait_for()
        return row.locator("td[name=refusal]").inner_text()
