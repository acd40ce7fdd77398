"""./creditbox demo: a database with all addons and demo/build.py's data, served.

demo/build.py runs in Odoo's shell (``env`` is there, superuser) and commits what it
makes; CREDITBOX_DEMO_CUSTOMERS holds the number of customers, or is empty for the
script's own choice. What it prints is shown to the user. A database that is there is
kept and brought up to date; --fresh makes it anew.
"""

import os
import subprocess

from launcher import addons, environment, odoo, paths, server
from launcher.console import Failure, Steps, say, say_changes

DATABASE = "creditbox_demo"
SCRIPT = paths.ROOT / "demo/build.py"


def run(options, rest):
    if not SCRIPT.is_file():
        raise Failure("demo/build.py, which makes the demo's data, is not there yet.")
    if options.serve and not server.current():
        server.require_port(options.port)
    databases = environment.prepare()
    steps = Steps(2)
    if options.fresh or options.customers or not databases.exists(DATABASE):
        _build(databases, steps, options.customers)
    else:
        _update(databases, steps)
    if not options.serve:
        return
    with steps.step("starting the web server"):
        server.start(databases, DATABASE, options.port)
    say(f"Log in at http://localhost:{options.port} as admin, password admin.")


def _build(databases, steps, customers):
    steps.total += 1
    work = f"{DATABASE}_new"
    with steps.step("preparing the database with all addons"):
        databases.create_from_template(work, addons.names())
    with steps.step("making the demo's data"):
        _run_script(databases, work, customers)
    server.stop()
    databases.drop(DATABASE)
    databases.rename(work, DATABASE)


def _run_script(databases, name, customers):
    options = ["-c", paths.ODOO_CONF, "-d", name, "--no-http", "--log-level=warn"]
    env = {**databases.server.env(), "CREDITBOX_DEMO_CUSTOMERS": str(customers or "")}
    env["PYTHONPATH"] = os.fspath(paths.ROOT)
    with SCRIPT.open() as script:
        done = subprocess.run(
            odoo.command(databases.venv, "shell", *options),
            stdin=script,
            env=env,
            cwd=paths.ROOT,
        )
    if done.returncode:
        raise Failure("demo/build.py failed; what it said is above.")


def _update(databases, steps):
    with steps.step("bringing the demo up to date"):
        new, changed = databases.bring_up_to_date(
            DATABASE, addons.names(), before=server.stop
        )
    say_changes(new, changed)
