"""The main job in a real browser, on a real server, with real e-mails.

From an Excel file to reminders that leave, except to the customer who has paid in the
meantime: what a credit manager does in a morning.
"""

import base64
import io
import os
import re
import resource
import time
from datetime import date, timedelta
from email import message_from_bytes, policy

import generator
import postbox
import pytest
import requests
import xlsxwriter
from layouts import STANDARD
from playwright.sync_api import expect, sync_playwright
from ports import free_port

from launcher import addons, environment, server

CHROMIUM = "/usr/bin/chromium"
QUIET = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update"),
    "--disable-sync",
)
PATIENCE = 120_000  # milliseconds
TODAY = date.today()
CUSTOMERS = (
    # code, name, language, e-mail
    ("C1", "Panificio Uno S.r.l.", "it", "uno@example.it"),
    ("C2", "Bakery Two Ltd", "en", "two@example.com"),
    ("C3", "Panificio Tre S.r.l.", "it", "tre@example.it"),
)
AMOUNTS = {"C1": (110.10, 20.02), "C2": (1234.56,), "C3": (77.70,)}


class Client:
    """Calls models as a user does through the web client."""

    def __init__(self, base, database, login):
        self.base, self.session = base, requests.Session()
        params = {"db": database, "login": login, "password": login}
        self._post("/web/session/authenticate", params)

    def _post(self, path, params):
        body = {"jsonrpc": "2.0", "params": params}
        answer = self.session.post(self.base + path, json=body, timeout=60).json()
        assert "error" not in answer, answer["error"]["data"]["debug"]
        return answer["result"]

    def call(self, model, method, *args, **kwargs):
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        return self._post("/web/dataset/call_kw", params)

    def upload(self, source, content):
        """Take a file as the upload page does; the finished acquisition."""
        values = {"source_id": source, "filename": "dati.xlsx"}
        values["file"] = base64.b64encode(content).decode()
        (wizard,) = self.call("creditbox.acquisition.upload", "create", [values])
        action = self.call("creditbox.acquisition.upload", "action_upload", [wizard])
        fields = ["state", "error_count", "waiting_count", "message"]
        return self.call("creditbox.acquisition", "read", [action["res_id"]], fields)[0]


def workbook(**sheets) -> bytes:
    """A workbook in the standard layout: one sheet for each kind, from dicts."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"default_date_format": "dd/mm/yyyy"}) as book:
        for kind, rows in sheets.items():
            sheet = book.add_worksheet(kind)
            sheet.write_row(0, 0, STANDARD[kind])
            for index, row in enumerate(rows, start=1):
                sheet.write_row(
                    index, 0, [row.get(name, "") for name in STANDARD[kind]]
                )
    return out.getvalue()


def first_file() -> bytes:
    """Three customers, each with overdue bills and one that is not due yet."""
    customers, supplies, bills = [], [], []
    for code, name, language, email in CUSTOMERS:
        customers.append(
            {"code": code, "name": name, "company": "yes", "customer_type": 2}
            | {"language": language, "email": email, "city": "Pisa"}
        )
        supplies.append(
            {"code": f"S{code}", "customer_code": code, "service_type": 1}
            | {"meter_serial": f"M{code}", "meter_type": 1, "meter_state": 1}
        )
        for index, amount in enumerate((*AMOUNTS[code], 999.99)):
            overdue = index < len(AMOUNTS[code])
            due = TODAY + timedelta(-30 - index if overdue else 10)
            bills.append(
                {"number": f"{code}-{index + 1}", "customer_code": code}
                | {"supply_code": f"S{code}", "amount": amount, "kind": "bill"}
                | {"issue_date": due - timedelta(20), "due_date": due}
            )
    return workbook(customers=customers, supplies=supplies, bills=bills)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A server with all addons, and the mailbox it writes to: (URL, database, box)."""
    box = tmp_path_factory.mktemp("mailbox")
    smtp_port, http_port, port = free_port(), free_port(), free_port()
    smtp, http = postbox.start(box, smtp_port, http_port)
    databases = environment.prepare()
    name = f"creditbox_e2e_{os.getpid()}"
    databases.create_from_template(name, addons.names())
    try:
        server.start(databases, name, port)
        base = f"http://127.0.0.1:{port}"
        prepare(Client(base, name, "admin"), smtp_port)
        yield base, name, box
    finally:
        server.stop_those_of(name)
        databases.drop(name)
        smtp.stop()
        http.shutdown()
        http.server_close()


def prepare(admin, smtp_port):
    """What an administrator sets up once."""
    admin.call(
        "ir.mail_server",
        "create",
        [{"name": "Sink", "smtp_host": "127.0.0.1", "smtp_port": smtp_port}],
    )
    admin.call("res.company", "write", [1], {"email": "crediti@example.com"})
    # Odoo's own periodic mail of figures, due once the template is a day old
    digests = admin.call("digest.digest", "search", [])
    admin.call("digest.digest", "write", digests, {"state": "deactivated"})
    admin.call(
        "res.users",
        "create",
        [
            {
                "name": "Manager",
                "login": "manager",
                "password": "manager",
                "email": "manager@example.com",
                "group_ids": [
                    admin.call("ir.model.data", "check_object_reference", *group)[1]
                    for group in (
                        ("base", "group_user"),
                        ("creditbox_base", "group_manager"),
                    )
                ],
            }
        ],
        context={"no_reset_password": True},  # no invitation by e-mail
    )


