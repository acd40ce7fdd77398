"""Odoo's own command line, with this checkout's configuration; its log is read."""

import re
import subprocess

from launcher import paths
from launcher.console import Failure, tail

ALLOWED = paths.ROOT / "config/log-allowed.txt"
LOUD = re.compile(r"^\S+ \S+ \d+ (WARNING|ERROR|CRITICAL) ")
RECORD = re.compile(r"^\d{4}-\d\d-\d\d \S+ \d+ [A-Z]+ ")


def write_conf(server, venv):
    """odoo.conf of this checkout, made anew at every start: nothing to keep in step."""
    paths.make_dir(paths.DATA_DIR)
    addons_path = [*venv.tree.addons_paths, paths.ADDONS]
    options = {
        "addons_path": ",".join(map(str, addons_path)),
        "data_dir": paths.DATA_DIR,
        "db_host": server.host,
        "db_port": server.port,
        "db_user": server.user,
        "db_maxconn": 32,
        "list_db": "False",
        "http_interface": "127.0.0.1",
        "server_wide_modules": "base,web",
        "limit_time_real": 3600,
        "limit_time_cpu": 3600,
    }
    if server.password:
        options["db_password"] = server.password
    lines = [f"{name} = {value}\n" for name, value in options.items()]
    text = "".join(["[options]\n", *lines])
    if not paths.ODOO_CONF.exists() or paths.ODOO_CONF.read_text() != text:
        paths.ODOO_CONF.write_text(text)
        paths.ODOO_CONF.chmod(0o600)


def command(venv, *arguments):
    return [str(venv.python), "-m", "odoo", *map(str, arguments)]


def server(databases, name, *options):
    """One run that installs or updates, and must leave a clean log."""
    log = paths.make_dir(paths.LOGS) / f"{name}.log"
    start = log.stat().st_size if log.exists() else 0
    arguments = ["server", "-c", paths.ODOO_CONF, "-d", name, "--no-http", *options]
    with log.open("ab") as output:
        done = subprocess.run(
            command(databases.venv, *arguments, "--stop-after-init"),
            env=databases.server.env(),
            cwd=paths.ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    if done.returncode:
        raise Failure(f"Odoo failed on {name} (log: {log}):\n{tail(log, start, 40)}")
    if loud := loud_records(log, start):
        raise Failure(
            f"Odoo's log holds warnings or errors (log: {log}):\n" + "\n".join(loud)
        )


def loud_records(log, start=0):
    """The warnings and errors in a log that config/log-allowed.txt does not name."""
    allowed = [
        re.compile(line)
        for line in ALLOWED.read_text().splitlines()
        if line and not line.startswith("#")
    ]
    with log.open("rb") as stream:
        stream.seek(start)
        text = stream.read().decode(errors="replace")
    records = _records(text)
    loud = [record for record in records if LOUD.match(record)]
    return [r for r in loud if not any(p.search(r) for p in allowed)]


def _records(text):
    """A log's records: a line with a date, and the lines of its traceback."""
    record = []
    for line in text.splitlines():
        if RECORD.match(line) and record:
            yield "\n".join(record)
            record = []
        record.append(line)
    if record:
        yield "\n".join(record)
