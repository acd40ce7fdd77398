"""Odoo 19 Community: a tree the user names, an unpacked one, Debian's package, or git.

Debian's package is downloaded and unpacked, never installed: it would drag the Python
of another suite along.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from launcher import paths
from launcher.console import Failure, run

GIT_URL = "https://github.com/odoo/odoo.git"
GIT_BRANCH = "19.0"
VERSION = re.compile(r"^version_info *= *\((\d+), *(\d+)", re.MULTILINE)
SUITE = "sid"
PACKAGES = [
    "odoo-19",
    # Debian replaced these assets by links into other packages.
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
    "fonts-roboto-unhinted",
    "fonts-montserrat",
    "fonts-inconsolata",
    "fonts-ocr-b",
]
# Debian's current Font Awesome is version 7; Odoo draws its icons with 4.7.
FONT_AWESOME = "XStatic-Font-Awesome==4.7.0.0"
NO_SOURCE = (
    "Odoo 19 is needed from one of these places:\n"
    "  - a tree you have: CREDITBOX_ODOO=/folder/of/odoo-19 ./creditbox setup\n"
    "  - Debian's package odoo-19: a machine with apt and a reachable Debian mirror\n"
    f"  - a git clone: git and a way to {GIT_URL}"
)


class Tree:
    """An Odoo 19 tree, whatever its layout (git or Debian)."""

    def __init__(self, root):
        self.root = Path(root)

    @property
    def python_path(self):
        """The folder that holds the package ``odoo``."""
        packaged = self.root / "usr/lib/python3/dist-packages"
        return packaged if (packaged / "odoo").is_dir() else self.root

    @property
    def addons_paths(self):
        candidates = [self.python_path / "odoo/addons", self.python_path / "addons"]
        return [path for path in candidates if path.is_dir()]

    def version(self):
        release = self.python_path / "odoo/release.py"
        if not release.is_file():
            return None
        found = VERSION.search(release.read_text())
        return tuple(map(int, found.groups())) if found else None

    def check(self):
        version = self.version()
        if version != (19, 0):
            what = f"Odoo {'.'.join(map(str, version))}" if version else "no Odoo"
            raise Failure(
                f"{self.root} holds {what}; CreditBox runs on Odoo 19.0.",
                "Name the right tree with CREDITBOX_ODOO, or unset it to fetch one.",
            )
        return self


def find():
    """The tree that needs no work, or None."""
    if named := os.environ.get("CREDITBOX_ODOO"):
        return Tree(Path(named).expanduser().resolve()).check()
    ready = paths.home() / "odoo-19.0"
    return Tree(ready).check() if ready.is_dir() else None


def fetch():
    """Get Odoo into the shared folder; nothing half done remains if it fails."""
    home = paths.make_dir(paths.home())
    paths.require_space(home, 4, "Odoo 19 with its Python packages")
    log = home / "log/odoo.log"
    failures = []
    for get in (_from_debian, _from_git):
        work = Path(tempfile.mkdtemp(prefix="odoo-", dir=home))
        try:
            work.chmod(0o755)
            tree = get(work, log)
            tree.check()
            tree.root.rename(home / "odoo-19.0")
            return Tree(home / "odoo-19.0")
        except Failure as failure:
            failures.append(str(failure))
        finally:
            shutil.rmtree(work, ignore_errors=True)
    raise Failure("\n".join(["Odoo 19 could not be fetched.", *failures]), NO_SOURCE)


def _from_debian(work, log):
    if not (shutil.which("apt-get") and shutil.which("dpkg-deb")):
        raise Failure("  Debian's package: this machine has no apt.")
    tree = work / "tree"
    tree.mkdir(mode=0o755)
    _download(work, log)
    for package in sorted(work.glob("*.deb")):
        _unpack(package, tree, log)
    _mend_assets(Tree(tree), work, log)
    return Tree(tree)


def _download(work, log):
    """apt with lists, cache and sources of its own: the system's stay as they are."""
    for folder in ("lists/partial", "cache/archives/partial"):
        (work / folder).mkdir(parents=True)
    keyring = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
    signed = f"[signed-by={keyring}] " if keyring.is_file() else ""
    (work / "sources.list").write_text(f"deb {signed}{_mirror()} {SUITE} main\n")
    options = [
        f"Dir::State::Lists={work}/lists",
        f"Dir::Cache={work}/cache",
        f"Dir::Etc::sourcelist={work}/sources.list",
        "Dir::Etc::sourceparts=/dev/null",
        f"APT::Sandbox::User={'root' if os.geteuid() == 0 else ''}",
    ]
    apt = ["apt-get", *(part for option in options for part in ("-o", option))]
    for action in (["update"], ["download", *PACKAGES]):
        run(
            [*apt, *action],
            log,
            cwd=work,
            failure=f"  Debian's package: apt-get {action[0]} failed (log: {log}).",
        )


