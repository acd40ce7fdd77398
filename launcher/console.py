"""What the launcher says: numbered steps with their time, failures with a way out."""

import os
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path


class Failure(Exception):
    """Something is missing: what it is, and how to get it."""

    def __init__(self, what, remedy=""):
        super().__init__(what)
        self.remedy = remedy

    def __str__(self):
        what = super().__str__()
        return f"{what}\n{self.remedy}" if self.remedy else what


class Steps:
    """Counts the steps of one command: ``[2/5] unpacking Odoo 19 …  12 s``."""

    def __init__(self, total):
        self.total = total
        self.done = 0

    @contextmanager
    def step(self, title):
        self.done += 1
        label = f"[{self.done}/{self.total}] {title} …"
        print(label, end="" if sys.stdout.isatty() else "\n", flush=True)
        start = time.monotonic()
        try:
            yield
        except BaseException:
            print(flush=True)  # what follows is a failure: on a line of its own
            raise
        seconds = time.monotonic() - start
        again = "\r" if sys.stdout.isatty() else ""
        print(f"{again}{label}  {seconds:.0f} s", flush=True)


def say(text):
    print(text, flush=True)


def say_changes(new, changed):
    """What an update of a database has done to its addons."""
    for what, names in (("installed", new), ("updated", changed)):
        if names:
            say(f"  {what}: {', '.join(names)}")


def run(command, log, *, failure, remedy="", **options):
    """Run a command whose output goes to the file ``log``; tell its end if it fails."""
    log = Path(log)
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        start = output.tell()
        done = subprocess.run(
            [os.fspath(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            **options,
        )
    if done.returncode:
        raise Failure(f"{failure}\n{tail(log, start)}", remedy)


def tail(log, start=0, lines=15):
    """The last lines that were written to ``log`` after the position ``start``."""
    with Path(log).open("rb") as stream:
        stream.seek(start)
        text = stream.read().decode(errors="replace")
    return "\n".join(f"    {line}" for line in text.splitlines()[-lines:])
