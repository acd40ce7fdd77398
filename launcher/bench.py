"""./creditbox bench [NAME…] [--size N] [--full] [--keep | --db DB]: measure CreditBox.

A benchmark is a file tests/bench/bench_<name>.py with a function and two sizes::

    SIZE = 10_000         # by default: done within a minute
    FULL = 1_000_000      # with --full

    def run(env_factory, size):
        with env_factory() as env:      # a new transaction, committed at the end
            ...
        yield {"bench": "evaluate", "n": size, "unit": "bill", "seconds": 1.2, ...}

``run`` returns or yields results (dicts); each is printed as one line of JSON on
stdout, all else goes to stderr. Each benchmark gets a database of its own,
``creditbox_bench_…``, a copy of the template with all addons, dropped afterwards unless
--keep. With --db all work in the database of that name, which stays: what is made once
(tests/bench/office.py, minutes for a million bills) is there for the next.
The peer, OCA's account_credit_control, can be installed in it like any module.

The file is run by launcher/bench_inside.py with Odoo's Python, as the superuser.
"""

import os
import subprocess

from launcher import addons, environment, paths
from launcher.console import Failure

FOLDER = paths.ROOT / "tests/bench"


def run(options, rest):
    known = sorted(
        path.stem.removeprefix("bench_") for path in FOLDER.glob("bench_*.py")
    )
    unknown = sorted({*options.names} - {*known})
    if unknown or not known:
        raise Failure(
            f"There is no benchmark {', '.join(unknown)}." if unknown else "None yet.",
            f"There are: {', '.join(known) or 'none'} (tests/bench/bench_<name>.py).",
        )
    databases = environment.prepare()
    return max(_one(databases, name, options) for name in options.names or known)


def _one(databases, name, options):
    kept = options.db or options.keep
    database = options.db or f"creditbox_bench_{name if kept else os.getpid()}"
    if options.db and databases.exists(database):
        databases.bring_up_to_date(database, addons.names())
    else:
        databases.create_from_template(database, addons.names())
    size = ["--size", str(options.size)] if options.size else []
    full = ["--full"] if options.full else []
    command = [databases.venv.python, "-m", "launcher.bench_inside"]
    try:
        return subprocess.run(
            [
                *command,
                paths.ODOO_CONF,
                database,
                FOLDER / f"bench_{name}.py",
                *size,
                *full,
            ],
            cwd=paths.ROOT,
            env=databases.server.env(),
        ).returncode
    finally:
        if not kept:
            databases.drop(database)
