import json
import tempfile

from odoo import http
from odoo.http import content_disposition, request

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ConsoleController(http.Controller):
    @http.route("/creditbox/console.xlsx", type="http", auth="user", methods=["POST"])
    def console(self, data):
        """The workbook of the page; the form carries the token of the session.

        :param data: JSON of {"params", "order", "companies"}, see creditbox.console
        """
        asked = json.loads(data)
        # the companies are checked against the user's own
        console = request.env["creditbox.console"].with_context(
            allowed_company_ids=[int(id_) for id_ in asked["companies"]]
        )
        content = console.export_xlsx(asked["params"], asked["order"])
        return request.make_response(
            content,
            headers=[
                ("Content-Type", XLSX),
                ("Content-Disposition", content_disposition("console.xlsx")),
            ],
        )

    @http.route("/creditbox/snapshot/<int:snapshot_id>.csv", type="http", auth="user")
    def snapshot(self, snapshot_id):
        """The rows of a snapshot, of which it keeps the SHA-256."""
        user = request.env.user
        snapshot = (
            request.env["creditbox.snapshot"]
            .with_context(allowed_company_ids=user.company_ids.ids)
            .browse(snapshot_id)
            .exists()
        )
        if not snapshot or not snapshot.has_access("read"):
            return request.not_found()
        file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
        snapshot._write_rows(file)
        file.seek(0)
        name = f"snapshot-{snapshot.company_id.name}-{snapshot.date}.csv"
        return request.make_response(
            file,
            headers=[
                ("Content-Type", "text/csv; charset=utf-8"),
                ("Content-Disposition", content_disposition(name)),
            ],
        )
