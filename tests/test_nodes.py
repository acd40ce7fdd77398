"""Two servers on one database share a run; one of them may die."""

import json
import socket
import subprocess
import sys
import time
from collections import Counter
from contextlib import contextmanager

import pytest
from processes.harness import Processes, copy_of_test_database, pg_env, smtp_server

from odoo.tools import config

ACTIONS = 120
BILLS_AN_ACTION = 2.5
SENDERS = 3  # of one node: two jobs and a scheduled action
PATIENCE = 240  # seconds
SERVER = "import sys; from odoo.cli import main; sys.argv[0] = 'odoo'; main()"


class Mailbox:
    def __init__(self):
        self.taken = Counter()
        self.clients = set()

    async def handle_DATA(self, server, session, envelope):
        self.taken.update(envelope.rcpt_tos)
        self.clients.add(session.peer)
        return "250 OK"


@pytest.fixture
def mailbox():
    box = Mailbox()
    with smtp_server(box) as box.port:
        yield box


@pytest.fixture
def nodes():
    with copy_of_test_database("nodes") as database:
        yield Processes("killed", database)


@contextmanager
def node(database, log):
    """A server with its job runner and its scheduled actions, as on a node."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    options = ["-c", config["config"], "-d", database, f"--http-port={port}"]
    options += ["--workers=0", "--load=base,web,queue_job", "--max-cron-threads=1"]
    command = [sys.executable, "-c", SERVER, "server", *options]
    environment = pg_env() | {
        "ODOO_QUEUE_JOB_CHANNELS": "root:2",
        "ODOO_QUEUE_JOB_HOST": "127.0.0.1",
        "ODOO_QUEUE_JOB_PORT": str(port),
    }
    with log.open("w") as output:
        process = subprocess.Popen(command, env=environment, stderr=output)
        try:
            yield process
        finally:
            process.kill()
            process.wait()


def _wait(condition):
    until = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < until, "nothing goes on any more"
        time.sleep(0.5)


def _report(nodes):
    return json.loads(nodes.do("report").splitlines()[-1])


def test_two_nodes_share_a_run_and_one_dies(nodes, mailbox, tmp_path):
    nodes.do("propose", mailbox.port, int(ACTIONS * BILLS_AN_ACTION))
    nodes.do("execute")
    logs = [tmp_path / name for name in ("first.log", "second.log")]
    with (
        node(nodes.database, logs[0]) as first,
        node(nodes.database, logs[1]),
    ):
        _wait(lambda: len(mailbox.taken) >= ACTIONS // 4)
        first.kill()
        _wait(lambda: len(mailbox.taken) >= ACTIONS - SENDERS)
        _wait(lambda: not _unsettled(nodes))
    actions = _report(nodes)["actions"]
    assert set(mailbox.taken.values()) == {1}, "nobody is written to twice"
    doubtful = [a["address"] for a in actions if a["in_doubt"]]
    assert len(doubtful) <= SENDERS, "one a sender at most"
    done = {a["address"] for a in actions if a["state"] == "done"}
    assert done == set(mailbox.taken) - set(doubtful)
    assert len(done) + len(doubtful) == len(actions) == ACTIONS


def _unsettled(nodes):
    return [
        action
        for action in _report(nodes)["actions"]
        if action["state"] != "done" and not action["in_doubt"]
    ]
