"""Time of a piece of work, and what it cost: on a machine that does other things too,
the processor's time says more than the clock on the wall."""

import os
import resource
import time
from contextlib import contextmanager

TICK = os.sysconf("SC_CLK_TCK")


@contextmanager
def measured(env, name, size, unit="bill", **more):
    """Yield a dict that is the result, filled once the work is done.

    ``cpu_seconds`` is of this process and of its database session (without parallel
    workers); ``load`` the machine's load average.
    """
    env.flush_all()
    env.invalidate_all()
    queries, result = env.cr.sql_log_count, {"bench": name, "n": size, "unit": unit}
    cpu, started = _cpu(env), time.perf_counter()
    yield result
    env.flush_all()
    seconds = time.perf_counter() - started
    result |= {
        "seconds": round(seconds, 4),
        "cpu_seconds": round(_cpu(env) - cpu, 3),
        "per_unit_ms": round(seconds * 1000 / size, 6),
        "queries": env.cr.sql_log_count - queries,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "load": round(os.getloadavg()[0], 1),
        **more,
    }


def _cpu(env):
    return time.process_time() + backend(env)[0]


def backend(env):
    """:return: processor's seconds of the database session, and its peak in MB;
    zeros where its server runs elsewhere"""
    try:
        folder = f"/proc/{env.cr._cnx.info.backend_pid}"
        with open(f"{folder}/stat") as stream:
            fields = stream.read().rpartition(")")[2].split()
        with open(f"{folder}/status") as stream:
            peak = [line.split()[1] for line in stream if line.startswith("VmHWM")]
    except OSError:
        return 0, 0
    return (int(fields[11]) + int(fields[12])) / TICK, int(peak[0]) // 1024
