"""What is kept no longer goes; a proof that is still needed never does."""

from datetime import date, datetime, timedelta
from unittest.mock import patch

from psycopg2.errors import CheckViolation

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import SQL, mute_logger

from .common import TODAY, DunningCommon

OLD = TODAY - timedelta(days=800)


@tagged("post_install", "-at_install")
@freeze_time("2026-06-30 10:00:00")
class TestRetention(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.company"].search([]).creditbox_keep_months = 0
        cls.company.creditbox_keep_months = 24
        cls.retention = cls.env["creditbox.retention"]
        cls.provider = cls.env["creditbox.provider"].create(
            {"name": "Provider", "kind": "sms", "company_id": cls.company.id}
        )

    def _purge(self):
        with self.enter_registry_test_mode():
            self.env.ref("creditbox_base.ir_cron_retention").method_direct_trigger()
        self.env.invalidate_all()

    def _age(self, records, day=OLD):
        records.flush_recordset()
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET create_date = %s WHERE id = ANY(%s)",
                SQL.identifier(records._table),
                day,
                records.ids,
            )
        )
        self.env.invalidate_all()
        return records

    def _action(self, paid=True, proof=False):
        """:return: an action of long ago"""
        bill = self._bill(100, 900)
        action = self._run().action_ids
        self._done(action, OLD)
        if paid:
            self._pay(100, bill)
        if proof:
            action._mark_delivered(proof)
        return action

    def _pec(self, action=None, state="matched"):
        model = self.env["creditbox.pec.message"].sudo()
        return self._age(
            model.create(
                {
                    "kind": "other",
                    "provider_id": self.provider.id,
                    "state": state,
                    "company_id": self.company.id,
                    "action_id": action and action.id,
                    "date": datetime(2024, 1, 1),
                    "fingerprint": f"f{model.search_count([])}",
                    "eml": "cmF3",
                    "daticert": "eG1s",
                }
            )
        )

    def _sms(self, action=None, state="matched"):
        model = self.env["creditbox.sms.receipt"].sudo()
        return self._age(
            model.create(
                {
                    "provider_id": self.provider.id,
                    "state": state,
                    "company_id": self.company.id,
                    "action_id": action and action.id,
                    "date": datetime(2024, 1, 1),
                    "fingerprint": f"f{model.search_count([])}",
                    "payload": "{'to': '+39333'}",
                }
            )
        )

    def _file(self, action=None):
        files = self.env["creditbox.postal.file"].sudo()
        file = files.create(
            {
                "name": "outcomes.csv",
                "provider_id": self.provider.id,
                "company_id": self.company.id,
                "kind": "outcomes",
                "content": "cmF3",
                "sha256": f"{files.search_count([])}",
            }
        )
        if action:
            self.env["creditbox.postal.event"].sudo().create(
                {
                    "action_id": action.id,
                    "company_id": self.company.id,
                    "outcome_id": self.env["creditbox.postal.outcome"]
                    .search([], limit=1)
                    .id,
                    "code": "1",
                    "date": datetime(2024, 1, 1),
                    "file_id": file.id,
                }
            )
        return self._age(file)

    # ------------------------------------------------------------------
    # what an action has proved
    # ------------------------------------------------------------------
    def test_raw_papers_of_what_is_over_go_the_facts_stay(self):
        action = self._action()
        pec, sms, file = self._pec(action), self._sms(action), self._file(action)
        self._purge()
        self.assertEqual((pec.eml, pec.daticert), (False, False))
        self.assertEqual(pec.action_id, action)
        self.assertFalse(sms.payload)
        self.assertFalse(file.content)
        self.assertTrue(file.exists())

    def test_what_is_needed_stays(self):
        ten_years = date(2016, 6, 30)
        for name, values, kept in (
            ("unpaid", {"paid": False}, True),
            ("proved of late", {"proof": ten_years + timedelta(days=1)}, True),
            ("proved long ago", {"proof": ten_years}, False),
            ("unpaid, proved long ago", {"paid": False, "proof": ten_years}, True),
        ):
            with self.subTest(name):
                action = self._action(**values)
                papers = self._pec(action), self._sms(action), self._file(action)
                self._purge()
                for record, field in zip(
                    papers, ("eml", "payload", "content"), strict=True
                ):
                    self.assertEqual(bool(record[field]), kept, record)
                action.sudo().write({"state": "undone"})

    def test_the_message_of_several_is_needed_by_each(self):
        lead, unpaid = self._action(), self._action(paid=False)
        unpaid.sudo().lead_id = lead
        pec = self._pec(lead)
        self._purge()
        self.assertTrue(pec.eml)

    # ------------------------------------------------------------------
    # what belongs to nothing
    # ------------------------------------------------------------------
    def test_strangers_go_once_dealt_with(self):
        gone = [self._pec(state="handled"), self._sms(state="handled")]
        open_ = [self._pec(state="open"), self._sms(state="open")]
        young = self._age(self._pec(state="handled"), TODAY - timedelta(days=700))
        self._purge()
        self.assertFalse(any(record.exists() for record in gone))
        self.assertTrue(all(record.exists() for record in open_))
        self.assertTrue(young.exists())

    def test_rows_of_files_that_wait_keep_their_file(self):
        file = self._file()
        error = (
            self.env["creditbox.postal.error"]
            .sudo()
            .create({"file_id": file.id, "field_name": "letter", "reason": "?"})
        )
        self._purge()
        self.assertTrue(file.content)
        error.sudo().state = "dismissed"
        self._purge()
        self.assertFalse(file.content)
        self.assertFalse(error.exists())

    # ------------------------------------------------------------------
    # former values
    # ------------------------------------------------------------------
    def _former(self, day, company=None):
        former = self.env["creditbox.former"].sudo()
        return former.create(
            {
                "model": "res.partner",
                "res_id": self.customer.id,
                "company_id": company and company.id,
                "date_to": day,
                "data": {"street": "Via Vecchia"},
            }
        )

    def test_former_values_by_company(self):
        other = self.setup_other_company()["company"]
        other.creditbox_keep_months = 36
        own, others, groups = (
            self._former(OLD, company) for company in (self.company, other, None)
        )
        young = self._former(TODAY - timedelta(days=700), self.company)
        self._purge()
        self.assertFalse(own.exists())
        self.assertTrue((others | groups | young).exists() == others | groups | young)
        self.env["res.company"].search([]).creditbox_keep_months = 1
        self._purge()
        self.assertFalse((others | groups | young).exists())

    def test_zero_keeps_for_ever(self):
        self.company.creditbox_keep_months = 0
        former, pec = self._former(OLD, self.company), self._pec(state="handled")
        self._purge()
        self.assertTrue(former.exists() and pec.exists())
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"):
            self.company.creditbox_keep_months = -1

    def test_a_day_that_is_no_longer_known_is_not_shown(self):
        run = self.env["creditbox.run"].create(
            {"company_id": self.company.id, "as_of": OLD}
        )
        with self.assertRaisesRegex(UserError, "no longer kept"):
            run.action_simulate()
        self.company.creditbox_keep_months = 36
        run.action_simulate()
        self.assertEqual(run.state, "simulated")

    def test_batch_by_batch(self):
        papers = [self._sms(state="handled") for _number in range(5)]
        module = "odoo.addons.creditbox_dunning.models.creditbox_retention.BATCH"
        with patch(module, 2):
            self._purge()
        self.assertFalse(any(paper.exists() for paper in papers))
