"""The web server with its job runner, in the background."""

from launcher import odoo, paths
from launcher.background import Service, require_port
from launcher.console import Failure, say


def start(databases, name, port):
    """Start the web server and wait until it answers; again is no error."""
    service = Service("web", port)
    if running := service.about():
        if running["db"] == name:
            return say(f"already running: {address(service)}")
        raise Failure(
            f"A server is already running: {address(service)}.",
            f"Stop it: ./creditbox stop --port {port}; or choose another --port.",
        )
    if not databases.exists(name):
        raise Failure(
            f"There is no database {name}.",
            "Make the demo with ./creditbox demo, or name another with --db.",
        )
    require_port(port)
    service.start(
        _command(databases, name, port),
        {"ODOO_QUEUE_JOB_CHANNELS": "root:2", **databases.server.env()},
        health="/web/health",
        db=name,
    )
    return say(f"running: {address(service)}")


def _command(databases, name, port):
    """Threads, not worker processes: the job runner runs in the same process then."""
    options = ["-d", name, "--http-port", port, "--workers=0"]
    load = "--load=base,web,queue_job"
    return odoo.command(
        databases.venv, "server", *options, load, f"--config={paths.ODOO_CONF}"
    )


def address(service):
    database = (service.about() or {}).get("db")
    of_what = f" (database {database})" if database else ""
    return f"{service.kind} http://localhost:{service.port}{of_what}"


def stop_those_of(name):
    """Stop the servers that use a database."""
    for service in list(Service.all()):
        if service.about().get("db") == name:
            service.stop()
