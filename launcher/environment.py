"""All that a command needs, made when it is missing; a second start takes a second."""

from launcher import odoo, odoo_source, paths, postgres, venv
from launcher.console import Steps
from launcher.database import Databases
from launcher.lock import locked


def prepare():
    """Odoo, its Python, PostgreSQL and odoo.conf; returns the databases' manager."""
    environment, server = installed()
    with locked(paths.LOCKS, "postgres"):
        server.start()
    odoo.write_conf(server, environment)
    return Databases(server, environment)


def installed():
    """Odoo and its Python, and the PostgreSQL server that may not run yet."""
    tree = odoo_source.find()
    environment = tree and venv.locate(tree)
    if not (environment and environment.is_ready()):
        environment = _install()
    environment.mark_used()
    return environment, postgres.locate(environment)


def _install():
    with locked(paths.home(), "install"):
        steps = Steps(2)
        with steps.step("fetching and unpacking Odoo 19"):
            tree = odoo_source.find() or odoo_source.fetch()
        with steps.step("installing the Python packages"):
            environment = venv.locate(tree)
            if not environment.is_ready():
                venv.build(environment)
    return environment
