import base64
import hashlib
import io
import zipfile
from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .common import NOW, LegalCommon


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestAssignment(LegalCommon):
    def _cases(self, amounts, **customer):
        cases = self.Case
        for number, amount in enumerate(amounts):
            partner = self._customer(f"Debtor {number} {amount}", **customer)
            supply = self._supply(partner, f"S{partner.id}")
            bill = self._bill(amount, 30, supply=supply)
            cases |= self.Case._open(
                self.env["creditbox.position"].search(
                    [("partner_id", "=", bill.commercial_partner_id.id)]
                ),
                "agency",
            )
        return cases

    def _given(self, cases, method, **values):
        wizard = self.env["creditbox.case.assign"].create(
            {"case_ids": cases.ids, "method": method, **values}
        )
        wizard.action_assign()
        return [case.provider_id.name for case in cases]

    def test_by_share(self):
        self._provider("Recupero Tre", "agency", share=300)
        names = self._given(self._cases([100, 100, 100, 100]), "share")
        self.assertEqual(names.count("Recupero Tre"), 3)

    def test_who_has_least(self):
        self._provider("Recupero Tre", "agency")
        self._given(self._cases([500]), "hand", provider_id=self.agency.id)
        names = self._given(self._cases([100, 100]), "least")
        self.assertEqual(names, ["Recupero Tre"] * 2)

    def test_only_its_area_and_amounts(self):
        milan, rome = (
            self.env.ref("base.state_it_mi"),
            self.env.ref("base.state_it_rm"),
        )
        self.agency.mandate_ids.write(
            {"state_ids": [(6, 0, milan.ids)], "amount_from": 50}
        )
        here = self._cases([100, 20], state_id=milan.id)
        there = self._cases([101], state_id=rome.id)
        self.assertEqual(
            self._given(here | there, "share"), ["Recupero Uno", False, False]
        )
        self.assertEqual(there.state, "open")

    def test_the_course(self):
        case = self._cases([100])
        clerk = self._user("operator")
        with self.assertRaises(AccessError):
            case.with_user(clerk)._assign(self.agency)
        with self.assertRaisesRegex(UserError, "agencies"):
            case._assign(self.lawyer)
        case._assign(self.agency)
        case.with_user(clerk).action_refuse()
        self.assertEqual((case.state, case.provider_id.id), ("open", False))
        case._assign(self.agency)
        case.with_user(clerk).action_accept()
        self.assertEqual(case.state, "accepted")
        with self.assertRaisesRegex(UserError, "Accepted"):
            case.with_user(clerk).action_accept()

    def test_called_back_after_the_agreed_days(self):
        self.agency.mandate_ids.recall_days = 90
        case = self._cases([100])
        case._assign(self.agency)
        self.assertEqual(case.date_recall, date(2026, 9, 28))
        with freeze_time("2026-09-27 08:00:00"):
            self.Case._cron_recall()
            self.assertEqual(case.state, "assigned")
        with freeze_time("2026-09-28 08:00:00"):
            self.Case._cron_recall()
        self.assertEqual(case.outcome, "recalled")
        item = self.env["creditbox.item"].search(
            [("move_line_id", "in", case.line_ids.move_line_id.ids)]
        )
        self.assertFalse(item.exclusion)

    def test_the_results(self):
        case = self._cases([100])
        case._assign(self.agency)
        self._pay(25, case.line_ids.move_id)
        result = self.env["creditbox.provider.result"].search(
            [("provider_id", "=", self.agency.id)]
        )
        self.assertRecordValues(
            result,
            [{"case_count": 1, "amount_collected": 25, "rate": 25, "amount_due": 75}],
        )

    def test_the_file_out(self):
        cases = self._cases([100, 200])
        cases._assign(self.agency)
        url = cases.with_user(self._user("reader")).action_package()["url"]
        package = self.env["creditbox.case.package"].browse(int(url.split("/")[4]))
        with zipfile.ZipFile(io.BytesIO(base64.b64decode(package.zip))) as archive:
            names = archive.namelist()
            sums = archive.read("SHA256SUMS.txt").decode()
            for line in sums.splitlines():
                digest, name = line.split("  ")
                content = archive.read(name)
                self.assertEqual(digest, hashlib.sha256(content).hexdigest())
        self.assertIn("cases.xlsx", names)
        self.assertEqual(sum(name.endswith(".pdf") for name in names), 2)

    def test_queries_do_not_grow_with_the_cases(self):
        few, many = self._cases([100] * 2), self._cases([100] * 8)
        counts = []
        for cases in (few, many):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            cases.sudo()._assign(self.agency)
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLess(counts[1] - counts[0], 6 * 12, counts)
