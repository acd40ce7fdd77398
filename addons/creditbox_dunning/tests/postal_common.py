import base64
import csv
import io
from datetime import datetime

from odoo.tools.pdf import PdfFileReader

from ..tools.postal_package import unpack
from .common import DunningCommon

NUMBERS = [f"6180{number:08}" for number in range(1, 10)]


class PostalCommon(DunningCommon):
    """A company with an outsourcer, its first step a registered letter."""

    rows = [
        {
            "code": "registered",
            "step": 1,
            "wait_before": 10,
            "wait_after": 30,
            "count_from": "delivery",
            "fallback_code": "email",
        },
        {"code": "email", "step": 2},
    ]

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for code in ("letter", "registered"):
            cls.env["creditbox.template"].create(cls._template_values(code))
        cls.table = cls._table(cls.company, cls.rows)
        cls.provider = cls._provider()
        cls.verdi = cls._customer("Verdi", zip="24100", city="Bergamo")
        cls.other_supply = cls._supply(cls.verdi, "W2")

    @classmethod
    def _provider(cls, **values):
        return cls.env["creditbox.provider"].create(
            {
                "name": "Stampa e Posta",
                "kind": "postal",
                "company_id": cls.company.id,
                **values,
            }
        )

    @classmethod
    def _user(cls, role, company=None):
        known = cls.env["res.users"].search(
            [("login", "=", f"{role}_{(company or cls.company).id}")]
        )
        return known or super()._user(role, company)

    def _execute(self, company=None):
        run = self._run(company=company)
        run.action_approve()
        run.sudo().state = "executing"
        run._execute_next()
        return run.action_ids

    def _letters(self):
        """:return: actions, done, of Rossi and Verdi in the order of printing"""
        self._bill(100, 40)
        self._bill(70, 40, self.other_supply)
        return self._execute().sorted("letter_page")

    def _one(self):
        self._bill(100, 40)
        return self._execute()

    def _files(self, lot):
        """:return: {name: bytes} of what was made for the outsourcer"""
        return unpack(base64.b64decode(lot.package))

    def _index(self, lot):
        [content] = [
            content for name, content in self._files(lot).items() if ".csv" in name
        ]
        text = content.decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text), delimiter=";"))

    def _text(self, pdf):
        return "".join(
            page.extract_text() for page in PdfFileReader(io.BytesIO(pdf)).pages
        )

    def _event(self, action, outcome, date="2026-06-20 10:00:00", **values):
        """Record an event as a file would."""
        return (
            self.env["creditbox.postal.event"]
            .sudo()
            ._record(
                [
                    {
                        "action_id": action.id,
                        "outcome_id": self._meaning(outcome).id,
                        "code": values.pop("code", outcome),
                        "date": datetime.fromisoformat(date),
                        **values,
                    }
                ]
            )
        )

    def _meaning(self, code):
        return self.env.ref(f"creditbox_dunning.postal_outcome_{code}")

    def _take(self, rows, name="esiti.csv", head=None, company=None, provider=None):
        """Take a table of outcomes.

        :param rows: list of tuples; head: their headings
        """
        head = head or ("id lettera", "raccomandata", "esito", "causale", "data esito")
        stream = io.StringIO()
        csv.writer(stream, delimiter=";").writerows([head, *rows])
        return (
            self.env["creditbox.postal.file"]
            .sudo()
            ._take(provider or self.provider, name, stream.getvalue().encode(), company)
        )

    def _own(self, action):
        return f"{action.letter_lot_id._stem()}-{action.id}"
