"""./creditbox i18n [addon…]: export each addon's .pot and bring its it.po up to date.

Odoo exports the terms of the source; launcher/i18n_inside.py merges them into it.po: a
translation stays, a new term comes with an empty ``msgstr`` to fill in, a term that is
gone goes. (Odoo's own export of it.po would empty whatever is the same in both
languages.) tests/test_translations.py insists that none stays empty.
"""

import subprocess

from launcher import addons, environment, odoo, paths
from launcher.console import Failure, Steps

DATABASE = "creditbox_i18n"


def run(options, rest):
    databases = environment.prepare()
    name = options.db or DATABASE
    wanted = options.addons or addons.names()
    steps = Steps(2)
    with steps.step("bringing the addons up to date"):
        databases.bring_up_to_date(name, wanted)
    with steps.step("exporting the terms"):
        before = {addon: _text(_template(addon)) for addon in wanted}
        _export(databases, name, wanted)
    for addon in wanted:
        _keep_if_same(_template(addon), before[addon])
    return _merge(databases, wanted)


def _template(addon):
    return paths.ADDONS / addon / f"i18n/{addon}.pot"


def _text(path):
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _export(databases, name, wanted):
    arguments = ["-c", paths.ODOO_CONF, "-d", name, "-l", "pot", "--", *wanted]
    done = subprocess.run(
        odoo.command(databases.venv, "i18n", "export", *arguments),
        env=databases.server.env(),
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise Failure(f"Odoo's export failed:\n{done.stderr}")


def _keep_if_same(path, before):
    """A file in which nothing but the dates changed is put back."""
    if _without_dates(_text(path)) == _without_dates(before):
        path.write_text(before, encoding="utf-8")


def _without_dates(text):
    return [line for line in text.splitlines() if "-Date: " not in line]


def _merge(databases, wanted):
    command = [databases.venv.python, "-m", "launcher.i18n_inside"]
    templates = [_template(addon) for addon in wanted]
    return subprocess.run([*command, *templates], cwd=paths.ROOT).returncode
