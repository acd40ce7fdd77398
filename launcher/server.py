"""The web server in the background: start, stop, status."""

import glob
import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

from launcher import odoo, paths
from launcher.console import Failure, say, tail

PID = paths.STATE / "server.json"
LOG = paths.LOGS / "server.log"
PATIENCE = 180


def start(databases, name, port):
    """Start the web server with its job runner and wait until it answers."""
    if running := current():
        if (running["db"], running["port"]) == (name, port):
            return say(f"already running: {address(running)}")
        raise Failure(f"The server is already running: {address(running)}.", _STOP)
    if not databases.exists(name):
        raise Failure(
            f"There is no database {name}.",
            "Make the demo with ./creditbox demo, or name another with --db.",
        )
    require_port(port)
    process = _spawn(databases, name, port)
    PID.write_text(json.dumps({"pid": process.pid, "db": name, "port": port}))
    _wait(process, port)
    return say(f"running: {address(current())}")


_STOP = "Stop it first: ./creditbox stop"


def _spawn(databases, name, port):
    paths.make_dir(paths.LOGS)
    options = ["-c", paths.ODOO_CONF, "-d", name, "--http-port", port, "--workers=0"]
    command = odoo.command(
        databases.venv, "server", *options, "--load=base,web,queue_job"
    )
    env = {"ODOO_QUEUE_JOB_CHANNELS": "root:2", **databases.server.env()}
    with LOG.open("ab") as log:
        return subprocess.Popen(
            command,
            env=env,
            cwd=paths.ROOT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def _wait(process, port):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if process.poll() is not None:
            PID.unlink(missing_ok=True)
            raise Failure(f"The server ended (log: {LOG}):\n{tail(LOG)}")
        try:
            with urllib.request.urlopen(
                f"http://127.0.0.1:{port}/web/health", timeout=5
            ):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    raise Failure(f"The server does not answer after {PATIENCE} s (log: {LOG}).", _STOP)


def current():
    """The running server of this checkout, or None."""
    try:
        running = json.loads(PID.read_text())
        command = Path(f"/proc/{running['pid']}/cmdline").read_bytes()
    except (OSError, ValueError):
        return None
    return running if os.fsencode(paths.ODOO_CONF) in command else None


def address(running):
    return f"http://localhost:{running['port']} (database {running['db']})"


def stop():
    """Stop the web server; True if there was one."""
    running = current()
    PID.unlink(missing_ok=True)
    if not running:
        return False
    os.kill(running["pid"], signal.SIGTERM)
    for _tenth in range(300):
        if not _alive(running["pid"]):
            return True
        time.sleep(0.1)
    os.kill(running["pid"], signal.SIGKILL)
    return True


def _alive(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def require_port(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            what = f"Port {port} is for root only."
        except OSError:
            what = f"Port {port} is taken by {_who_has(port)}."
        else:
            return
    raise Failure(what, "Choose another: --port 8070")


def _who_has(port):
    """The process that listens on a port, as far as we may look."""
    listening = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        for line in Path(table).read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and int(fields[1].rsplit(":", 1)[1], 16) == port:
                listening.add(f"socket:[{fields[9]}]")
    for link in glob.glob("/proc/[0-9]*/fd/*"):
        try:
            if os.readlink(link) in listening:
                pid = link.split("/")[2]
                command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
                return f"process {pid} ({os.fsdecode(b' '.join(command).strip())})"
        except OSError:
            continue
    return "another user's process"
