"""The addons of this checkout: what each needs, and what it is made of."""

import ast
import hashlib
from functools import cache
from pathlib import Path

from launcher import paths
from launcher.console import Failure


def names():
    """All installable addons, by name."""
    manifests = sorted(paths.ADDONS.glob("*/__manifest__.py"))
    found = [path.parent.name for path in manifests]
    return [name for name in found if manifest(name).get("installable", True)]


@cache
def manifest(name):
    path = paths.ADDONS / name / "__manifest__.py"
    if not path.is_file():
        raise Failure(f"There is no addon {name} in addons/.")
    try:
        return ast.literal_eval(path.read_text())
    except (SyntaxError, ValueError) as error:
        raise Failure(
            f"addons/{name}/__manifest__.py can't be read: {error}"
        ) from error


def with_dependencies(wanted):
    """The wanted addons of ours and all of ours beneath them, lowest first."""
    ours, ordered = set(names()), []

    def add(name):
        if name in ordered:
            return
        for below in manifest(name).get("depends", []):
            if below in ours:
                add(below)
        ordered.append(name)

    for name in wanted:
        add(name)
    return ordered


def foreign(wanted):
    """What the addons need of Odoo and OCA."""
    ours = set(names())
    needed = {below for name in wanted for below in manifest(name).get("depends", [])}
    return sorted(needed - ours)


def fingerprint(name):
    """Changes when the addon must be updated in a database: its tests don't count."""
    root = paths.ADDONS / name
    total = hashlib.sha256()
    for path in sorted(root.rglob("*")):
        if _counts(path.relative_to(root)) and path.is_file():
            total.update(str(path.relative_to(root)).encode())
            total.update(path.read_bytes())
    return total.hexdigest()[:12]


def _counts(path):
    ignored = {"tests", "__pycache__", "readme", "description"}
    return not ignored.intersection(path.parts) and path.suffix != ".pyc"


def of_path(path):
    """The addon that a test's path belongs to, or None."""
    path = Path(str(path).split("::")[0]).resolve()
    for folder in (path, *path.parents):
        if folder.parent == paths.ADDONS:
            return folder.name
    return None
