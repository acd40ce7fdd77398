"""Debt files of customers, each with a registered letter, bills and their PDFs.

Two results: making the files, and packing them all into one to be fetched.
"""

import io
import resource
import tempfile

import clock
import communications
from reportlab.pdfgen import canvas

SIZE = 200
FULL = 2_000
NOISE = 40_000  # bytes of each bill's PDF beside its text: a page with a logo


def run(env_factory, size):
    communications.run(env_factory, size, "letter")
    with env_factory() as env:
        files = _ask(env, size)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        with clock.measured(
            env, "debt files", size, "file", before_mb=before
        ) as result:
            for file in files:
                file._make()
        documents = sum(files.mapped("document_count"))
        assert set(files.mapped("state")) == {"made"}, files.mapped("error")
        yield {
            **result,
            "queries_per_unit": round(result["queries"] / size, 1),
            "documents": documents,
            "zip_mb": round(sum(files.mapped("size")) / (1 << 20), 1),
        }
        lot = env["creditbox.debt.file.lot"].create(
            {"name": "Bench", "company_id": files.company_id.id}
        )
        files.lot_id = lot
        with clock.measured(
            env, "debt files, fetched together", size, "file"
        ) as result:
            with tempfile.TemporaryFile() as stream:
                lot._pack(stream)
        yield result


def _ask(env, size):
    """Debt files that wait to be made, of customers whose bills have PDFs."""
    actions = env["creditbox.action"].search(
        [("code", "=", "letter"), ("state", "=", "done")], limit=size, order="id desc"
    )
    positions = actions.position_id
    moves = env["account.move"].search(
        [
            ("creditbox_supply_id", "in", positions.supply_id.ids),
            ("company_id", "=", positions.company_id.id),
        ]
    )
    attachments = env["ir.attachment"].create(
        [
            {
                "name": f"{move.id}.pdf",
                "res_model": "account.move",
                "res_id": move.id,
                "raw": _pdf(move.name),
                "mimetype": "application/pdf",
            }
            for move in moves
        ]
    )
    for move, attachment in zip(moves, attachments, strict=True):
        move.message_main_attachment_id = attachment
    files = env["creditbox.debt.file"]
    groups = positions.grouped(lambda p: (p.company_id, p.partner_id))
    return files.create(files._values_of(groups))


def _pdf(text):
    stream = io.BytesIO()
    page = canvas.Canvas(stream, pageCompression=0)
    page.drawString(100, 700, text or "")
    page.addLiteral("% " + "x" * NOISE)
    page.save()
    return stream.getvalue()
