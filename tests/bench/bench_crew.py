"""Crews' phones over HTTP, against a real server of its own (one process, threads).

1. N outcomes, each with its 4 photos, sent as the phones send them, some at a time.
2. A payment while 200 phones have their page open: from its posting to the stop on
   the websocket of the crew that the order belongs to, the payment's own time included.
"""

import io
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import bulk
import requests
import websocket
from PIL import Image

import odoo.tools
from odoo import Command
from odoo.fields import Datetime

SIZE = 500
FULL = 500
PHONES = 4  # that send at the same time
PAGES = 200  # open
PAYMENTS = 100
KINDS = ("before", "after", "seal", "meter")
PASSWORD = "bench-crew"
HERE = {"latitude": 43.7, "longitude": 10.4, "accuracy": 5}


def run(env_factory, size):
    with env_factory() as env:
        company = bulk.company(env, "Bench crew")
        bulk.BILLS_A_POSITION = 1
        bulk.bills(env, company, size + PAYMENTS, days_overdue=(30, 60))
        logins = [_crew(env, company, number) for number in range(PAGES)]
        orders = _orders(env, company, logins)
        database = env.cr.dbname
        env.cr.commit()
    port = _free_port()
    server = _start(database, port)
    try:
        base = f"http://127.0.0.1:{port}"
        phones = {login: _log_in(base, database, login) for login in logins}
        yield _outcomes(base, phones, orders[:size])
        yield _stops(env_factory, base, phones, orders[size:])
    finally:
        server.terminate()
        server.wait(30)


def _crew(env, company, number):
    login = f"bench-crew-{number}"
    user = (
        env["res.users"]
        .with_context(no_reset_password=True)
        .create(
            {
                "name": login,
                "login": login,
                "password": PASSWORD,
                "company_id": company.id,
                "company_ids": [Command.set(company.ids)],
                "group_ids": [Command.set(env.ref("base.group_portal").ids)],
            }
        )
    )
    env["fsm.person"].create({"partner_id": user.partner_id.id})
    return login


def _orders(env, company, logins):
    """:return: [(order id, login of its crew, its bills)], with the crew on site"""
    positions = env["creditbox.position"].search(
        [("company_id", "=", company.id), ("amount_overdue", ">", 0)]
    )
    orders = env["fsm.order"]
    demands = orders._demands_by_hand(positions, "suspension")
    made = orders._request(demands, "operator")
    for state in ("accepted", "sent", "on_site"):
        made._enter(state)
    made.creditbox_debt_checked_at = Datetime.now()
    crews = env["fsm.person"].search([("partner_id.user_ids.login", "in", logins)])
    found = []
    for number, order in enumerate(made):
        order.person_id = crews[number % len(crews)]
        login = order.person_id.partner_id.user_ids.login
        bills = order.creditbox_move_line_ids.move_id.ids
        found.append((order.id, login, bills))
    return found


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _start(database, port):
    command = [sys.executable, "-m", "odoo", "server", "-c"]
    command += [odoo.tools.config["config"], "-d", database, "-p", str(port)]
    command += ["--max-cron-threads=0", "--workers=0", "--log-level=error"]
    command += [f"--db-filter=^{database}$", "--http-interface=127.0.0.1"]
    # a thread and a connection for each page that is open
    environment = {**os.environ, "ODOO_MAX_HTTP_THREADS": str(PAGES + 20)}
    server = subprocess.Popen(command, env=environment)
    for _try in range(240):
        try:
            requests.get(f"http://127.0.0.1:{port}/web/health", timeout=5)
            return server
        except requests.RequestException:
            time.sleep(0.5)
    raise RuntimeError("the server does not answer")


def _log_in(base, database, login):
    session = requests.Session()
    params = {"db": database, "login": login, "password": PASSWORD}
    answer = session.post(
        f"{base}/web/session/authenticate",
        json={"jsonrpc": "2.0", "params": params},
        timeout=120,
    )
    assert answer.json().get("result", {}).get("uid"), answer.text
    return session


def _photo():
    """A picture that compresses as those of a phone do: about 150 kB."""
    noise = Image.frombytes("RGB", (320, 240), random.randbytes(320 * 240 * 3))
    out = io.BytesIO()
    noise.resize((1600, 1200)).save(out, "JPEG", quality=75)
    return out.getvalue()


