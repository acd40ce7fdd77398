"""The crew's page. All it may see and do is ``creditbox.crew``'s."""

import json

from werkzeug.exceptions import Forbidden, NotFound, RequestEntityTooLarge

from odoo import http
from odoo.http import request
from odoo.tools import file_open

from odoo.addons.bus.websocket import WebsocketConnectionHandler

# A batch: a visit's photos, which the phone has made small. One of 50 MB is told so.
MAX_BATCH = 20 * 1024 * 1024
MAX_ENTRIES = 20
# Another site's page cannot send a header of its own: no token is needed, which
# a page opened without network would not have.
HEADER = "X-CreditBox-Crew"


class CreditboxCrewPage(http.Controller):
    @http.route("/creditbox/crew", type="http", auth="user", methods=["GET"])
    def page(self):
        self._crew()
        values = {
            "config": json.dumps(
                {
                    "uid": request.env.uid,
                    "websocket": WebsocketConnectionHandler._VERSION,
                    "lang": request.env.lang.replace("_", "-"),
                    "zone": str(request.env.company._creditbox_zone()),
                }
            ),
            "page_lang": request.env.lang.split("_")[0],
            "kinds": request.env["creditbox.order.photo"]
            ._fields["kind"]
            ._description_selection(request.env),
        }
        response = request.render("creditbox_crew.page", values)
        response.headers["Cache-Control"] = "no-cache"
        return response

    @http.route("/creditbox/crew/sw.js", type="http", auth="public", methods=["GET"])
    def service_worker(self):
        with file_open("creditbox_crew/static/src/sw.js") as script:
            content = script.read()
        headers = {
            "Content-Type": "text/javascript",
            "Service-Worker-Allowed": "/creditbox/crew",
            "Cache-Control": "no-cache",
        }
        return request.make_response(content, headers)

    @http.route("/creditbox/crew/day", type="http", auth="user", methods=["GET"])
    def day(self):
        return request.make_json_response(self._crew()._day())

    @http.route(
        "/creditbox/crew/send",
        type="http",
        auth="user",
        methods=["POST"],
        csrf=False,
        max_content_length=MAX_BATCH,
    )
    def send(self, **_form):
        """Form: ``entries`` (JSON), and the files that they name."""
        crew = self._crew()
        if not request.httprequest.headers.get(HEADER):
            raise Forbidden()
        try:
            form = request.httprequest.form
            sent = request.httprequest.files
            entries = json.loads(form.get("entries") or "[]")
        except RequestEntityTooLarge:
            return self._refuse(request.env._("What was sent is too big."), 413)
        except ValueError:
            return self._refuse(request.env._("What was sent cannot be read."), 400)
        if not isinstance(entries, list) or len(entries) > MAX_ENTRIES:
            return self._refuse(request.env._("What was sent cannot be read."), 400)
        files = {name: upload.read() for name, upload in sent.items()}
        answers = crew._receive(entries, files)
        return request.make_json_response({"answers": answers, "day": crew._day()})

    def _crew(self):
        crew = request.env["creditbox.crew"]
        if not crew._is_crew():
            raise NotFound()
        return crew

    def _refuse(self, message, status):
        return request.make_json_response({"message": message}, status=status)
