"""A run of e-mails from «ready» until the mail server has taken the last of them.

Two workers share the run as two nodes would, each in a process of its own: they hand
batches over, then empty the queue. Started as ``bench_execute.py CONF DATABASE RUN``
this file is such a worker; it prints its queries and its peak memory.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import communications

import odoo.tools
from odoo.api import SUPERUSER_ID, Environment
from odoo.modules.registry import Registry
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

SIZE = 2_000
FULL = 100_000
WORKERS = 2
FOLDER = Path(__file__).parent


def run(env_factory, size):
    with env_factory() as env:
        run_id = communications._propose(env, size, "email")
    with sink() as mailbox:
        with env_factory() as env:
            _send_to(env, mailbox.port)
            backend = _backend(env)
        postgres = _cpu_of_server(backend)
        started = time.perf_counter()
        workers = [_start(run_id) for _number in range(WORKERS)]
        reports = [json.loads(w.communicate()[0].splitlines()[-1]) for w in workers]
        seconds = time.perf_counter() - started
        postgres = _cpu_of_server(backend) - postgres
        time.sleep(0.5)
        taken, unique = mailbox.counts()
        sink_cpu = mailbox.cpu()
    with env_factory() as env:
        done = env["creditbox.action"].search_count(
            [("run_id", "=", run_id), ("state", "=", "done")]
        )
    if not taken == unique == done:
        raise AssertionError(f"{taken} taken, {unique} different, {done} done")
    work = sum(report["cpu"] for report in reports)
    return {
        "bench": "execute",
        "n": done,
        "unit": "e-mail",
        "seconds": round(seconds, 2),
        "per_second": round(done / max(r["seconds"] for r in reports), 1),
        "per_unit_ms": round(seconds * 1000 / done, 3),
        "cpu_per_unit_ms": round(work * 1000 / done, 3),
        "postgres_cpu_per_unit_ms": round(postgres * 1000 / done, 3),
        "sink_cpu_per_unit_ms": round(sink_cpu * 1000 / done, 3),
        "queries_per_unit": round(sum(r["queries"] for r in reports) / done, 3),
        "peak_mb": max(report["peak_mb"] for report in reports),
        "workers": WORKERS,
    }


def _send_to(env, port):
    env["ir.mail_server"].search([]).active = False
    env["ir.mail_server"].create(
        {
            "name": "Sink",
            "smtp_host": "127.0.0.1",
            "smtp_port": port,
            "smtp_encryption": "none",
        }
    )


def _start(run_id):
    config = odoo.tools.config
    return subprocess.Popen(
        [sys.executable, __file__, config["config"], config["db_name"][0], str(run_id)],
        stdout=subprocess.PIPE,
        text=True,
    )


# ----------------------------------------------------------------------
# the mail server
# ----------------------------------------------------------------------
class Sink:
    """tests/bench/sink.py, running."""

    def __init__(self, folder):
        self.files = [Path(folder) / name for name in ("port", "count")]
        self.process = subprocess.Popen(
            [sys.executable, FOLDER / "sink.py", *self.files]
        )
        while not (self.files[0].exists() and self.files[0].read_text()):
            time.sleep(0.05)
        self.port = int(self.files[0].read_text())

    def counts(self):
        """:return: messages taken, different recipients"""
        return tuple(map(int, self.files[1].read_text().split()))

    def cpu(self):
        return _cpu(self.process.pid)[0]


@contextmanager
def sink():
    with tempfile.TemporaryDirectory() as folder:
        mailbox = Sink(folder)
        try:
            yield mailbox
        finally:
            mailbox.process.terminate()
            mailbox.process.wait()


# ----------------------------------------------------------------------
# processor time
# ----------------------------------------------------------------------
def _backend(env):
    """:return: process id of a server process, if it runs here"""
    env.cr.execute("SELECT pg_backend_pid()")
    return env.cr.fetchone()[0]


def _cpu_of_server(backend):
    """:return: seconds of processor time of all processes of the database server"""
    try:
        postmaster = _parent(backend)
    except FileNotFoundError:  # on another machine
        return 0
    total = sum(_cpu(postmaster))
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and _parent(entry.name) == postmaster:
                total += _cpu(entry.name)[0]
        except FileNotFoundError:
            continue
    return total


def _stat(pid):
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def _parent(pid):
    return int(_stat(pid)[1])


def _cpu(pid):
    """:return: seconds of a process, and of its children that have ended"""
    values = [int(value) / os.sysconf("SC_CLK_TCK") for value in _stat(pid)[11:15]]
    return values[0] + values[1], values[2] + values[3]


# ----------------------------------------------------------------------
# a worker
# ----------------------------------------------------------------------
def work(conf, database, run_id):
    odoo.tools.config.parse_config(["-c", conf, "-d", database, "--log-level=warn"])
    registry = Registry(database)
    queries, started, cpu = 0, time.perf_counter(), time.process_time()
    for step in (_hand_over, _send):
        left = True
        while left:
            with registry.cursor() as cr, suppress(*PG_CONCURRENCY_EXCEPTIONS_TO_RETRY):
                env = Environment(cr, SUPERUSER_ID, {"lang": "it_IT"})
                left = step(env["creditbox.run"].browse(int(run_id)))
                cr.flush()
                queries += cr.sql_log_count
    result = {
        "seconds": time.perf_counter() - started,
        "cpu": time.process_time() - cpu,
        "queries": queries,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    print(json.dumps(result))


def _hand_over(run):
    run._execute_batch()
    return run.env["creditbox.action"].search_count(run._domain_ready(), limit=1)


def _send(run):
    queue = run.env["mail.mail"]
    queue._creditbox_process_queue()
    return queue.search_count(queue._creditbox_queue_domain(), limit=1)


if __name__ == "__main__":
    work(*sys.argv[1:])
