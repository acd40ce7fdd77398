"""The virtual environment: pinned packages, and Odoo's tree on its path."""

import os
import shutil
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from launcher import paths
from launcher.console import Failure, run

REQUIREMENTS = ["requirements.txt", "requirements-test.txt", "requirements-bench.txt"]
UNUSED = 30 * 24 * 3600
# Odoo 19 runs from 3.10; above 3.13 some of its libraries have no wheels yet.
SUPPORTED = [(3, 13), (3, 12), (3, 11), (3, 10)]


class Venv:
    def __init__(self, root, tree):
        self.root = Path(root)
        self.tree = tree

    @property
    def python(self):
        return self.root / "bin/python"

    @property
    def stamp(self):
        return self.root / "complete"

    def is_ready(self):
        return self.stamp.is_file()

    def mark_used(self):
        """Another user may own it; then its owner's use counts."""
        with suppress(OSError):
            os.utime(self.stamp)

    def site_packages(self):
        return next(self.root.glob("lib/python3*/site-packages"))

    def script(self, name):
        return self.root / "bin" / name


def locate(tree):
    """The environment of this checkout's requirements; ready or not."""
    pins = [(paths.ROOT / name).read_text() for name in REQUIREMENTS]
    key = paths.digest(base_python(), tree.root, *pins)
    return Venv(paths.home() / f"venv-{key}", tree)


def base_python():
    """The Python that Odoo runs on: CREDITBOX_PYTHON, ours, or one on the PATH."""
    if named := os.environ.get("CREDITBOX_PYTHON"):
        return named
    if sys.version_info[:2] in SUPPORTED:
        # Resolved, so that it has one name however it was called.
        return os.path.realpath(sys._base_executable)
    for major, minor in SUPPORTED:
        if found := shutil.which(f"python{major}.{minor}"):
            return found
    raise Failure(
        f"Odoo 19 runs on Python 3.10 to 3.13, this is {sys.version.split()[0]}.",
        "Install one of these, or name one: CREDITBOX_PYTHON=/usr/bin/python3.12",
    )


def build(venv):
    """Make the environment where it stays (scripts know their path); stamp it last."""
    paths.require_space(paths.home(), 1.5, "The Python packages")
    log = paths.home() / "log/venv.log"
    shutil.rmtree(venv.root, ignore_errors=True)
    try:
        _create(venv, log)
        pth = venv.site_packages() / "odoo-tree.pth"
        pth.write_text(f"{venv.tree.python_path}\n")
        _install(venv, log)
        _check(venv)
        venv.stamp.touch()
        _drop_unused()
    except BaseException:
        shutil.rmtree(venv.root, ignore_errors=True)
        raise


def _drop_unused():
    """Environments of requirements that no checkout has used for a month."""
    for stamp in paths.home().glob("venv-*/complete"):
        if time.time() - stamp.stat().st_mtime > UNUSED:
            shutil.rmtree(stamp.parent, ignore_errors=True)


def _create(venv, log):
    run(
        [base_python(), "-m", "venv", venv.root],
        log,
        failure=f"No virtual environment could be made (log: {log}).",
        remedy="On Debian and Ubuntu: apt-get install python3-venv",
    )


def _install(venv, log):
    files = [part for name in REQUIREMENTS for part in ("-r", paths.ROOT / name)]
    pip = [venv.python, "-m", "pip", "install", "--disable-pip-version-check"]
    run(
        [*pip, "--no-deps", *files],
        log,
        failure=f"The Python packages could not be installed (log: {log}).",
        remedy="Is the package index reachable? pip reads PIP_INDEX_URL and pip.conf.",
    )


def _check(venv):
    """Odoo must import, and be the one of the tree."""
    done = subprocess.run(
        [venv.python, "-c", "import odoo.release as r; print(r.version_info[:2])"],
        capture_output=True,
        text=True,
    )
    if done.stdout.strip() != "(19, 0)":
        raise Failure(f"Odoo can't be imported from {venv.tree.root}:\n{done.stderr}")
