"""Make the office of tests/bench/office.py and nothing else: for ``--db NAME``."""

import time

import office

SIZE = 10_000
FULL = 1_000_000


def run(env_factory, size):
    started = time.perf_counter()
    office.build(env_factory, size)
    seconds = time.perf_counter() - started
    return {
        "bench": "build",
        "n": size,
        "unit": "bill",
        "seconds": round(seconds, 1),
        "per_unit_ms": round(seconds * 1000 / size, 4),
    }