def _mirror():
    """The Debian mirror that this machine's own apt uses."""
    done = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages"],
        capture_output=True,
        text=True,
    )
    if done.returncode or not done.stdout.strip():
        raise Failure("  Debian's package: apt has no mirror; run apt-get update once.")
    return done.stdout.split()[0]


def _unpack(package, tree, log):
    # Debian ships every addon twice: the copy beside the package odoo is left out.
    script = (
        'dpkg-deb --fsys-tarfile "$0" | tar -x -C "$1" --no-same-owner '
        "--exclude=./usr/lib/python3/dist-packages/addons --exclude=./usr/share/doc"
    )
    run(
        ["bash", "-o", "pipefail", "-c", script, package, tree],
        log,
        failure=f"  Debian's package: {package.name} could not be unpacked.",
    )


def _mend_assets(tree, work, log):
    """Put a real file where Debian left a dangling link: the web client needs all."""
    fonts = _font_awesome(work, log)
    shared = [path for path in (tree.root / "usr/share").rglob("*") if path.is_file()]
    by_name = {path.name: path for path in [*shared, *fonts]}
    by_name["Inconsolata.otf"] = by_name.get("Inconsolata-Regular.otf")
    addons = tree.python_path / "odoo/addons"
    for link in [path for path in addons.rglob("*") if path.is_symlink()]:
        if link.exists():
            continue
        source = by_name.get(link.name)
        if not source:
            raise Failure(f"  Debian's package: nothing for the asset {link.name}.")
        link.unlink()
        shutil.copyfile(source, link)
    # Not in the package at all; an empty file silences the asset's error.
    missing = addons / "mail/static/lib/selfie_segmentation/selfie_segmentation.js"
    if not missing.exists():
        missing.parent.mkdir(parents=True, exist_ok=True)
        missing.touch()


def _font_awesome(work, log):
    """The fonts' files, from a Python package that carries them."""
    venv, wheels, fonts = work / "venv", work / "wheels", work / "fonts"
    run([sys.executable, "-m", "venv", venv], log, failure="  No venv could be made.")
    run(
        [venv / "bin/pip", "download", "--no-deps", "-d", wheels, FONT_AWESOME],
        log,
        failure=f"  {FONT_AWESOME} could not be downloaded (log: {log}).",
    )
    for wheel in wheels.glob("*.whl"):
        shutil.unpack_archive(wheel, fonts, "zip")
    return list(fonts.rglob("xstatic/**/fonts/*"))


def _from_git(work, log):
    if not shutil.which("git"):
        raise Failure("  git clone: this machine has no git.")
    clone = ["git", "clone", "--quiet", "--depth=1", "--branch", GIT_BRANCH, GIT_URL]
    run(
        [*clone, work / "tree"],
        log,
        failure=f"  git clone of {GIT_URL} failed (log: {log}).",
        env={**os.environ, "GIT_TERMINAL_PROMPT": "0"},
        timeout=1800,
    )
    return Tree(work / "tree")
