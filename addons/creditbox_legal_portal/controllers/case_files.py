from werkzeug.exceptions import NotFound

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.http import content_disposition, request, route

from odoo.addons.creditbox_base.tools import sheet

from ..models.creditbox_case_upload import COLUMNS
from .cases import CasePortal


class CasePortalFiles(CasePortal):
    """Documents to take away, and files of collections that are sent."""

    def _case_send(self, content, mimetype, filename):
        return request.make_response(
            content,
            [
                ("Content-Type", mimetype),
                ("Content-Disposition", content_disposition(filename)),
                ("X-Content-Type-Options", "nosniff"),
                ("Cache-Control", "no-store"),
            ],
        )

    # -- documents ---------------------------------------------------------------------

    @route("/my/cases/<int:case_id>/documents.zip", type="http", auth="user")
    def case_documents(self, case_id, **_options):
        """What the office would hand over: list, bills, statement, proofs."""
        case = self._case_mine(case_id)
        packages = case.env["creditbox.case.package"]
        package = packages.create({"case_ids": [Command.set(case.ids)]})
        return self._case_send(
            package._zip(), "application/zip", f"{case.name.replace('/', '-')}.zip"
        )

    @route("/my/cases/<int:case_id>/bill/<int:line_id>", type="http", auth="user")
    def case_bill(self, case_id, line_id, **_options):
        case = self._case_mine(case_id)
        return self._case_stream(case._case_bill_file(line_id))

    @route("/my/cases/<int:case_id>/document/<int:file_id>", type="http", auth="user")
    def case_document(self, case_id, file_id, **_options):
        files = self._case_mine(case_id)._case_documents()
        return self._case_stream(files.filtered(lambda file: file.id == file_id))

    def _case_stream(self, file):
        if not file:
            raise NotFound()
        response = file._to_http_stream().get_response(as_attachment=True)
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response

    # -- collections in a file ---------------------------------------------------------

    @route(
        "/my/cases/upload",
        type="http",
        auth="user",
        methods=["GET", "POST"],
        website=True,
    )
    def case_upload(self, file=None, upload=None, **_options):
        self._case_require()
        problem, taken = None, self._case_known_upload(upload)
        if request.httprequest.method == "POST":
            try:
                with request.env.cr.savepoint():
                    taken = self._case_take_upload(file)
                return request.redirect(f"/my/cases/upload?upload={taken.id}")
            except UserError as error:
                request.env.invalidate_all()
                problem = str(error)
        return self._case_render(
            "case_upload",
            taken=taken,
            # what is to be corrected comes first
            answers=sorted(taken.answers or (), key=lambda answer: answer["ok"]),
            headings=taken._headings(),
            channels=self._case_labels("creditbox.case.declaration", "channel"),
            problem=problem,
        )

    def _case_known_upload(self, upload_id):
        uploads = request.env["creditbox.case.upload"].sudo()  # the user's own
        if not upload_id or not str(upload_id).isdecimal():
            return uploads
        return uploads.search(
            [("id", "=", int(upload_id)), ("user_id", "=", request.env.uid)]
        )

    def _case_take_upload(self, file):
        if not file:
            raise UserError(request.env._("Choose the file."))
        content = file.stream.read(sheet.MAX_BYTES + 1)
        # it asks itself which cases are the user's
        uploads = request.env["creditbox.case.upload"].sudo()
        return uploads._take(request.env.user, (file.filename or "")[-120:], content)

    @route("/my/cases/template.xlsx", type="http", auth="user")
    def case_template(self, **_options):
        """A file of collections with the own cases in it, to be filled in."""
        self._case_require()
        cases = request.env["creditbox.case"]._case_own(
            request.env.user,
            [("state", "=", "accepted")],
            order="name, id",
            limit=sheet.MAX_ROWS,
        )
        headings = request.env["creditbox.case.upload"]._headings()
        # a name beside the number: it is no column that is read
        rows = [[case.name, "", "", "", "", case.partner_id.name] for case in cases]
        content = sheet.write(
            request.env._("Collections"),
            [*headings.values(), request.env._("Customer")],
            rows,
        )
        return self._case_send(content, sheet.XLSX, "collections.xlsx")

    @route("/my/cases/upload/<int:upload_id>/refused.xlsx", type="http", auth="user")
    def case_refused(self, upload_id, **_options):
        """The refused rows, with the reasons, to be corrected and sent again."""
        taken = self._case_known_upload(upload_id)
        if not taken:
            raise NotFound()
        headings = [*taken._headings().values(), request.env._("Why refused")]
        rows = [
            [*(cells[name] for name in COLUMNS), message]
            for cells, message in taken._refused_rows()
        ]
        content = sheet.write(request.env._("Refused"), headings, rows)
        return self._case_send(content, sheet.XLSX, f"refused_{upload_id}.xlsx")
