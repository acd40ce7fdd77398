"""An information provider on this machine, which answers as it is told."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class InformationServer:
    """Use as a context manager. ``answers``: what to say to the next requests, each
    (status, dict or bytes); the last one stays. ``requests``: what was asked, as
    (headers, dict)."""

    def __init__(self):
        self.answers = [(200, {"rating": "A"})]
        self.requests = []
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):  # noqa: N802  # the library's name
                size = int(self.headers["Content-Length"])
                server.requests.append(
                    (self.headers, json.loads(self.rfile.read(size)))
                )
                more = len(server.answers) > 1
                status, body = server.answers.pop(0) if more else server.answers[0]
                if isinstance(body, dict):
                    body = json.dumps(body).encode()
                self.send_response(status)
                if status == 302:
                    self.send_header("Location", "/elsewhere")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                try:
                    self.wfile.write(body)
                except OSError:  # the client has heard enough
                    self.close_connection = True

            def log_message(self, *args):
                """Nothing on the console."""

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._http.server_port}/reports"

    def __enter__(self):
        threading.Thread(target=self._http.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *exc):
        self._http.shutdown()
        self._http.server_close()
