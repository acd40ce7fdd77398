import base64
import io
from contextlib import contextmanager
from datetime import date

from openpyxl import Workbook

from odoo.tests import TransactionCase, new_test_user

HEADINGS = {
    "customers": ["Codice", "Ragione sociale", "Codice fiscale", "Cellulare"],
    "supplies": ["Codice utenza", "Codice cliente", "Matricola", "Tipo contatore"],
    "bills": ["Numero bolletta", "Codice cliente", "Codice utenza", "Data emissione",
              "Data scadenza", "Importo", "Tipo", "Annullata"],
    "payments": ["Codice pagamento", "Codice cliente", "Numero bolletta", "Data",
                 "Importo", "Stornato"],
}  # fmt: skip

# Columns in which two records of the same values differ.
IDS = {"id", "move_id", "payment_id", "origin_payment_id", "create_date", "write_date"}


def make_xlsx(sheets):
    """Base64 of a workbook: dict title -> list of rows."""
    workbook = Workbook()
    workbook.remove(workbook.active)
    for title, rows in sheets.items():
        sheet = workbook.create_sheet(title)
        for row in rows:
            sheet.append(row)
    stream = io.BytesIO()
    workbook.save(stream)
    return base64.b64encode(stream.getvalue())


class Undo(Exception):
    """Leaves a savepoint."""


class AcquisitionCase(TransactionCase):
    """A company with a chart of accounts, and a source that takes files."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, queue_job__no_delay=True))
        cls.company = cls.make_company("Acque")
        cls.source = cls.make_source(cls.company)
        cls.supervisor = new_test_user(
            cls.env,
            "acq_supervisor",
            groups="creditbox_base.group_supervisor",
            company_id=cls.company.id,
            company_ids=[cls.company.id],
        )

    @classmethod
    def make_company(cls, name):
        company = cls.env["res.company"].create(
            {"name": name, "country_id": cls.env.ref("base.it").id}
        )
        cls.env.user.company_ids |= company
        cls.env["account.chart.template"].try_loading("it", company, install_demo=False)
        return company

    @classmethod
    def make_source(cls, company, **vals):
        return (
            cls.env["creditbox.source"]
            .with_context(allowed_company_ids=company.ids)
            .create(
                {
                    "name": vals.pop("name", "Gestionale"),
                    "company_id": company.id,
                    "service_type_id": cls.env.ref(
                        "creditbox_base.service_type_water"
                    ).id,
                    **vals,
                }
            )
        )

    def acquire(self, sheets, kind="auto", source=None, **vals):
        """Acquire a workbook: dict kind -> rows (under the usual headings)."""
        content = {
            title: [HEADINGS[title], *rows] if title in HEADINGS else rows
            for title, rows in sheets.items()
        }
        acquisition = self.env["creditbox.acquisition"].create(
            {
                "source_id": (source or self.source).id,
                "kind": kind,
                "file": make_xlsx(content),
                "filename": "test.xlsx",
                "forced": True,
                **vals,
            }
        )
        acquisition.action_process()
        self.env.flush_all()
        self.env.invalidate_all()
        unexpected = acquisition.error_ids.filtered(lambda e: e.code == "unexpected")
        self.assertFalse(unexpected.mapped("reason"))
        return acquisition

    @contextmanager
    def undone(self):
        """What happens within leaves no trace."""
        try:
            with self.env.cr.savepoint():
                yield
                self.env.flush_all()
                raise Undo
        except Undo:
            self.env.invalidate_all(flush=False)

    def customer(self, code="C1"):
        return [code, f"Cliente {code}", None, None]

    def bill(self, number="2024/1", code="C1", amount=100, **other):
        return [
            number,
            code,
            other.get("supply"),
            other.get("issue", date(2024, 1, 31)),
            other.get("due", date(2024, 2, 28)),
            amount,
            other.get("kind"),
            other.get("cancelled"),
        ]

    def payment(self, code="P1", customer="C1", bills="2024/1", amount=100, **other):
        return [
            code,
            customer,
            bills,
            other.get("day", date(2024, 2, 20)),
            amount,
            other.get("reversed"),
        ]

    def partner(self, code):
        return self.env["res.partner"].search(
            [("creditbox_code", "=", code), ("company_id", "=", self.company.id)]
        )

    def move(self, number):
        return self.env["account.move"].search(
            [("creditbox_ref", "=", number), ("company_id", "=", self.company.id)]
        )

    def pay(self, code):
        return self.env["account.payment"].search(
            [("creditbox_ref", "=", code), ("company_id", "=", self.company.id)]
        )

    def residual(self, number):
        return self.move(number).amount_residual

    def credit(self, code):
        """What is left of a payment."""
        payment = self.pay(code)
        line = payment.move_id.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        return -line.amount_residual


class TwinCase(AcquisitionCase):
    """Compares what is written fast with what the ORM makes, column by column."""

    def _rows(self, table, ids):
        self.env.flush_all()
        self.env.cr.execute(
            f"SELECT * FROM {table} WHERE id = ANY(%s) ORDER BY id", (list(ids),)
        )
        return self.env.cr.dictfetchall()

    def _assert_same(self, fast, slow, skipped=frozenset()):
        for table, rows in slow.items():
            self.assertEqual(len(fast[table]), len(rows), table)
            for one, two in zip(fast[table], rows, strict=True):
                differences = {
                    column: (one[column], two[column])
                    for column in two.keys() - skipped - IDS
                    if one[column] != two[column]
                }
                self.assertFalse(differences, f"{table} {two['id']}")
