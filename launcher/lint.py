"""./creditbox lint [--fix]: style, Odoo's rules, well-formed data files.

ruff checks and formats all Python; vermin finds what Python 3.10 has not got yet;
pylint-odoo's mandatory set (.pylintrc-mandatory) must pass on the addons. --advice
shows pylint's wider set too, which fails nothing.
The translations are checked by tests/test_translations.py: that needs a database.
"""

import csv
import subprocess
import xml.etree.ElementTree as ET

from launcher import addons, environment, paths
from launcher.console import say


def run(options, rest):
    venv, _server = environment.installed()
    checks = [
        ("ruff", _ruff(venv, options.fix)),
        ("ruff format", _ruff_format(venv, options.fix)),
        ("oldest Python", _oldest_python(venv)),
        ("pylint-odoo", _pylint(venv, ".pylintrc-mandatory")),
        ("data files", _data_files()),
    ]
    failed = [name for name, code in checks if code]
    if options.advice:
        _pylint(venv, ".pylintrc")
    say(f"lint: {', '.join(failed)} failed" if failed else "lint: clean")
    return 1 if failed else 0


def _run(*command):
    return subprocess.run(list(map(str, command)), cwd=paths.ROOT).returncode


def _ruff(venv, fix):
    flags = ["--quiet", "--output-format=concise", "--fix" if fix else "--no-fix"]
    return _run(venv.script("ruff"), "check", *flags, ".", "creditbox")


def _ruff_format(venv, fix):
    flags = [] if fix else ["--check"]
    return _run(venv.script("ruff"), "format", "--quiet", *flags, ".", "creditbox")


def _oldest_python(venv):
    flags = ["--target=3.10-", "--violations", "--no-tips", "--quiet"]
    places = ["addons", "demo", "launcher", "tests", "conftest.py", "creditbox"]
    return _run(venv.script("vermin"), *flags, *places)


def _pylint(venv, rcfile):
    folders = [paths.ADDONS / name for name in addons.names()]
    if not folders:
        return 0
    done = subprocess.run(
        [venv.python, "-m", "pylint", "--jobs=2", f"--rcfile={rcfile}", *folders],
        cwd=paths.ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    # pylint-odoo says what it finds twice.
    for line in dict.fromkeys(done.stdout.splitlines()):
        say(line)
    return done.returncode


def _data_files():
    problems = [
        f"{path.relative_to(paths.ROOT)}: {problem}"
        for check, pattern in ((_xml_problem, "*.xml"), (_csv_problem, "*.csv"))
        for path in sorted(paths.ADDONS.rglob(pattern))
        if "tests" not in path.parts and (problem := check(path))
    ]
    if problems:
        say("\n".join(problems))
    return len(problems)


def _xml_problem(path):
    try:
        ET.parse(path)
    except ET.ParseError as error:
        return error
    return None


def _csv_problem(path):
    with path.open(newline="", encoding="utf-8") as stream:
        rows = list(csv.reader(stream, strict=True))
    if not rows:
        return "empty"
    wrong = [n for n, row in enumerate(rows, 1) if row and len(row) != len(rows[0])]
    return f"line {wrong[0]} has not {len(rows[0])} columns" if wrong else None
