"""The commands of ./creditbox and their options."""

import argparse
import subprocess
import sys

from launcher import (
    bench,
    demo,
    environment,
    i18n,
    lint,
    odoo,
    paths,
    server,
    tests_run,
)
from launcher.background import Service
from launcher.console import Failure, say

DEMO_DB = demo.DATABASE
PORT = 8069
TEST_JOBS = 2


def main(arguments=None):
    parser = _parser()
    options, rest = parser.parse_known_args(arguments)
    if rest and options.command != "test":
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    try:
        return options.run(options, rest) or 0
    except Failure as failure:
        print(f"creditbox: {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _parser():
    parser = argparse.ArgumentParser(prog="./creditbox", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")

    def command(name, run, text):
        one = commands.add_parser(name, help=text, description=text)
        one.set_defaults(run=run)
        return one

    command("setup", _setup, "fetch Odoo, make its Python and its database server")
    test = command("test", tests_run.run, "run the tests (other options go to pytest)")
    test.add_argument("--db", help="work in this database, which stays (development)")
    test.add_argument("--addons", help="only these addons, with commas")
    test.add_argument(
        "-n", dest="jobs", type=int, default=TEST_JOBS, help="workers (default 2)"
    )
    shell = command("shell", _shell, "Odoo's shell; runs a script given on stdin")
    shell.add_argument("--db", default=DEMO_DB)
    start = command("start", _start, "start the web server in the background")
    start.add_argument("--db", default=DEMO_DB)
    start.add_argument("--port", type=int, default=PORT)
    try_out = command("demo", demo.run, "make the demo's data and serve it")
    try_out.add_argument("--customers", type=int, help="how many customers to make")
    try_out.add_argument("--fresh", action="store_true", help="make it anew")
    try_out.add_argument("--no-serve", dest="serve", action="store_false")
    try_out.add_argument("--port", type=int, default=PORT)
    stop = command("stop", _stop, "stop the web server and the database server")
    stop.add_argument("--port", type=int, help="only the web server on this port")
    command("status", _status, "what is there and what runs")
    check = command("lint", lint.run, "check style and data files")
    check.add_argument("--fix", action="store_true", help="mend what ruff can mend")
    check.add_argument("--advice", action="store_true", help="pylint's wider set too")
    measure = command("bench", bench.run, "measure (one JSON object a line)")
    measure.add_argument("names", nargs="*", metavar="NAME")
    measure.add_argument("--size", type=int)
    measure.add_argument("--full", action="store_true", help="the full size")
    measure.add_argument("--keep", action="store_true", help="keep the database")
    measure.add_argument("--db", help="work in this database, which stays")
    terms = command("i18n", i18n.run, "export the terms, update the translations")
    terms.add_argument("addons", nargs="*", metavar="ADDON")
    terms.add_argument("--db", help="the database to use, which stays")
    client = command("psql", _psql, "PostgreSQL's own shell")
    client.add_argument("--db", default=DEMO_DB)
    reset = command("reset", _reset, "drop this checkout's databases")
    reset.add_argument("--yes", action="store_true", help="do not ask")
    return parser


def _setup(options, rest):
    databases = environment.prepare()
    say(f"Odoo 19    {databases.venv.tree.root}")
    say(f"Python     {databases.venv.python}")
    say(f"PostgreSQL {databases.server.host}")
    say("ready")


def _shell(options, rest):
    databases = environment.prepare()
    if not databases.exists(options.db):
        raise Failure(f"There is no database {options.db}.")
    arguments = ["-c", paths.ODOO_CONF, "-d", options.db, "--no-http"]
    if not sys.stdin.isatty():
        arguments.append("--log-level=warn")
    command = odoo.command(databases.venv, "shell", *arguments)
    return subprocess.run(command, env=databases.server.env()).returncode


def _psql(options, rest):
    databases = environment.prepare()
    program = databases.server.bin_dir / "psql"
    return subprocess.run([program, options.db], env=databases.server.env()).returncode


def _start(options, rest):
    databases = environment.prepare()
    if options.db == DEMO_DB:
        demo.start_mailbox(databases)
    server.start(databases, options.db, options.port)


def _stop(options, rest):
    for service in list(Service.all()):
        if options.port in (None, service.port):
            say(f"stopping {server.address(service)}")
            service.stop()
    if options.port is not None:
        return
    _environment, postgres = environment.installed()
    if users := postgres.in_use():
        say(f"database server kept running: {', '.join(users)} in use")
    elif postgres.stop():
        say("database server stopped")


def _status(options, rest):
    found, postgres = environment.installed()
    say(f"Odoo 19    {found.tree.root}")
    say(f"PostgreSQL {'running' if postgres.is_running() else 'stopped'}")
    for service in Service.all():
        say(f"running    {server.address(service)}")


def _reset(options, rest):
    databases = environment.prepare()
    names = databases.own_names()
    if not names:
        return say("there are no databases")
    say("\n".join(names))
    if not options.yes and input("Drop all these databases? [y/N] ").lower() != "y":
        return say("nothing was done")
    for name in names:
        server.stop_those_of(name)
        databases.drop(name)
    return say(f"{len(names)} databases dropped")
