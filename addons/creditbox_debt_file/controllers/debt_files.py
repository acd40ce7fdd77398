import tempfile

from werkzeug.wsgi import wrap_file

from odoo.http import Controller, Response, content_disposition, request, route


class DebtFilesController(Controller):
    @route(
        "/creditbox/debt-files/<int:lot_id>", type="http", auth="user", readonly=True
    )
    def debt_files(self, lot_id):
        """Download the debt files of a lot, packed on disk and sent piece by piece."""
        lot = request.env["creditbox.debt.file.lot"].browse(lot_id)
        if lot not in lot.search([("id", "=", lot_id)]):
            return request.not_found()
        stream = tempfile.TemporaryFile(prefix="creditbox_debt_")  # closed when sent
        lot._pack(stream)
        length = stream.tell()
        stream.seek(0)
        return Response(
            wrap_file(request.httprequest.environ, stream),
            headers=[
                ("Content-Type", "application/zip"),
                ("Content-Length", str(length)),
                ("Content-Disposition", content_disposition(f"{lot.name}.zip")),
            ],
            direct_passthrough=True,
        )
