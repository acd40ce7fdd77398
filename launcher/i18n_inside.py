"""Merges .pot files into the it.po beside them, with polib; see launcher/i18n.py."""

import sys
from pathlib import Path

import polib


def main():
    for name in sys.argv[1:]:
        template = polib.pofile(name)
        path = Path(name).with_name("it.po")
        open_terms = merge(template, path)
        todo = f": {open_terms} terms to translate" if open_terms else ""
        print(f"{path.parent.parent.name}{todo or ': complete'}")


def merge(template, path):
    """Bring it.po to the template's terms; returns how many have no translation."""
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    italian = polib.pofile(before) if before else _fresh(template)
    italian.merge(template)
    for gone in italian.obsolete_entries():
        italian.remove(gone)
    if str(italian) != before:
        italian.save(str(path))
    return len(italian.untranslated_entries()) + len(italian.fuzzy_entries())


def _fresh(template):
    italian = polib.POFile()
    italian.metadata = {
        **template.metadata,
        "Language": "it",
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    return italian


if __name__ == "__main__":
    main()
