"""./creditbox demo: a database with all addons and demo/build.py's data, served.

demo/build.py runs in Odoo's shell (``env`` is there, superuser) and commits what it
makes; CREDITBOX_DEMO_CUSTOMERS holds the number of customers, or is empty for the
script's own choice. What it prints is shown to the user. A database that is there is
kept and brought up to date; --fresh or --customers makes it anew. Its mails and SMS go
to a mailbox of its own, demo/postbox.py.
"""

import os
import subprocess

from launcher import addons, environment, odoo, paths, server
from launcher.background import Service, require_port
from launcher.console import Failure, Steps, say, say_changes

DATABASE = "creditbox_demo"
SCRIPT = paths.ROOT / "demo/build.py"
WELCOME = paths.ROOT / "demo/welcome.txt"
MAILBOX = Service("mailbox", 8025)


def run(options, rest):
    if options.serve and not Service("web", options.port).about():
        require_port(options.port)
    databases = environment.prepare()
    build = options.fresh or options.customers or not databases.exists(DATABASE)
    steps = Steps(1 + bool(build) + options.serve)
    if build:
        _build(databases, steps, options.customers)
    else:
        _update(databases, steps)
    if not options.serve:
        return
    with steps.step("starting the web server and the mailbox"):
        start_mailbox(databases)
        server.start(databases, DATABASE, options.port)
    if not build:  # the script has said it already
        say(WELCOME.read_text())


def start_mailbox(databases):
    """Where the demo's messages land, on this machine."""
    if not MAILBOX.about():
        postbox = paths.ROOT / "demo/postbox.py"
        MAILBOX.start([databases.venv.python, postbox], dict(os.environ))


def _build(databases, steps, customers):
    """Under another name until it is complete: nothing half done is ever served."""
    work = f"{DATABASE}_new"
    with steps.step("preparing the database with all addons"):
        databases.create_from_template(work, addons.names())
    with steps.step("making the demo's data"):
        _run_script(databases, work, customers)
    server.stop_those_of(DATABASE)
    databases.drop(DATABASE)
    databases.rename(work, DATABASE)


def _run_script(databases, name, customers):
    options = ["-c", paths.ODOO_CONF, "-d", name, "--no-http", "--log-level=warn"]
    env = {**databases.server.env(), "CREDITBOX_DEMO_CUSTOMERS": str(customers or "")}
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
            DATABASE,
            addons.names(),
            before=lambda: server.stop_those_of(DATABASE),
        )
    say_changes(new, changed)
