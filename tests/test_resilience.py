"""A process killed at any moment loses no action and sends none twice."""

import json
import os
import socket
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

import odoo.sql_db
from odoo.tests.common import get_db_name
from odoo.tools import config

WORKER = Path(__file__).parent / "resilience" / "worker.py"
# a claim that old belongs to nobody alive (creditbox.transport DEAD_AFTER)
DEAD_AFTER = 11


class Mailbox:
    """An SMTP server that kills its client at chosen messages."""

    def __init__(self, port, kill_at):
        self.port = port
        self.kill_at = kill_at  # {number of message: before or after it is taken}
        self.taken = Counter()
        self.client = None

    async def handle_DATA(self, server, session, envelope):
        moment = self.kill_at.pop(self.taken.total() + 1, None)
        if moment == "before":
            self.client.kill()
            return "451 not taken"
        self.taken.update(envelope.rcpt_tos)
        if moment == "after":
            self.client.kill()
        return "250 OK"


@pytest.fixture
def mailbox():
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    box = Mailbox(port, {3: "before", 9: "after", 22: "before", 30: "after"})
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield box
    controller.stop()


@pytest.fixture
def database():
    """A copy of the test database, to which real processes may commit."""
    source = get_db_name()
    copy = f"{source}_killed"
    odoo.sql_db.close_db(source)
    subprocess.run(["createdb", "-T", source, copy], check=True, env=_pg_env())
    yield copy
    subprocess.run(["dropdb", "--force", copy], check=True, env=_pg_env())


def _pg_env():
    names = {"PGHOST": "db_host", "PGPORT": "db_port", "PGUSER": "db_user"}
    return os.environ | {
        name: str(config[option]) for name, option in names.items() if config[option]
    }


def _start(database, *arguments, **options):
    command = [sys.executable, WORKER, config["config"], database, *arguments]
    return subprocess.Popen(list(map(str, command)), env=_pg_env(), **options)


def _do(database, *arguments):
    process = _start(database, *arguments, stdout=subprocess.PIPE, text=True)
    output, _errors = process.communicate(timeout=180)
    assert process.returncode == 0
    return output


def _report(database):
    return json.loads(_do(database, "report").splitlines()[-1])


def test_kill_at_any_moment(database, mailbox):
    _do(database, "propose", mailbox.port)
    kills = len(mailbox.kill_at)
    for _attempt in range(kills):
        mailbox.client = _start(database, "work")
        assert mailbox.client.wait(timeout=180) == -9, "killed"
    time.sleep(DEAD_AFTER)
    _do(database, "work")

    actions = _report(database)["actions"]
    assert len(actions) == 40
    doubtful = {a["address"] for a in actions if a["in_doubt"]}
    certain = {a["address"]: a["state"] for a in actions if not a["in_doubt"]}
    assert len(doubtful) == kills, "each kill leaves one that nobody knows of"
    assert set(certain.values()) == {"done"}
    assert set(mailbox.taken.values()) == {1}, "nobody is written to twice"
    assert set(certain) <= set(mailbox.taken), "nobody is forgotten"
    assert len(doubtful & set(mailbox.taken)) == 2, "killed after it was taken"

    _do(database, "settle", ",".join(mailbox.taken))
    _do(database, "work")
    report = _report(database)
    assert report["state"] == "done"
    assert {a["state"] for a in report["actions"]} == {"done"}
    assert {step for a in report["actions"] for step in a["steps"]} == {1}
    assert set(mailbox.taken.values()) == {1}
    assert len(mailbox.taken) == 40, "everybody was written to exactly once"
