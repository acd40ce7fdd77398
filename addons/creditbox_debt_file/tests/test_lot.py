import hashlib
import io
import zipfile

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from odoo.addons.creditbox_base.tools.package import SUMS
from odoo.addons.creditbox_dunning.tests.common import TODAY
from odoo.addons.queue_job.tests.common import trap_jobs

from ..models.creditbox_debt_file import AT_ONCE
from .common import DebtFileCommon


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestLot(DebtFileCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customers = cls.env["res.partner"]
        for number in range(AT_ONCE + 1):
            customer = cls._customer(f"Customer {number}")
            cls._bill(100 + number, 40, cls._supply(customer, f"S{number}"))
            cls.customers |= customer

    def _lot(self):
        """:return: the lot, its jobs done"""
        with trap_jobs() as trap:
            window = self.customers.with_user(self.operator).action_debt_file()
            trap.assert_jobs_count(len(self.customers))
            lot = self.env["creditbox.debt.file.lot"].browse(window["res_id"])
            self.assertEqual((lot.state, lot.made_count), ("waiting", 0))
            trap.perform_enqueued_jobs()
        lot.invalidate_recordset()
        return lot

    def test_many_in_the_background_one_zip_each(self):
        lot = self._lot()
        self.assertEqual((lot.state, lot.made_count), ("done", len(self.customers)))
        self.assertEqual(lot.file_ids.partner_id, self.customers)
        stream = io.BytesIO()
        lot.with_user(self.operator)._pack(stream)
        with zipfile.ZipFile(stream) as archive:
            names = [name for name in archive.namelist() if name != SUMS]
            self.assertEqual(sorted(names), sorted(lot.file_ids.mapped("zip_name")))
            sums = dict(
                reversed(line.split("  ", 1))
                for line in archive.read(SUMS).decode().splitlines()
            )
            for file in lot.file_ids:
                content = archive.read(file.zip_name)
                self.assertEqual(hashlib.sha256(content).hexdigest(), file.sha256)
                self.assertEqual(sums[file.zip_name], file.sha256)

    def test_a_job_that_comes_twice_makes_it_once(self):
        lot = self._lot()
        file = lot.file_ids[0]
        digest, made = file.sha256, file.date_made
        file._make_in_background()
        self.assertEqual((file.sha256, file.date_made), (digest, made))

    def test_one_that_fails_holds_up_no_other(self):
        making = type(self.env["creditbox.debt.file"])._make_files
        broken = self.customers[0]

        def make(file):
            if file.partner_id == broken:
                raise ValueError("broken")
            return making(file)

        self.patch(type(self.env["creditbox.debt.file"]), "_make_files", make)
        with self.assertLogs("odoo.addons.creditbox_debt_file", "ERROR"):
            lot = self._lot()
        self.assertEqual((lot.state, lot.failed_count), ("done", 1))
        self.assertEqual(lot.made_count, len(self.customers) - 1)

    def test_nothing_to_download_yet(self):
        with trap_jobs():
            window = self.customers.with_user(self.operator).action_debt_file()
        lot = self.env["creditbox.debt.file.lot"].browse(window["res_id"])
        with self.assertRaises(UserError):
            lot.with_user(self.operator).action_download()
