"""./creditbox test: pytest on the addons' tests and on tests/, in databases of its own.

Without --db: a template with all addons, made once for each state of the sources, is
copied for the run, and each of the parallel workers gets its own copy. The log of the
installation must be clean.

With --db NAME (for development): a database that stays, holding only the addons that
the given paths belong to; what changed since is updated, then pytest runs in it.
"""

import os
import subprocess

from launcher import addons, environment, paths
from launcher.console import Steps, say_changes


def run(options, arguments):
    databases = environment.prepare()
    chosen = [argument for argument in arguments if _is_path(argument)]
    rest = [argument for argument in arguments if argument not in chosen]
    wanted = _wanted(options.addons, chosen)
    if not chosen and options.addons:
        chosen = [path for name in wanted if (path := f"addons/{name}")]
    if options.db:
        return _in_kept_database(databases, options.db, wanted, chosen, rest)
    return _in_copy(databases, options.jobs, wanted, chosen, rest)


def _is_path(argument):
    return not argument.startswith("-") and os.path.exists(argument.split("::")[0])


def _wanted(named, chosen):
    """The addons to install: named, those of the paths, else all."""
    if named is not None:
        return [name for name in named.split(",") if name]
    owners = [addons.of_path(path) for path in chosen]
    return sorted(set(owners)) if owners and all(owners) else addons.names()


def _in_kept_database(databases, name, wanted, chosen, rest):
    with Steps(1).step(f"bringing {name} up to date"):
        new, changed = databases.bring_up_to_date(name, wanted)
    say_changes(new, changed)
    return _pytest(databases, name, [*chosen, *rest])


def _in_copy(databases, jobs, wanted, chosen, rest):
    name = f"creditbox_test_{os.getpid()}"
    with Steps(1).step("preparing the database with all addons"):
        databases.create_from_template(name, wanted)
        databases.relax(name)
    # A class's set-up is the dear part: its tests stay with one worker.
    parallel = ["-n", str(jobs), "--dist", "loadscope"] if jobs else []
    try:
        return _pytest(databases, name, [*parallel, *chosen, *rest])
    finally:
        databases.drop(name)


def _pytest(databases, name, arguments):
    command = [
        *(databases.venv.python, "-m", "pytest"),
        *("--odoo-config", paths.ODOO_CONF, "--odoo-database", name, "--odoo-http"),
        *arguments,
    ]
    env = {**databases.server.env(), "CREDITBOX_TEST_DB": name}
    return subprocess.run(list(map(str, command)), cwd=paths.ROOT, env=env).returncode
