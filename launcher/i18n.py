"""./creditbox i18n [addon…]: export each addon's .pot and bring its it.po up to date.

Odoo's own export writes both: a term that it.po translated keeps its translation, a new
one comes with an empty ``msgstr`` to fill in. tests/test_translations.py insists that
none stays empty.
"""

import subprocess

from launcher import addons, environment, odoo, paths
from launcher.console import Failure, Steps, say

DATABASE = "creditbox_i18n"


def run(options, rest):
    databases = environment.prepare()
    wanted = options.addons or addons.names()
    steps = Steps(2)
    with steps.step("bringing the addons up to date"):
        databases.bring_up_to_date(options.db or DATABASE, wanted)
    before = {path: path.read_text() for name in wanted for path in _files(name)}
    with steps.step("exporting the terms"):
        _export(databases, options.db or DATABASE, wanted)
    for path in [path for name in wanted for path in _files(name)]:
        _report(path, before.get(path, ""))


def _files(addon):
    return sorted((paths.ADDONS / addon / "i18n").glob("*.po*"))


def _export(databases, name, wanted):
    arguments = ["-c", paths.ODOO_CONF, "-d", name, "-l", "pot", "it", "--", *wanted]
    done = subprocess.run(
        odoo.command(databases.venv, "i18n", "export", *arguments),
        env=databases.server.env(),
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise Failure(f"Odoo's export failed:\n{done.stderr}")


def _report(path, before):
    """Tell what changed; a file in which only the dates did is put back."""
    after = path.read_text()
    if _without_dates(after) == _without_dates(before):
        path.write_text(before)
        return
    empty = after.count('msgstr ""\n\n') if path.suffix == ".po" else 0
    todo = f"  ({empty} terms to translate)" if empty else ""
    say(f"{path.relative_to(paths.ROOT)}{todo}")


def _without_dates(text):
    return [line for line in text.splitlines() if "-Date: " not in line]
