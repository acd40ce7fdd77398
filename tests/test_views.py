"""What Odoo does not look at when it loads a view, and a browser stumbles over."""

import re
from pathlib import Path

import pytest
from lxml import etree

ROOT = Path(__file__).resolve().parent.parent
USED = re.compile(r"\brecord\.(\w+)\.(?:raw_)?value")


def boards():
    """Yield (id, kanban) of all boards that do not extend another one."""
    for path in sorted(ROOT.glob("addons/*/**/*views*.xml")):
        for record in etree.parse(path).iterfind(".//record[@model='ir.ui.view']"):
            if record.find("field[@name='inherit_id']") is None:
                for kanban in record.iterfind("field[@name='arch']/kanban"):
                    yield f"{path.parts[-3]}.{record.get('id')}", kanban


@pytest.mark.parametrize(("name", "kanban"), boards())
def test_a_card_reads_the_fields_of_its_board(name, kanban):
    there = {field.get("name") for field in kanban.iter("field")}
    used = set(USED.findall(etree.tostring(kanban, encoding="unicode")))
    assert used <= there, name


def test_boards_are_found():
    assert len(list(boards())) > 5
