"""Make the demo: run by ``./creditbox demo`` in Odoo's shell, ``env`` is there.

A group of four companies, its users, the files of three billing systems acquired the
way any file is, the first proposal of each company. Nothing of it can reach anybody:
mail and SMS go to the demo's own mailbox on this machine (demo/postbox.py).
"""

import base64
import os
import sys
import time
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, "demo")

import cases
import cessions
import codes
import crews
import customers_area
import evaluation
import files
import frontoffice
import generator
import insurances
import legal_portal
import office
import order_portal
import orders
import planning
import plans
import strategy
import writeoffs
from layouts import FILES

FOLDER = Path(".creditbox/demo").absolute()
SEED = 19
PASSWORD = "demo"
MONTHS_KEPT = 8  # month ends of which the demo has a snapshot
IT = ("it_IT", False)
USERS = (
    # login, name, group, language, also the parent company
    ("operatore", "Ines Fontachiari", "operator", "it_IT", False),
    ("supervisore", "Dario Montelieti", "supervisor", "it_IT", False),
    ("responsabile", "Clara Serrabruni", "manager", "it_IT", True),
    ("amministratore", "Elio Roccasaldi", "administrator", "it_IT", True),
    ("controller", "Edith Marlingham", "controller", "en_US", True),
    ("sportello", "Pia Lunardelli", "creditbox_frontoffice.group_counter", *IT),
    ("backoffice", "Ugo Trevisaldi", "creditbox_frontoffice.group_manager", *IT),
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
                        self.env.ref(
                            group if "." in group else f"creditbox_base.group_{group}"
                        ).id,
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

    def plan_crews(self, record):
        """Crews, and a week of orders planned with them."""
        count = planning.make(self.env(user=self.clerk()), record)
        self.env.cr.commit()
        say(f"{record.name}: {count} orders planned")

    def agree_plans(self, record):
        """Repayment plans in every state."""
        count = plans.make(self.env(user=self.clerk()), record)
        self.env.cr.commit()
        say(f"{record.name}: {count} repayment plans")

    def give_up(self, record):
        """Write-offs in several states."""
        manager = self.env["res.users"].search([("login", "=", "responsabile")])
        count = writeoffs.make(self.env(user=manager), record)
        self.env.cr.commit()
        say(f"{record.name}: {count} write-offs")

    def insure(self, record):
        """The policy of the covers, and what the insurer was told."""
        manager = self.env["res.users"].search([("login", "=", "responsabile")])
        count = insurances.make(self.env(user=manager), record)
        self.env.cr.commit()
        say(f"{record.name}: {count} bills declared to the insurer")

    def assign_credit(self, record):
        """Assignments of credit."""
        manager = self.env["res.users"].search([("login", "=", "responsabile")])
        count = cessions.make(self.env(user=manager), record)
        self.env.cr.commit()
        say(f"{record.name}: {count} bills in assignments of credit")

    def hand_over(self, record):
        """Cases with an agency, a lawyer and the court."""
        manager = self.env["res.users"].search([("login", "=", "responsabile")])
        count = cases.make(self.env(user=manager), record)
        self.env.cr.commit()
        say(f"{record.name}: {count} cases")

    def share_out(self, record):
        """Portfolios, and positions shared out among the operators."""
        count = strategy.make(self.env, record)
        self.env.cr.commit()
        say(f"{record.name}: {count} portfolios")

    def file_papers(self, record):
        """Documents in the archive, and debt files."""
        documents, made = files.make(self.env(user=self.clerk()), record)
        self.env.cr.commit()
        say(f"{record.name}: {documents} documents filed, {made} debt files")

    def answer_customers(self, record):
        """Requests at the counter and in writing, with their regulated terms."""
        clerk, officer = (
            self.env["res.users"].search([("login", "=", login)])
            for login in ("sportello", "backoffice")
        )
        count = frontoffice.make(self.env, record, clerk, officer)
        self.env.cr.commit()
        say(f"{record.name}: {count} requests of customers")

    def clerk(self):
        return self.env["res.users"].search([("login", "=", "operatore")])

    # -- all of it ---------------------------------------------------------------

    def build(self, customers):
        """Make everything; commits as it goes."""
        companies = self.make_companies()
        self.make_users(companies)
        self.make_text()
        self.divert_messages()
        insurer, information = evaluation.make_providers(self.env)
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
            alerts = evaluation.make(self.env, record, insurer, information)
            say(f"{record.name}: customers evaluated, {alerts} alerts")
            office.make(self.env, record)
            self.keep_months(record)
            self.visit_meters(record)
            self.plan_crews(record)
            self.hand_over(record)
            self.agree_plans(record)
            self.give_up(record)
            self.insure(record)
            self.assign_credit(record)
            self.share_out(record)
            self.file_papers(record)
            self.answer_customers(record)
        crews.make(self.env, companies[1:], PASSWORD)
        order_portal.make(self.env, companies[1:], PASSWORD)
        legal_portal.make(self.env, companies[1:], PASSWORD)
        customers_area.make(self.env)
        print(Path("demo/welcome.txt").read_text(encoding="utf-8"))


CUSTOMERS = os.environ.get("CREDITBOX_DEMO_CUSTOMERS") or generator.DEFAULT_CUSTOMERS
Demo(env).build(int(CUSTOMERS))  # noqa: F821 (the shell's environment)