@pytest.fixture
def no_memory_limit():
    """Odoo limits the memory of the process; a browser started from it needs more."""
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
    yield
    resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


@pytest.fixture
def page(site, no_memory_limit):
    base, _name, _box = site
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        page = browser.new_context(locale="en-US").new_page()
        page.set_default_timeout(PATIENCE)
        page.goto(f"{base}/web/login")
        page.fill("input[name=login]", "manager")
        page.fill("input[name=password]", "manager")
        page.click("button[type=submit]")
        page.wait_for_selector(".o_main_navbar")
        yield page
        browser.close()


def mails_in(box, count):
    """The mails in the mailbox, once there are as many; nothing comes after them."""
    end = time.monotonic() + PATIENCE / 1000
    while len(list(box.glob("*.eml"))) < count and time.monotonic() < end:
        time.sleep(0.5)
    time.sleep(3)
    return [
        message_from_bytes(path.read_bytes(), policy=policy.default)
        for path in sorted(box.glob("*.eml"))
    ]


def test_from_an_excel_file_to_reminders_that_stop_at_a_payment(site, page):
    base, name, box = site
    admin = Client(base, name, "admin")
    (source,) = admin.call("creditbox.source", "create", [{"name": "Gestionale"}])
    taken = admin.upload(source, first_file())
    assert (taken["state"], taken["error_count"]) == ("done", 0), taken

    page.goto(f"{base}/odoo/creditbox-positions")
    expect(page.locator(".o_data_row")).to_have_count(3)
    page.goto(f"{base}/odoo/creditbox-runs")
    page.click(".o_list_button_add")
    page.click("button[name=action_propose]")
    page.click("button[name=action_open_actions]")
    expect(page.locator(".o_data_row")).to_have_count(3)
    page.go_back()
    page.click("button[name=action_approve]")
    page.wait_for_selector("button[name=action_execute]")

    paid = {"code": "P1", "customer_code": "C3", "bill_number": "C3-1"}
    paid |= {"date": TODAY, "amount": 77.70, "channel": "pagoPA"}
    taken = admin.upload(source, workbook(payments=[paid]))
    assert (taken["state"], taken["error_count"]) == ("done", 0), taken

    page.click("button[name=action_execute]")
    page.click(".modal-footer .btn-primary")
    mails = {mail["To"]: mail for mail in mails_in(box, 2)}
    assert len(mails) == 2 and not any("tre@" in address for address in mails)
    italian = next(mail for to, mail in mails.items() if "uno@example.it" in to)
    english = next(mail for to, mail in mails.items() if "two@example.com" in to)
    check_mail(italian, "Gentile", ("110,10", "20,02", "130,12"), ("C1-1", "C1-2"))
    check_mail(english, "Dear", ("1,234.56",), ("C2-1",))

    run = admin.call("creditbox.run", "search", [])
    assert admin.call("creditbox.run", "read", run, ["state"])[0]["state"] == "done"
    states = {
        action["partner_id"][1]: action["state"]
        for action in admin.call(
            "creditbox.action", "search_read", [], ["partner_id", "state"]
        )
    }
    done = {name: "done" for code, name, _lang, _mail in CUSTOMERS if code != "C3"}
    assert states == {**done, "Panificio Tre S.r.l.": "cancelled"}


def check_mail(mail, greeting, amounts, bills):
    """The mail's language, the sums and the bills that it lists, and no other bill."""
    text = mail.get_body(("html",)).get_content()
    text = re.sub(r"<[^>]+>", " ", text).replace("\xa0", " ").replace("&nbsp;", " ")
    assert greeting in text, text
    for amount in amounts:
        assert amount in text, (amount, text)
    assert set(re.findall(r"\bC\d-\d\b", text)) == set(bills)


def balance(client) -> float:
    """What all customers owe, less their credits, as the positions show it."""
    (group,) = client.call(
        "creditbox.position", "formatted_read_group", [], [], ["amount_balance:sum"]
    )
    return group["amount_balance:sum"] or 0


def test_the_demo_files_are_taken_as_the_generator_says(site, tmp_path):
    base, name, _box = site
    expected = generator.generate(tmp_path, 250, 7, TODAY)["companies"]["acqua"]
    admin = Client(base, name, "admin")
    (source,) = admin.call(
        "creditbox.source", "create", [{"name": "Demo", "payment_policy": "oldest"}]
    )
    before = balance(admin)
    for file in expected["files"][:4]:
        taken = admin.upload(source, (tmp_path / file["file"]).read_bytes())
        assert taken["state"] == ("done_errors" if file["refused"] else "done"), taken
        found = taken["error_count"], taken["waiting_count"]
        assert found == (file["refused"], file["waiting"]), (file, taken)
    assert balance(admin) - before == pytest.approx(float(expected["balance"]))
