"""Processes that stay when the launcher ends: started, found again, stopped."""

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

from launcher import paths
from launcher.console import Failure, tail

PATIENCE = 180


class Service:
    """A background process that answers HTTP on a port of this machine."""

    def __init__(self, kind, port):
        self.kind, self.port = kind, port
        self.record = paths.STATE / "run" / f"{kind}-{port}.json"
        self.log = paths.LOGS / f"{kind}-{port}.log"

    @classmethod
    def all(cls):
        """The services of this checkout that run."""
        for record in sorted((paths.STATE / "run").glob("*.json")):
            kind, _dash, port = record.stem.rpartition("-")
            service = cls(kind, int(port))
            if service.about() is not None:
                yield service

    def about(self):
        """What was noted when it was started, or None if it does not run."""
        try:
            noted = json.loads(self.record.read_text())
            command = Path(f"/proc/{noted['pid']}/cmdline").read_bytes()
        except (OSError, ValueError):
            return None
        # After a reboot the number may be another process's.
        return noted if os.fsencode(noted["mark"]) in command else None

    def start(self, command, env, health="/", **noted):
        """Start it and wait until it answers."""
        remedy = f"The {self.kind} server needs it: free it, try again."
        require_port(self.port, remedy)
        paths.make_dir(self.log.parent)
        paths.make_dir(self.record.parent)
        command = [os.fspath(part) for part in command]
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                command,
                env=env,
                cwd=paths.ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        noted.update(pid=process.pid, mark=command[-1])
        self.record.write_text(json.dumps(noted))
        self._wait(process, f"http://127.0.0.1:{self.port}{health}")

    def _wait(self, process, url):
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if process.poll() is not None:
                self.record.unlink(missing_ok=True)
                what = f"The {self.kind} server ended (log: {self.log})"
                raise Failure(f"{what}:\n{tail(self.log)}")
            try:
                with urllib.request.urlopen(url, timeout=5):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.5)
        raise Failure(
            f"The {self.kind} server does not answer after {PATIENCE} s.",
            f"Its log: {self.log}",
        )

    def stop(self):
        noted = self.about()
        self.record.unlink(missing_ok=True)
        if noted:
            _end(noted["pid"])


def _end(pid):
    """Ask, wait half a minute, then insist."""
    os.kill(pid, signal.SIGTERM)
    for _tenth in range(300):
        if not _alive(pid):
            return
        time.sleep(0.1)
    os.kill(pid, signal.SIGKILL)


def _alive(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def require_port(port, remedy="Free it, or choose another one: --port 8070"):
    """The port must be free; else say who has it."""
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
    raise Failure(what, remedy)


def _who_has(port):
    """The process that listens on a port, as far as we may look."""
    listening = {f"socket:[{inode}]" for inode in _listening(port)}
    for link in glob.glob("/proc/[0-9]*/fd/*"):
        try:
            if os.readlink(link) in listening:
                pid = link.split("/")[2]
                command = Path(f"/proc/{pid}/cmdline").read_bytes()
                return f"process {pid}: {os.fsdecode(command).replace(chr(0), ' ')}"
        except OSError:
            continue
    return "another user's process"


def _listening(port):
    """The sockets that listen on a port (proc(5): state 0A is LISTEN)."""
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        if not os.path.exists(table):
            continue
        for line in Path(table).read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and int(fields[1].rpartition(":")[2], 16) == port:
                yield fields[9]
