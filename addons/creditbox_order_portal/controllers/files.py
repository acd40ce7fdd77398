import math
import tempfile
import zipfile
import zlib
from urllib.parse import urlencode

from werkzeug.exceptions import NotFound
from werkzeug.wsgi import wrap_file

from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.http import request, route

from odoo.addons.creditbox_base.tools import sheet
from odoo.addons.creditbox_utility.models.fsm_order import OPEN_STATES

from ..models.creditbox_order_upload import CLIENT_FIELDS, RESULT_FIELDS
from ..tools.parts import split
from .common import SIDES, FieldPortal

# of an archive that is sent to us
MAX_ARCHIVE_PHOTOS = 500
MAX_ARCHIVE_BYTES = 200 * 1024 * 1024
# of each archive that is taken away
PART_PHOTOS = 500
PART_BYTES = 200 * 1024 * 1024
# what zipfile raises for archives that are damaged, encrypted, or packed otherwise
UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
)


class FieldPortalFiles(FieldPortal):
    """What clients and contractors send as files, and what they take away."""

    @route(f"/my/field/{SIDES}/photos.zip", type="http", auth="user", website=True)
    def field_photos(self, side, order_id="", part="", **options):
        """The photos of one order, or of the filtered list.

        What does not fit in one archive comes in parts: a page with the parts is shown
        where none is named. The oldest photo comes first: parts stay as they are when
        a photo is added.
        """
        self._require_side(side)
        domain, chosen = self._filtered(options)
        if order_id:
            if not order_id.isdigit():
                raise NotFound()
            domain, chosen = Domain("id", "=", int(order_id)), {"order_id": order_id}
        files = self._photo_files(side, domain)
        sizes = files.mapped("file_size")
        parts = split(sizes, PART_PHOTOS, PART_BYTES)
        if not part and len(parts) > 1:
            return self._photo_parts(side, parts, sizes, chosen)
        if part and not (part.isdigit() and 1 <= int(part) <= len(parts)):
            raise NotFound()
        number = int(part or 1)
        name = f"photos-{number}-of-{len(parts)}.zip" if part else "photos.zip"
        return self._send_photos(files[parts[number - 1]] if parts else files, name)

    def _photo_files(self, side, domain):
        """:return: ir.attachment of the photos of the user's firm, the oldest first"""
        own = request.env["fsm.order"]._portal_domain(side, request.env.user)
        photos = (
            request.env["creditbox.order.photo"]
            .sudo()  # of the own orders
            .search(Domain("order_id", "any", own & domain), order="id")
        )
        return (
            photos.env["ir.attachment"]
            .search_fetch(
                [
                    ("res_model", "=", photos._name),
                    ("res_field", "=", "image"),
                    ("res_id", "in", photos.ids),
                ],
                ["res_id", "file_size", "store_fname"],
            )
            .sorted("res_id")
        )

    def _photo_parts(self, side, parts, sizes, chosen):
        """The page that names the parts, each with what it holds."""
        return self._render(
            "photos",
            side,
            parts=[
                {
                    "number": number,
                    "photos": part.stop - part.start,
                    "megabytes": math.ceil(sum(sizes[part]) / 1024**2),
                    "query": urlencode({**chosen, "part": number}),
                }
                for number, part in enumerate(parts, start=1)
            ],
            total=len(sizes),
        )

    def _send_photos(self, files, name):
        photos = request.env["creditbox.order.photo"].sudo()  # of the own orders
        stream = tempfile.TemporaryFile()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
            for file in files:
                photo = photos.browse(file.res_id).with_prefetch(files.mapped("res_id"))
                order = photo.order_id.name.replace("/", "-")
                extension = (photo.filename or "").rpartition(".")[2] or "jpg"
                archive.writestr(
                    f"{order}/{photo.kind}-{photo.id}.{extension}", file.raw
                )
                file.invalidate_recordset(["raw"])  # one at a time in memory
        size = stream.tell()
        stream.seek(0)
        content = wrap_file(request.httprequest.environ, stream)
        response = self._send(content, "application/zip", name)
        response.headers["Content-Length"] = str(size)
        return response

    @route(
        f"/my/field/{SIDES}/upload",
        type="http",
        auth="user",
        methods=["GET", "POST"],
        website=True,
    )
    def field_upload(self, side, file=None, photos=None, upload=None, **_options):
        self._require_side(side)
        problem, taken = None, self._known_upload(side, upload)
        if request.httprequest.method == "POST":
            try:
                with request.env.cr.savepoint():
                    taken = self._take_upload(side, file, photos)
                return request.redirect(f"/my/field/{side}/upload?upload={taken.id}")
            except UserError as error:
                problem = str(error)
        return self._render(
            "upload",
            side,
            taken=taken,
            # what is to be corrected comes first
            answers=sorted(taken.answers or (), key=lambda answer: answer["ok"])
            if taken
            else (),
            headings={
                **taken._headings({*CLIENT_FIELDS, *RESULT_FIELDS}),
                "photo": request.env._("Photo"),
            },
            reasons=self._reasons() if side == "contractor" else (),
            problem=problem,
        )

    def _reasons(self):
        user = request.env.user.sudo()  # words for files, portal users may not read
        return user.env["creditbox.order.reason"].search(
            [("company_id", "in", [*user.company_ids.ids, False])]
        )

    def _known_upload(self, side, upload_id):
        uploads = request.env["creditbox.order.upload"].sudo()  # the user's own
        if not upload_id or not str(upload_id).isdigit():
            return uploads
        return uploads.search(
            [
                ("id", "=", int(upload_id)),
                ("user_id", "=", request.env.uid),
                ("kind", "=", side),
            ]
        )

    def _take_upload(self, side, file, photos):
        if not file:
            raise UserError(request.env._("Choose the file."))
        content = file.stream.read(sheet.MAX_BYTES + 1)
        return (
            request.env["creditbox.order.upload"]
            .sudo()  # it asks itself which orders and supplies are the user's
            ._take(
                request.env.user,
                side,
                (file.filename or "")[-120:],
                content,
                self._unpack(photos) if photos else None,
            )
        )

    def _unpack(self, photos):
        """:return: list of (name, bytes); :raises UserError: no archive, too big"""
        too_big = request.env._(
            "The archive of photos is too large: at most %(count)s photos,"
            " %(size)s MB.",
            count=MAX_ARCHIVE_PHOTOS,
            size=MAX_ARCHIVE_BYTES // 1024**2,
        )
        try:
            with zipfile.ZipFile(photos.stream) as archive:
                infos = [i for i in archive.infolist() if not i.is_dir()]
                if (
                    len(infos) > MAX_ARCHIVE_PHOTOS
                    or sum(info.file_size for info in infos) > MAX_ARCHIVE_BYTES
                ):
                    raise UserError(too_big)
                return [
                    (info.filename.rpartition("/")[2][:120], archive.read(info))
                    for info in infos
                    if not info.filename.startswith("__MACOSX")
                ]
        except UNREADABLE as error:
            raise UserError(
                request.env._("The photos must come in a ZIP archive that opens.")
            ) from error

    @route(f"/my/field/{SIDES}/template.xlsx", type="http", auth="user")
    def field_template(self, side, **_options):
        """An empty file of orders; a contractor's has the own open orders in it."""
        self._require_side(side)
        names = CLIENT_FIELDS if side == "client" else RESULT_FIELDS
        headings = request.env["creditbox.order.upload"]._headings(names)
        rows = []
        if side == "contractor":
            orders = request.env["fsm.order"]._portal_orders(
                side,
                request.env.user,
                [("creditbox_state", "in", OPEN_STATES)],
                order="scheduled_date_start, id",
                limit=sheet.MAX_ROWS,
            )
            rows = [[order.name] for order in orders]
        return self._send_table(
            request.env._("Orders"), side, "xlsx", list(headings.values()), rows
        )

    @route(f"/my/field/{SIDES}/upload/<int:upload_id>/refused.xlsx", auth="user")
    def field_refused(self, side, upload_id, **_options):
        """The refused rows, with the reasons, to be corrected and sent again."""
        taken = self._known_upload(side, upload_id)
        if not taken:
            raise NotFound()
        names = CLIENT_FIELDS if side == "client" else RESULT_FIELDS
        headings = [*taken._headings(names).values(), request.env._("Why refused")]
        rows = [
            [*(cells[name] for name in names), message]
            for cells, message in taken._refused_rows()
        ]
        return self._send_table(
            request.env._("Refused"), f"refused_{upload_id}", "xlsx", headings, rows
        )
