"""Compose and queue reminders by e-mail, each with its table of bills."""

import communications
import peer

SIZE = 2_000
FULL = 50_000


def run(env_factory, size):
    baseline = peer.mails_ms(env_factory)
    result = communications.run(env_factory, size, "email")
    return {
        "bench": "mail",
        "unit": "e-mail",
        **result,
        "baseline": peer.NAME,
        "baseline_per_unit_ms": baseline,
        "ratio": round(baseline / result["per_unit_ms"], 1),
    }
