"""Make the demo: run by ``./creditbox demo`` in Odoo's shell, ``env`` is there.

A group of four companies, its users, the files of three billing systems acquired the
way any file is, the first proposal of each company. Nothing of it can reach anybody:
mail and SMS go to the demo's own mailbox on this machine (demo/postbox.py).
"""

import base64
import json
import os
import sys
import time
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, "demo")

import codes
import customers_area
import generator
import orders
import writeoffs
from layouts import FILES

FOLDER = Path(".creditbox/demo").absolute()
SEED = 19
PASSWORD = "demo"
MONTHS_KEPT = 8  # month ends of which the demo has a snapshot
USERS = (
    # login, name, group, language, also the parent company
    ("operatore", "Ines Fontachiari", "operator", "it_IT", False),
    ("supervisore", "Dario Montelieti", "supervisor", "it_IT", False),
    ("responsabile", "Clara Serrabruni", "manager", "it_IT", True),
    ("amministratore", "Elio Roccasaldi", "administrator", "it_IT", True),
    ("controller", "Edith Marlingham", "controller", "en_US", True),
)
# euro a year for three people at 50 litres a day
SUBSIDISED_BAND = 43.80
HOLDS = (
    # level, reason, days
    ("customer", "hardship", 60),
    ("supply", "complaint", 45),
    ("customer", "check", 10),
    ("supply", "conciliation", 120),
    ("customer", "dispute", 90),
)

PROMISES = (
    # made so many days ago, first day after, days to the second
    (0, 7, 14),
    (20, 5, 7),
    (6, 6, 10),
    (2, 10, 15),
)
CALLS = (
    # outcome, note, call back in so many days
    ("promise", "Paga in due volte, la seconda a fine mese", None),
    ("no_answer", False, 1),
    ("paid", "Dice di aver pagato in posta: manda la ricevuta", 0),
    ("spoken", "Chiede una rateizzazione", None),
    ("dispute", "Contesta i consumi di marzo: ha fatto reclamo", None),
    ("callback", "Al lavoro: richiamare dopo le 18", 0),
    ("wrong_number", "Risponde un'altra persona", None),
    ("spoken", "Bolletta mai arrivata: rispedita", None),
)


def say(text):
    print(f"  {text}", flush=True)


