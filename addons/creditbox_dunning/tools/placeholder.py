"""Placeholders ``{{ name }}`` in the texts of communications.

Nothing is evaluated: a name is looked up in a dictionary, so that a template edited by
a user can neither run code nor read a record. What stands between ``[[`` and ``]]`` is
left out when a placeholder in it is empty, or a sum of nothing: «supply W1[[ in
{{ supply_address }}]]».
"""

import re
from functools import lru_cache

from markupsafe import Markup, escape

# The HTML editor may turn the spaces into entities, and the URL of a link into %xx.
_SPACE = r"(?:\s|&nbsp;|&\#160;|%20|\u200b|\ufeff)*"
_PATTERN = re.compile(
    rf"(?:\{{\{{|%7B%7B){_SPACE}(?P<name>.*?){_SPACE}(?:\}}\}}|%7D%7D)",
    re.IGNORECASE | re.DOTALL,
)
_TAG = re.compile(r"<[^>]*>")
_OPTIONAL = re.compile(r"\[\[([^\[\]<>]*)\]\]")


class Nil(str):
    """A sum of nothing: shown as it is, but what stands around it is left out."""

    __slots__ = ()

    def __bool__(self):
        return False


def names(text):
    """Names of the placeholders in ``text``, in order, without repetitions."""
    found = (_clean(match["name"]) for match in _PATTERN.finditer(str(text or "")))
    return tuple(dict.fromkeys(found))


def unknown(text, known):
    """Names used in ``text`` that are not in ``known``, and stray braces or brackets.

    :return: list of names (or of the piece of text around what has no pair)
    """
    text = str(text or "")
    wrong = [name for name in names(text) if name not in known]
    wrong += [match[0] for match in _OPTIONAL.finditer(text) if not names(match[1])]
    rest = _OPTIONAL.sub("", _PATTERN.sub("", text))
    for brace in ("{{", "}}", "[[", "]]"):
        position = rest.find(brace)
        if position >= 0:
            wrong.append(rest[position : position + 20].strip())
    return wrong


def _clean(name):
    return _TAG.sub("", name).strip()


class Text:
    """A text split once at its placeholders, to be filled many times."""

    __slots__ = ("_parts", "names")

    def __init__(self, text):
        self.names = names(text)
        # what is always there, what may be left out, in turns
        self._parts = [_split(part) for part in _OPTIONAL.split(text)]

    def fill(self, values):
        """Plain text; ``values`` maps each name to a string."""
        return self._fill(values, str)

    def fill_html(self, values):
        """HTML, sanitised at saving: values are escaped unless they are ``Markup``."""
        return Markup(self._fill(values, escape))  # noqa: S704

    def _fill(self, values, convert):
        filled = []
        for index, pieces in enumerate(self._parts):
            pieces = list(pieces)
            found = [values[name] for name in pieces[1::2]]
            pieces[1::2] = map(convert, found)
            if index % 2 == 0 or all(found):
                filled += pieces
        return "".join(filled)


def _split(text):
    """:return: [literal, name, literal, name, …, literal]"""
    pieces, end = [], 0
    for match in _PATTERN.finditer(text):
        pieces += [text[end : match.start()], _clean(match["name"])]
        end = match.end()
    return [*pieces, text[end:]]


@lru_cache(maxsize=512)
def compile_text(text):
    """:return: the :class:`Text` of a plain text or of a one-line subject"""
    return Text(text or "")


@lru_cache(maxsize=256)
def compile_html(html, blocks=()):
    """:return: the :class:`Text` of an HTML body

    A paragraph that holds nothing but one of the ``blocks`` (placeholders that become
    tables) is replaced whole, as a table may not stand in a paragraph.
    """
    html = str(html or "")
    for block in blocks:
        alone = rf"<p\b[^>]*>(?:\s|<br/?>|&nbsp;)*(\{{\{{{_SPACE}{block}{_SPACE}\}}\}})"
        html = re.sub(alone + r"(?:\s|<br/?>|&nbsp;)*</p>", r"\1", html, flags=re.I)
    return Text(html)