def _visit(base, phone, order_id):
    entries, files = [], {}
    for kind in KINDS:
        key = f"{order_id}-{kind}-photo"
        entries.append(
            {"key": key, "what": "photo", "order": order_id, "kind": kind, "file": key}
            | HERE
        )
        files[key] = (key, PHOTOS.pop())
    entries.append(
        {"key": f"{order_id}-outcome", "what": "done", "order": order_id, "seal": "S"}
    )
    answer = phone.post(
        f"{base}/creditbox/crew/send",
        data={"entries": json.dumps(entries)},
        files=files,
        headers={"X-CreditBox-Crew": "1"},
        timeout=120,
    )
    answers = answer.json()["answers"]
    assert all(one["ok"] for one in answers), answers


PHOTOS = []


def _outcomes(base, phones, orders):
    PHOTOS[:] = [_photo() for _order in orders for _kind in KINDS]
    megabytes = sum(map(len, PHOTOS)) / 1024**2
    started = time.perf_counter()
    with ThreadPoolExecutor(PHONES) as pool:
        list(pool.map(lambda o: _visit(base, phones[o[1]], o[0]), orders))
    seconds = time.perf_counter() - started
    return {
        "bench": "crew: outcomes with 4 photos",
        "n": len(orders),
        "unit": "outcome",
        "seconds": round(seconds, 2),
        "per_unit_ms": round(seconds / len(orders) * 1000, 1),
        "photos_mb": round(megabytes),
        "phones": PHONES,
    }


class Page:
    """The websocket of an open page, heard by a thread."""

    def __init__(self, base, session, version):
        self.heard = {}
        self.socket = websocket.create_connection(
            f"{base.replace('http', 'ws')}/websocket?version={version}",
            cookie=f"session_id={session.cookies['session_id']}",
            origin=base,
            timeout=120,
        )
        data = {"channels": [], "last": 0}
        self.socket.send(json.dumps({"event_name": "subscribe", "data": data}))
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self):
        try:
            while True:
                for note in json.loads(self.socket.recv()):
                    if note["message"]["type"] == "creditbox_order_stopped":
                        order = note["message"]["payload"]["id"]
                        self.heard.setdefault(order, time.perf_counter())
        except (websocket.WebSocketException, OSError, ValueError):
            return


def _stops(env_factory, base, phones, orders):
    from odoo.addons.bus.websocket import WebsocketConnectionHandler

    version = WebsocketConnectionHandler._VERSION
    pages = {login: Page(base, phone, version) for login, phone in phones.items()}
    time.sleep(3)  # until the last has subscribed
    taken = []
    for order_id, login, bills in orders:
        with env_factory() as env:
            paid = _pay(env, bills)
        deadline = time.perf_counter() + 30
        while order_id not in pages[login].heard and time.perf_counter() < deadline:
            time.sleep(0.005)
        taken.append(pages[login].heard.get(order_id, deadline) - paid)
    taken.sort()
    return {
        "bench": f"crew: payment to stop, {len(pages)} pages open",
        "n": len(taken),
        "unit": "payment",
        "seconds": round(sum(taken), 2),
        "per_unit_ms": round(statistics.median(taken) * 1000, 1),
        "p99_ms": round(taken[int(len(taken) * 0.99) - 1] * 1000, 1),
    }


def _pay(env, bill_ids):
    """:return: when the payment began, its own time included"""
    bills = env["account.move"].browse(bill_ids)
    env = env(context={"allowed_company_ids": bills.company_id.ids})
    bills = bills.with_env(env)
    journal = env["account.journal"].search(
        [("company_id", "=", bills.company_id.id), ("type", "=", "bank")], limit=1
    )
    payment = env["account.payment"].create(
        {
            "partner_id": bills.partner_id.id,
            "amount": sum(bills.mapped("amount_residual")),
            "journal_id": journal.id,
            "date": bulk.TODAY,
        }
    )
    payment.outstanding_account_id = journal.default_account_id
    started = time.perf_counter()
    payment.action_post()
    (payment.move_id | bills).line_ids.filtered(
        lambda line: line.account_id.account_type == "asset_receivable"
    ).reconcile()
    env.cr.commit()
    return started
