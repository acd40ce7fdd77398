"""Debt files of customers, each with a registered letter, bills and their PDFs.

Two results: making the files, and packing them all into one to be fetched.
"""

import io
import resource
import tempfile
import time

import clock
import communications
from reportlab.pdfgen import canvas

SIZE = 200
FULL = 2_000
NOISE = 40_000  # bytes of each bill's PDF beside its text: a page with a logo


def run(env_factory, size):
    communications.run(env_factory, size, "letter")
    with env_factory() as env:
        ids = _ask(env, size).ids
    yield _make(env_factory, ids)
    with env_factory() as env:
        files = env["creditbox.debt.file"].browse(ids)
        assert set(files.mapped("state")) == {"made"}, files.mapped("error")
        lot = env["creditbox.debt.file.lot"].create(
            {"name": "Bench", "company_id": files.company_id.id}
        )
        files.lot_id = lot
        name = "debt files, fetched together"
        with clock.measured(env, name, len(ids), "file") as result:
            with tempfile.TemporaryFile() as stream:
                lot._pack(stream)
        yield {
            **result,
            "documents": sum(files.mapped("document_count")),
            "zip_mb": round(sum(files.mapped("size")) / (1 << 20), 1),
        }


def _make(env_factory, ids):
    """Each in a transaction of its own, as a job makes it."""
    queries, before, half = 0, _peak(), None
    started, cpu = time.perf_counter(), time.process_time()
    for number, id_ in enumerate(ids):
        with env_factory() as env:
            asked = env.cr.sql_log_count
            env["creditbox.debt.file"].browse(id_)._make()
            env.cr.flush()
            queries += env.cr.sql_log_count - asked
        if number == len(ids) // 2:
            half = _peak()
    seconds = time.perf_counter() - started
    return {
        "bench": "debt files",
        "n": len(ids),
        "unit": "file",
        "seconds": round(seconds, 2),
        "per_unit_ms": round(seconds * 1000 / len(ids), 1),
        "cpu_per_unit_ms": round((time.process_time() - cpu) * 1000 / len(ids), 1),
        "queries_per_unit": round(queries / len(ids), 1),
        "before_mb": before,
        "half_mb": half,
        "peak_mb": _peak(),
    }


def _peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


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
