"""Print letters into lots, each with its table of bills and QR codes.

Two results: drawing alone, and the whole of handing over (gate, text, PDF, chatter).
"""

import time

import communications

SIZE = 2_000
FULL = 100_000
# Odoo with wkhtmltopdf, measured on 2 cores: 0.7 to 3 letters a second
PEER_MS = 333


def run(env_factory, size):
    result = communications.run(env_factory, size, "letter")
    yield _result("letters", result)
    with env_factory() as env:
        yield _result("letters, drawing alone", _draw(env))


def _draw(env):
    actions = env["creditbox.action"].search([("code", "=", "letter")], limit=1_000)
    communication = env["creditbox.communication"]
    written = communication._write_cases(communication._cases(actions))
    started = time.process_time()
    _pdf, pages = env["creditbox.channel.letter"]._print(written)
    seconds = time.process_time() - started
    return {
        "n": len(pages),
        "seconds": round(seconds, 2),
        "per_unit_ms": round(seconds * 1000 / len(pages), 3),
    }


def _result(name, result):
    return {
        "bench": name,
        "unit": "letter",
        **result,
        "baseline": "Odoo with wkhtmltopdf, measured on 2 cores",
        "baseline_per_unit_ms": PEER_MS,
        "ratio": round(PEER_MS / result["per_unit_ms"], 1),
    }
