"""What a debt file is made of: sections, each with its documents."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple


class Scope(NamedTuple):
    """Whose debt, and which part of it."""

    partner: object  # res.partner, the commercial one
    company: object  # res.company
    positions: object  # creditbox.position
    whole: bool  # all that the customer has with the company
    today: date


class Document(NamedTuple):
    """A file of the package."""

    name: str
    title: str
    source: object  # see creditbox_base.tools.package.opened
    day: date | None = None


class Section(NamedTuple):
    """A folder of the package; ``documents`` may be made while they are written."""

    place: int  # sections are in this order
    title: str
    documents: Iterable
