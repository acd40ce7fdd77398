"""Start the scripts of this folder from a test, on a copy of the test database."""

import os
import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

from aiosmtpd.controller import Controller

import odoo.sql_db
from odoo.tests.common import get_db_name
from odoo.tools import config

FOLDER = Path(__file__).parent


class Processes:
    """The commands of one script, each a process, all on the same database."""

    def __init__(self, script, database):
        self.script = script
        self.database = database

    def start(self, *arguments, **options):
        command = [sys.executable, FOLDER / f"{self.script}.py"]
        command += [config["config"], self.database, *arguments]
        return subprocess.Popen(list(map(str, command)), env=pg_env(), **options)

    def do(self, *arguments):
        """Run a command to its end; return what it printed."""
        process = self.start(*arguments, stdout=subprocess.PIPE, text=True)
        output, _errors = process.communicate(timeout=900)
        assert process.returncode == 0, output
        return output


@contextmanager
def copy_of_test_database(suffix):
    """Real processes may commit to it; dropped afterwards."""
    # what the workers' own databases are copies of: nobody is connected to it
    source = os.environ.get("CREDITBOX_TEST_DB") or get_db_name()
    copy = f"{get_db_name()}_{suffix}"
    odoo.sql_db.close_db(source)
    subprocess.run(["createdb", "-T", source, copy], check=True, env=pg_env())
    try:
        yield copy
    finally:
        subprocess.run(["dropdb", "--force", copy], check=True, env=pg_env())


def pg_env():
    names = {"PGHOST": "db_host", "PGPORT": "db_port", "PGUSER": "db_user"}
    return os.environ | {
        name: str(config[option]) for name, option in names.items() if config[option]
    }


@contextmanager
def smtp_server(handler):
    """A real SMTP server on the loopback; yields its port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()
