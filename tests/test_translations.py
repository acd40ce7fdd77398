"""Every term that a user can read has an Italian translation.

The terms are exported anew from the database: what ./creditbox i18n would write.
"""

import ast
import io
from pathlib import Path

import polib
import pytest

from odoo.api import SUPERUSER_ID, Environment
from odoo.modules.registry import Registry
from odoo.tests.common import get_db_name
from odoo.tools.translate import trans_export

ROOT = Path(__file__).resolve().parent.parent
ADDONS = sorted(path.parent.name for path in ROOT.glob("addons/*/__manifest__.py"))


@pytest.fixture(scope="module")
def env():
    with Registry(get_db_name()).cursor() as cr:
        yield Environment(cr, SUPERUSER_ID, {})


@pytest.fixture
def exported(env, addon):
    """The terms of an addon as its source has them now."""
    module = env["ir.module.module"].search([("name", "=", addon)])
    if module.state != "installed":
        pytest.skip(f"{addon} is not in this database (--db)")
    buffer = io.BytesIO()
    trans_export(None, [addon], buffer, "po", env)
    return {entry.msgid for entry in polib.pofile(buffer.getvalue().decode())}


def entries(addon, name):
    """The entries of a file of the addon; none if there is no file yet."""
    path = ROOT / "addons" / addon / "i18n" / name
    return polib.pofile(str(path)) if path.exists() else []


@pytest.mark.parametrize("addon", ADDONS)
def test_every_term_has_an_italian_text(exported, addon):
    italian = entries(addon, "it.po")
    translated = {entry.msgid for entry in italian if entry.translated()}
    missing = sorted(exported - translated)
    assert not missing, f"./creditbox i18n {addon}, then translate: {missing}"


@pytest.mark.parametrize("addon", ADDONS)
def test_template_holds_the_terms_of_the_source(exported, addon):
    template = {entry.msgid for entry in entries(addon, f"{addon}.pot")}
    assert template == exported, "run ./creditbox i18n"


def test_no_term_hides_inside_a_string():
    """Before Python 3.12 nobody finds a term that is written inside an f-string."""
    hidden = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path in sorted(ROOT.glob("addons/*/**/*.py"))
        for string in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(string, ast.JoinedStr)
        for call in ast.walk(string)
        if isinstance(call, ast.Call)
        and getattr(call.func, "attr", getattr(call.func, "id", "")) == "_"
        and call.args
        and isinstance(call.args[0], ast.Constant)
    ]
    assert not hidden
