"""A real server of this process, and a session on it."""

import threading
from contextlib import contextmanager

import requests
from werkzeug.serving import make_server

import odoo
from odoo.http import root


@contextmanager
def serving():
    """Yield the address of the server."""
    odoo.tools.config["list_db"] = False
    server = make_server("127.0.0.1", 0, _wsgi, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()


def _wsgi(environ, start_response):
    return root(environ, start_response)


def log_in(base, database, login):
    """:return: requests.Session of the user, whose password is the login"""
    session = requests.Session()
    session.base = base
    params = {"db": database, "login": login, "password": login}
    answer = session.post(
        f"{base}/web/session/authenticate",
        json={"jsonrpc": "2.0", "params": params},
        timeout=60,
    )
    assert answer.json().get("result", {}).get("uid"), answer.text
    return session