class Demo:
    """What the demo database is made of."""

    def __init__(self, env):
        self.env = env

    # -- companies and users -----------------------------------------------------------

    def make_companies(self):
        """The parent and the three operating companies, each with its own accounts."""
        parent = self.env.ref("base.main_company")
        companies = [parent]
        self._set_up_company(parent, generator.PARENT)
        for company in generator.COMPANIES:
            record = self.env["res.company"].create({"name": company.name})
            self._set_up_company(record, company.name)
            companies.append(record)
        return companies

    def _set_up_company(self, company, name):
        italy = self.env.ref("base.it")
        slug = name.lower().split(" s.")[0].replace(" ", "")
        company.write(
            {
                "name": name,
                "country_id": italy.id,
                "street": "Via del Mulino, 1",
                "zip": "56025",
                "city": "Pontedera",
                "state_id": self.env.ref("base.state_it_pi").id,
                "phone": "+39 0587 0000001",
                "email": f"crediti@{slug}.example.com",
                "website": f"https://{slug}.example.com",
                "vat": codes.vat_number(99_000 + company.id),
                "creditbox_subsidised_amount": SUBSIDISED_BAND,
            }
        )
        company.partner_id.tz = "Europe/Rome"
        company.partner_id.lang = "it_IT"
        self.env["account.chart.template"].try_loading(
            "it", company, install_demo=False
        )

    def make_users(self, companies):
        """One user for each role; their password is for the demo only."""
        _parent, *operating = companies
        for login, name, group, lang, all_companies in USERS:
            allowed = companies if all_companies else operating
            self.env["res.users"].with_context(no_reset_password=True).create(
                {
                    "name": name,
                    "login": login,
                    "password": PASSWORD,
                    "email": f"{login}@gruppovaldifonte.example.com",
                    "lang": lang,
                    "tz": "Europe/Rome",
                    "company_ids": [company.id for company in allowed],
                    "company_id": operating[0].id,
                    "group_ids": [
                        self.env.ref("base.group_user").id,
                        self.env.ref(f"creditbox_base.group_{group}").id,
                    ],
                }
            )
        self.env.ref("base.user_admin").write(
            {"company_ids": [company.id for company in companies], "lang": "it_IT"}
        )

    def make_text(self):
        """A letter that names late interest and costs, to be looked at."""
        self.env["creditbox.template"].with_context(lang="it_IT").create(
            {
                "name": "Sollecito con interessi e spese",
                "code": "letter",
                "sequence": 90,
                "subject": "Sollecito di pagamento – codice cliente "
                "{{ customer_code }}",
                "body": Path("demo/reminder-with-interest.html").read_text("utf-8"),
            }
        )

    def divert_messages(self):
        """Whatever leaves goes to the demo's mailbox on this machine, never outside."""
        self.env["ir.mail_server"].search([]).action_archive()
        self.env["ir.mail_server"].create(
            {
                "name": "Casella della demo (solo questo computer)",
                "smtp_host": "127.0.0.1",
                "smtp_port": 1025,
                "smtp_encryption": "none",
            }
        )
        self.env["creditbox.provider"].create(
            {
                "name": "SMS della demo (solo questo computer)",
                "kind": "sms",
                "company_id": False,
                "sms_url": "http://127.0.0.1:8025/sms",
            }
        )

    # -- billing systems ---------------------------------------------------------------

    def make_source(self, company, record):
        """The billing system of a company, with the mappings its layout needs."""
        source = self.env["creditbox.source"].create(
            {
                "name": f"Gestionale {company.folder}",
                "company_id": record.id,
                "payment_policy": "oldest",
                "service_type_id": self._typology("service_type", company.service).id,
            }
        )
        source._prepare_accounts()
        if company.layout is not generator.WATER_LAYOUT:  # which needs none: it is ours
            for kind in FILES:
                self._make_mapping(source, kind, company.layout)
        return source

    def _typology(self, name, code):
        return self.env[f"creditbox.{name.replace('_', '.')}"].search(
            [("code", "=", code)]
        )

    def _make_mapping(self, source, kind, layout):
        mapping = self.env["creditbox.mapping"].create(
            {
                "source_id": source.id,
                "kind": kind,
                "file_pattern": f"{FILES[kind]}*",
                "encoding": "cp1252" if layout.suffix == ".csv" else False,
                "delimiter": ";" if layout.suffix == ".csv" else False,
                "column_ids": [
                    (0, 0, self._column(layout, name, heading, index))
                    for index, (name, heading) in enumerate(
                        layout.headings[kind].items()
                    )
                ],
            }
        )
        mapping.action_confirm()

    def _column(self, layout, name, heading, index):
        codes = layout.codes.get(name, {})
        return {
            "sequence": index,
            "position": index + 1,
            "header": heading,
            "field_name": name,
            "confidence": 100,
            "separators": layout.separator.strip() if name == "bill_number" else False,
            "code_ids": [
                (0, 0, {"value_from": theirs, "value_to": str(ours)})
                for ours, theirs in codes.items()
            ],
        }

    def acquire(self, source, company, expected):
        """Take the company's files in, and compare with what the generator expects."""
        balance = float(expected["companies"][company.folder]["balance"])
        for file in expected["companies"][company.folder]["files"]:
            if Path(file["file"]).stem == generator.TODAY_FILE:
                continue  # left for the user to upload
            started = time.monotonic()
            path = FOLDER / file["file"]
            batch = self.env["creditbox.acquisition"].create(
                {
                    "source_id": source.id,
                    "kind": file["kind"],
                    "filename": path.name,
                    "file": base64.b64encode(path.read_bytes()),
                    "control_count": file["rows"] - file["refused"] - file["waiting"],
                    "control_balance": balance if file["kind"] == "payments" else 0,
                }
            )
            batch.with_context(queue_job__no_delay=True).action_process()
            self.env.cr.commit()
            seconds = time.monotonic() - started
            say(
                f"{file['file']}: {batch.row_count} rows, {batch.error_count} refused,"
                f" {batch.waiting_count} waiting, {seconds:.0f} s"
            )
            found = batch.row_count, batch.error_count, batch.waiting_count
            wanted = file["rows"], file["refused"], file["waiting"]
            if found != wanted:
                say(f"! expected {wanted}")

    def check_balance(self, company, record, expected):
        """Say so if the accounts do not show what the billing system's sums give."""
        self.env.cr.execute(
            """SELECT coalesce(sum(l.amount_residual), 0)
                 FROM account_move_line l JOIN account_account a ON a.id = l.account_id
                WHERE l.company_id = %s AND l.parent_state = 'posted'
                  AND a.account_type = 'asset_receivable'""",
            [record.id],
        )
        balance = f"{self.env.cr.fetchone()[0]:.2f}"
        wanted = expected["companies"][company.folder]["balance"]
        say(f"{record.name}: open balance {balance} EUR")
        if balance != wanted:
            say(f"! expected {wanted}")

    def propose(self, record):
        """The first proposal of a company, ready to be approved."""
        Run = self.env["creditbox.run"].with_company(record)
        run = Run.with_context(lang="it_IT").create({"company_id": record.id})
        run.action_propose()
        self.env["creditbox.prescription"]._refresh(record)  # as every night
        self.env.cr.commit()
        say(
            f"{run.name}: {run.action_count} actions proposed,"
            f" {run.exception_count} exceptions"
        )

    def hand_out(self, record):
        """Give the overdue positions to the clerks in turn, put some on hold."""
        positions = self.env["creditbox.position"].search(
            [
                ("company_id", "=", record.id),
                ("amount_overdue", ">", 0),
                ("supply_id", "!=", False),
            ],
            order="amount_overdue desc, id",
        )
        clerks = self.env["res.users"].search(
            [("login", "in", ("operatore", "supervisore"))]
        )
        for turn, clerk in enumerate(clerks):
            positions[turn :: len(clerks)].user_id = clerk
        held = zip(HOLDS, positions[3::7], strict=False)
        for (level, reason, days), position in held:
            field = {"customer": "partner_id", "supply": "supply_id"}[level]
            self.env["creditbox.hold"].create(
                {
                    "company_id": record.id,
                    "level": level,
                    field: position[field].id,
                    "reason_id": self.env.ref(
                        f"creditbox_base.hold_reason_{reason}"
                    ).id,
                    "user_id": position.user_id.id,
                    "date_from": date.today(),
                    "date_to": date.today() + timedelta(days),
                }
            )

    # -- evaluation --------------------------------------------------------------------

    def make_insurer(self):
        """Whoever answers for customers, and whoever knows them: of the whole group."""
        self.insurer, self.information = self.env["creditbox.provider"].create(
            [
                {"name": "Assicrediti Demo", "kind": "insurer"},
                {
                    "name": "Infocommerciale Demo",
                    "kind": "information",
                    "info_price": 3.5,
                },
            ]
        )

    def evaluate(self, record):
        """Limits, covers, reports and an insolvency; then the score of everybody."""
        ratings = self.env["creditbox.rating"]
        ratings._refresh(companies=record)
        self.invent_course(record)
        debtors = self.env["creditbox.position"].search(
            [("company_id", "=", record.id), ("amount_overdue", ">", 0)],
            order="amount_overdue desc, id",
        )
        customers = debtors.partner_id[:12]
        owner = [{"partner_id": c.id, "company_id": record.id} for c in customers]
        manager = self.env["res.users"].search([("login", "=", "responsabile")])
        limits = self.env["creditbox.limit"].with_user(manager)
        limits.with_context(allowed_company_ids=record.ids).create(
            [{**vals, "amount": 500 * (1 + n % 4)} for n, vals in enumerate(owner[:8])]
        )
        today = date.today()
        self.env["creditbox.cover"].create(
            [
                {
                    **vals,
                    "provider_id": self.insurer.id,
                    "policy": f"POL-{record.id}-{n + 1:03}",
                    "amount": 400 * (1 + n),
                    "date_from": today - timedelta(300),
                    "date_to": today + timedelta(20 + 60 * n),
                }
                for n, vals in enumerate(owner[2:6])
            ]
        )
        self.report_on(customers[1:4], record)
        self.env["creditbox.alert"].create(
            {
                **owner[-1],
                "kind": "insolvency",
                "date_fact": today - timedelta(4),
                "note": "Liquidazione giudiziale: comunicazione del curatore.",
            }
        )
        ratings._refresh(companies=record)
        self.env.cr.commit()
        alerts = self.env["creditbox.alert"].search_count(
            [("company_id", "=", record.id), ("state", "!=", "closed")]
        )
        say(f"{record.name}: customers evaluated, {alerts} alerts")

    def invent_course(self, record):
        """A past of the scores, which a new database does not have."""
        self.env.cr.execute(
            """
            INSERT INTO creditbox_rating_history (
                rating_id, partner_id, company_id, date, state, score, band_id,
                mean_days, amount_overdue)
            SELECT id, partner_id, company_id, day, state, former.score,
                   (SELECT id FROM creditbox_rating_band
                     WHERE company_id IS NULL AND score_from <= former.score
                     ORDER BY score_from DESC LIMIT 1),
                   mean_days, amount_overdue
              FROM creditbox_rating
             CROSS JOIN generate_series(1, 9) AS back
             CROSS JOIN LATERAL (
                SELECT (date_trunc('month', %s::date)
                        - make_interval(months => back))::date AS day,
                       GREATEST(0, LEAST(100, score
                           + (back * 3 - 4) * (id %% 5 - 1)
                           + (id * 7 + back * 11) %% 7 - 3)) AS score) AS former
             WHERE company_id = %s AND state = 'rated'
            """,
            [date.today(), record.id],
        )

    def report_on(self, customers, record):
        """Reports as an answer file would bring them."""
        reports = self.env["creditbox.information.report"]
        reports = reports._request(customers, record, self.information)
        found = ("A3 – regolare", "B2 – ritardi nei pagamenti", "C1 – protesti")
        way = self.env["creditbox.information.by.file"]
        for report, rating in zip(reports, found, strict=False):
            values = {"rating": rating, "amount_limit": "1500", "insolvency": "no"}
            way._receive(report, values, json.dumps(values, ensure_ascii=False))

    def work(self, record):
        """What the clerks have done lately: promises, calls, activities."""
        positions = self.env["creditbox.position"].search(
            [
                ("company_id", "=", record.id),
                ("state", "=", "overdue"),
                ("user_id", "!=", False),
            ],
            order="amount_overdue desc, id",
        )
        for number, position in enumerate(positions[:16]):
            if number % 4 == 0:
                self._promise(position, *PROMISES[number // 4])
            if number % 2 == 0:
                self._call(position, *CALLS[number // 2])
            if number % 5 == 1:
                position.activity_schedule(
                    "mail.mail_activity_data_call",
                    date_deadline=date.today() - timedelta(number - 6),
                    summary="Sentire il cliente sulla rateizzazione",
                    user_id=position.user_id.id,
                )
        self.env["creditbox.promise"].search(
            [("company_id", "=", record.id), ("state", "=", "open")]
        )._value()
        self.env.cr.commit()

    def _promise(self, position, made, first, days):
        made = date.today() - timedelta(made)
        half = round(position.amount_overdue / 2, 2)
        amounts = (half, round(position.amount_overdue - half, 2))
        self.env["creditbox.promise"].create(
            {
                "partner_id": position.partner_id.id,
                "company_id": position.company_id.id,
                "position_id": position.id,
                "user_id": position.user_id.id,
                "date": made,
                "note": "Aspetta lo stipendio di fine mese",
                "line_ids": [
                    (0, 0, {"date": made + timedelta(first + days * n), "amount": x})
                    for n, x in enumerate(amounts)
                    if x > 0
                ],
            }
        )

    def _call(self, position, outcome, note, back):
        partner = position.partner_id
        self.env["creditbox.call"].create(
            {
                "partner_id": partner.id,
                "company_id": position.company_id.id,
                "user_id": position.user_id.id,
                "number": partner.creditbox_mobile or partner.phone,
                "outcome": outcome,
                "note": note,
                "date_callback": back is not None and date.today() + timedelta(back),
            }
        )

    def keep_months(self, record):
        """The snapshots that a year of use would have left, oldest first."""
        last = date.today().replace(day=1) - timedelta(days=1)
        ends = [last]
        for _month in range(MONTHS_KEPT - 1):
            ends.insert(0, ends[0].replace(day=1) - timedelta(days=1))
        self.env["creditbox.snapshot"].create(
            [{"company_id": record.id, "date": day} for day in ends]
        )
        self.env.cr.commit()
        say(f"{record.name}: snapshots of {MONTHS_KEPT} months")

    def visit_meters(self, record):
        """A few orders at the meter in every state."""
        count = orders.make(self.env(user=self.clerk()), record)
        self.env.cr.commit()
        say(f"{record.name}: {count} orders at the meter")

    def give_up(self, record):
        """Write-offs in several states."""
        manager = self.env["res.users"].search([("login", "=", "responsabile")])
        count = writeoffs.make(self.env(user=manager), record)
        self.env.cr.commit()
        say(f"{record.name}: {count} write-offs")

    def clerk(self):
        return self.env["res.users"].search([("login", "=", "operatore")])

    # -- all of it ---------------------------------------------------------------

    def build(self, customers):
        """Make everything; commits as it goes."""
        companies = self.make_companies()
        self.make_users(companies)
        self.make_text()
        self.divert_messages()
        self.make_insurer()
        self.env.cr.commit()
        say(f"writing the files of {customers} customers to {FOLDER}")
        FOLDER.mkdir(parents=True, exist_ok=True)
        expected = generator.generate(FOLDER, customers, SEED, date.today())
        for company, record in zip(generator.COMPANIES, companies[1:], strict=True):
            source = self.make_source(company, record)
            self.acquire(source, company, expected)
            self.check_balance(company, record, expected)
            self.hand_out(record)
            self.propose(record)
            self.evaluate(record)
            self.work(record)
            self.keep_months(record)
            self.visit_meters(record)
            self.give_up(record)
        customers_area.make(self.env)
        print(Path("demo/welcome.txt").read_text(encoding="utf-8"))


CUSTOMERS = os.environ.get("CREDITBOX_DEMO_CUSTOMERS") or generator.DEFAULT_CUSTOMERS
Demo(env).build(int(CUSTOMERS))  # noqa: F821 (the shell's environment)
