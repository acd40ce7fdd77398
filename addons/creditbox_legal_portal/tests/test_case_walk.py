"""An agency's way through the portal, and the office's answer, in Chromium."""

from playwright.sync_api import expect

from odoo.tests import HttpCase, tagged

from odoo.addons.creditbox_base.tests.browser import PATIENCE, InChromium

from .common import LegalPortalCommon


@tagged("post_install", "-at_install")
class TestCaseWalk(InChromium, LegalPortalCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.compile_assets()
        cls.office_user = cls._user("supervisor")
        cls.case, _bill = cls._case_of(cls.agency, accepted=False, number=1)
        cls.theirs, _bill = cls._case_of(cls.rival, number=2)
        # read here: requests of the pages share the cursor
        cls.number, cls.their_number = cls.case.name, cls.theirs.name
        cls.today = cls.company._creditbox_today().isoformat()
        cls.call = cls.env.ref("creditbox_legal.activity_type_call")

    def test_walk(self):
        expect.set_options(timeout=PATIENCE)
        with self.people(
            agency={"login": self.agent.login},
            office={"login": self.office_user.login},
        ) as people:
            self._sees_only_its_own(people.agency)
            self._accepts(people.agency)
            self._enters_an_activity(people.agency)
            self._declares(people.agency, "40")
            self._uploads(people.agency)
            self._books(people.office)
            self._is_over(people.agency)

    def _sees_only_its_own(self, page):
        self.go(page, "/my/cases", ".o_creditbox_list li")
        expect(page.locator(".o_creditbox_list li")).to_have_count(1)
        expect(page.locator(".o_creditbox_list")).to_contain_text(self.number)
        answer = page.goto(f"{self.base_url()}/my/cases/{self.theirs.id}")
        self.assertEqual(answer.status, 404)

    def _accepts(self, page):
        self.go(page, "/my/cases", "form[action='/my/cases/accept']")
        page.locator("form[action='/my/cases/accept'] button").click()
        page.locator(".o_creditbox_box.is_done").wait_for()
        with self.between_requests():
            self.assertEqual(self.case.state, "accepted")

    def _form(self, page, form):
        """Open the case's page, and the form that its address ends with."""
        action = f"form[action$='/{form}']"
        self.go(page, f"/my/cases/{self.case.id}", ".o_creditbox")
        page.locator("details", has=page.locator(action)).locator("summary").click()
        return page.locator(action)

    def _enters_an_activity(self, page):
        form = self._form(page, "activity")
        form.locator("#case_type").select_option(str(self.call.id))
        form.locator("#case_note").fill("Will pay on Monday")
        form.locator("button").click()
        page.locator(".o_creditbox_box.is_done").wait_for()
        with self.between_requests():
            activity = self.case.activity_line_ids
            self.assertEqual(activity.provider_id, self.agency)
            self.assertIn("Will pay on Monday", activity.result or activity.note)

    def _declares(self, page, amount):
        form = self._form(page, "collection")
        form.locator("#case_amount").fill("1000")
        form.locator("button").click()
        page.locator(".o_creditbox_box.is_error").wait_for()
        page.locator("#case_amount").fill(amount)
        page.locator("form[action$='/collection'] button").click()
        page.locator(".o_creditbox_box.is_done").wait_for()

    def _uploads(self, page):
        """One row is right; a figure and somebody else's case are not."""
        rows = (
            ("case", "amount", "date", "channel"),
            (self.number, "60", self.today, "cash"),
            (self.number, "much", self.today, "cash"),
            (self.their_number, "10", self.today, "cash"),
        )
        content = "\n".join(";".join(row) for row in rows).encode()
        file = {"name": "incassi.csv", "mimeType": "text/csv", "buffer": content}
        self.go(page, "/my/cases/upload", "#case_upload")
        page.locator("#case_upload").set_input_files(file)
        page.locator("form[action='/my/cases/upload'] button").click()
        answers = page.locator(".o_creditbox_list li")
        expect(answers).to_have_count(3)
        expect(page.locator(".o_creditbox_box")).to_contain_text("1 taken, 2 refused")
        expect(answers.nth(0)).to_contain_text("Row 3")
        expect(answers.nth(1)).to_contain_text("Row 4")
        with page.expect_download() as download:
            page.locator("a[href$='/refused.xlsx']").click()
        self.assertTrue(download.value.suggested_filename.endswith(".xlsx"))

    def _books(self, page):
        rows = ".o_data_row"
        self.go(page, "/odoo/creditbox-declared-collections", rows)
        expect(page.locator(rows)).to_have_count(2)
        page.locator("thead .o_list_record_selector input").check()
        page.locator("button[name=action_book]").first.click()
        page.locator(".modal button[name=action_book]").click()
        expect(page.locator(".modal")).to_have_count(0)
        with self.between_requests():
            self.assertEqual((self.case.state, self.case.outcome), ("closed", "paid"))
            self.assertEqual(self.case.amount_collected, 100)

    def _is_over(self, page):
        self.go(page, "/my/cases", ".o_creditbox")
        expect(page.locator(".o_creditbox_list li")).to_have_count(0)
        answer = page.goto(f"{self.base_url()}/my/cases/{self.case.id}")
        self.assertEqual(answer.status, 404)
