"""Compose and queue reminders by e-mail, each with its table of bills."""

import communications

SIZE = 2_000
FULL = 50_000
# OCA account_credit_control 19.0, measured on 2 cores: 68 ms and 36 queries each
PEER_MS = 68


def run(env_factory, size):
    result = communications.run(env_factory, size, "email")
    return {
        "bench": "mail",
        "unit": "e-mail",
        **result,
        "baseline": "OCA account_credit_control 19.0, measured on 2 cores",
        "baseline_per_unit_ms": PEER_MS,
        "ratio": round(PEER_MS / result["per_unit_ms"], 1),
    }
