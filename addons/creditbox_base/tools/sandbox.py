"""Run `tabular.extract` in a child process that may die without harm.

The child's memory and time are limited by the system; its product is a file of JSON
lines, which is then read back row by row, so that the caller's memory stays flat.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
from dataclasses import dataclass

from .problem import FileProblem

MEMORY = 4 << 30
SECONDS = 900
ADDON = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
CHILD = (
    "import sys; sys.path.insert(0, sys.argv[1]); import tools.sandbox as s; s.main()"
)


@dataclass
class Sheet:
    """One sheet of a file: its name, merged ranges, and where its rows start."""

    name: str
    hidden: bool
    merged: list
    offset: int


class Extracted:
    """The content of a file, sheet by sheet and row by row, read from JSON lines.

    Use as a context manager; the file behind it is then removed, unless `keep` is set.
    """

    def __init__(self, path, info=None, keep=False):
        info = info or {}
        self._path = path
        self._keep = keep
        self.format = info.get("format")
        self.uncomputed = info.get("uncomputed", 0)
        self.sheets = list(self._find_sheets())

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        if not self._keep:
            os.unlink(self._path)

    def _find_sheets(self):
        with open(self._path, "rb") as lines:
            offset = 0
            for line in lines:
                offset += len(line)
                if line.startswith(b"{"):
                    meta = json.loads(line)
                    yield Sheet(meta["sheet"], meta["hidden"], meta["merged"], offset)

    def rows(self, sheet):
        """Yield (row number, list of cells) of a `Sheet`."""
        for number, cells, _offset in self.rows_from(sheet.offset):
            yield number, cells

    def rows_from(self, offset):
        """Yield (row number, cells, offset of what follows) to the sheet's end."""
        with open(self._path, "rb") as lines:
            lines.seek(offset)
            for line in lines:
                if line.startswith(b"{"):
                    return
                offset += len(line)
                number, cells = json.loads(line)
                yield number, cells, offset

    def count(self, sheet):
        """Number of rows of a sheet."""
        return sum(1 for _row in self.rows(sheet))

    def head(self, sheet, count=40):
        """(row numbers, rows) of the first rows of a sheet."""
        numbers, rows = [], []
        for number, cells in self.rows(sheet):
            numbers.append(number)
            rows.append(cells)
            if len(rows) == count:
                break
        return numbers, rows


def read(
    data, encoding=None, delimiter=None, memory=MEMORY, seconds=SECONDS, path=None
):
    """`Extracted` from the bytes of a file.

    :param path: where to keep what was read, for the next time; by default nowhere
    :raises FileProblem: when the file cannot be read, and why
    """
    handle, source = tempfile.mkstemp(prefix="creditbox_in_")
    with os.fdopen(handle, "wb") as stream:
        stream.write(data)
    handle, target = tempfile.mkstemp(prefix="creditbox_rows_")
    os.close(handle)
    try:
        info = _run_child(source, target, encoding, delimiter, memory, seconds)
    except BaseException:
        os.unlink(target)
        raise
    finally:
        os.unlink(source)
    if path:
        os.replace(target, path)
    return Extracted(path or target, info, keep=bool(path))


def write_lines(path, sheet, rows):
    """Keep rows that come from elsewhere than a file (lists of JSON values)."""
    with open(path, "w", encoding="utf-8") as out:
        meta = {"sheet": sheet, "hidden": False, "merged": []}
        for value in (meta, *([n, row] for n, row in enumerate(rows, start=1))):
            out.write(json.dumps(value, ensure_ascii=False, default=str) + "\n")


def _run_child(source, target, encoding, delimiter, memory, seconds):
    order = {"encoding": encoding, "delimiter": delimiter, "memory": memory}
    command = [sys.executable, "-c", CHILD, ADDON, source, target, json.dumps(order)]
    try:
        done = subprocess.run(
            command, capture_output=True, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise FileProblem("too_slow", seconds=seconds) from error
    try:
        answer = json.loads(done.stdout)
    except ValueError as error:
        # A reader that is killed or aborts has run out of memory.
        died = done.returncode < 0
        raise FileProblem("exploded" if died else "corrupt") from error
    if "problem" in answer:
        raise FileProblem(answer["problem"], **answer["params"])
    return answer


def main():
    """The child's side: arguments from the command line, answer on stdout."""
    from . import tabular

    _addon, source, target, order = sys.argv[1:]
    order = json.loads(order)
    resource.setrlimit(resource.RLIMIT_AS, (order["memory"], order["memory"]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        with open(source, "rb") as stream, open(target, "w", encoding="utf-8") as out:
            answer = tabular.extract(
                stream,
                os.path.getsize(source),
                out,
                encoding=order["encoding"],
                delimiter=order["delimiter"],
            )
    except FileProblem as problem:
        answer = {"problem": problem.code, "params": problem.params}
    except MemoryError:
        answer = {"problem": "exploded", "params": {}}
    sys.stdout.write(json.dumps(answer))
