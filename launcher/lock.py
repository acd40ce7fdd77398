"""Two launchers must not build the same thing at once: the second waits."""

import fcntl
from contextlib import contextmanager

from launcher import paths
from launcher.console import say


@contextmanager
def locked(folder, name):
    """Hold the lock ``name`` of ``folder``; the kernel frees it if the process dies."""
    path = paths.make_dir(folder) / f"{name}.lock"
    with path.open("w") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"waiting for another launcher ({name}) …")
            fcntl.flock(stream, fcntl.LOCK_EX)
        yield
