"""The body of a letter: from the HTML of a template to wrapped lines.

Only what a business letter needs: paragraphs, headings, bullets, line breaks, bold and
italic. Everything else in the HTML is read as its text.
"""

import re
from typing import NamedTuple

from lxml import etree, html

from .placeholder import compile_text

BOLD, ITALIC = 1, 2
_STYLES = {"b": BOLD, "strong": BOLD, "th": BOLD, "i": ITALIC, "em": ITALIC}
_BLOCKS = {"p": "text", "div": "text", "li": "bullet", "blockquote": "text"}
_BLOCKS |= {f"h{level}": "heading" for level in range(1, 7)}
_SPACES = re.compile(r"[ \t\r\n\f]+")


REMEMBERED = 200  # characters of a text whose width may be asked again


class Block(NamedTuple):
    """``kind``: text, heading, bullet, or the name of a block placeholder;
    ``runs``: ((style, text), …) where a text may hold placeholders and newlines."""

    kind: str
    runs: tuple = ()

    def fill(self, values):
        """:return: the block with its placeholders replaced"""
        return self._replace(
            runs=tuple(
                (style, compile_text(text).fill(values)) for style, text in self.runs
            )
        )

    @property
    def fixed(self):
        """True when the block reads the same in every letter."""
        return not any(compile_text(text).names for _style, text in self.runs)


def parse_blocks(body, block_names=()):
    """Read the HTML ``body`` of a template.

    :param block_names: placeholders that stand for a whole block (tables, payment)
    :return: tuple of :class:`Block`
    """
    reader = _Reader()
    root = html.fragment_fromstring(str(body or ""), create_parent="div")
    reader.walk(root, 0, "text")
    reader.end("text")
    return tuple(_split_blocks(reader.blocks, block_names))


def _split_blocks(blocks, block_names):
    """Give a block of its own to each placeholder of ``block_names``."""
    pattern = re.compile(r"\{\{\s*(%s)\s*\}\}" % ("|".join(block_names) or "(?!)"))
    for block in blocks:
        runs = []
        for style, text in block.runs:
            pieces = pattern.split(text)
            for index, piece in enumerate(pieces):
                if index % 2 == 0:
                    runs.append((style, piece))
                    continue
                yield from _not_empty(block.kind, runs)
                yield Block(piece)
                runs = []
        yield from _not_empty(block.kind, runs)


def _not_empty(kind, runs):
    runs = tuple((style, text) for style, text in runs if text)
    if any(text.strip(" \n\u200b\ufeff") for _style, text in runs):
        yield Block(kind, runs)


class _Reader:
    """Walks the tree and gathers the runs of each block."""

    def __init__(self):
        self.blocks = []
        self._runs = []

    def walk(self, element, style, outer):
        if not isinstance(element.tag, str):  # comments
            return
        kind = _BLOCKS.get(element.tag)
        if kind:
            kind = "bullet" if outer == "bullet" else kind
            self.end(outer)
        if element.tag == "br":
            self._runs.append((style, "\n"))
        style |= _STYLES.get(element.tag, 0)
        self._add(style, element.text)
        for child in element:
            self.walk(child, style, kind or outer)
            self._add(style, child.tail)
        if kind:
            self.end(kind)

    def _add(self, style, text):
        if text:
            self._runs.append((style, _SPACES.sub(" ", text).replace("\xa0", " ")))

    def end(self, kind):
        if self._runs:
            self.blocks.append(Block(kind, tuple(self._runs)))
        self._runs = []


def body_errors(body):
    """:return: the reason why the HTML cannot be read, or None"""
    try:
        parse_blocks(body)
    except (etree.ParserError, ValueError) as error:
        return str(error)
    return None


class Fonts:
    """Widths of the four faces of a family, remembered word by word."""

    def __init__(self, faces):
        """:param faces: reportlab TTFont of regular, bold, italic, bold italic"""
        self.faces = faces
        self._glyph_widths = [font.face.charWidths for font in faces]
        self._default_widths = [font.face.defaultWidth for font in faces]
        self._words = {}

    def width(self, text, style, size):
        """:return: width of ``text`` in points"""
        key = (text, style)
        width = self._words.get(key)
        if width is None:
            if len(self._words) > 100_000:
                self._words.clear()
            widths, default = self._glyph_widths[style], self._default_widths[style]
            width = sum(widths.get(ord(char), default) for char in text)
            self._words[key] = width
        return width * size / 1000

    def wrap(self, runs, size, width):
        """Break ``runs`` into lines.

        :param runs: ((style, text), …)
        :return: list of lines, each a list of (x, style, text)
        """
        lines = []
        for row in _rows(runs):
            lines += self._wrap_row(row, size, width)
        return lines

    def _wrap_row(self, words, size, width):
        line, x, lines = [], 0.0, []
        for style, word, glued in words:
            space = 0 if glued or not line else self.width(" ", style, size)
            length = self.width(word, style, size)
            if line and x + space + length > width:
                lines.append(line)
                line, x, space = [], 0.0, 0
            if line and line[-1][1] == style:
                last_x, _style, text = line[-1]
                line[-1] = (last_x, style, f"{text}{' ' if space else ''}{word}")
            else:
                line.append((x + space, style, word))
            x += space + length
        return [*lines, line]

    def shorten(self, text, style, size, width):
        """:return: ``text``, cut with an ellipsis when wider than ``width``"""
        if len(text) <= REMEMBERED and self.width(text, style, size) <= width:
            return text
        widths, default = self._glyph_widths[style], self._default_widths[style]
        room, ellipsis = width * 1000 / size, widths.get(ord("…"), default)
        used = cut = 0
        for place, char in enumerate(text, 1):
            used += widths.get(ord(char), default)
            if used > room:
                return text[:cut] + "…"
            if used + ellipsis <= room:
                cut = place
        return text


def _rows(runs):
    """Split runs at newlines into rows of (style, word, glued to the one before)."""
    row, spaced = [], True
    for style, text in runs:
        for index, part in enumerate(text.split("\n")):
            if index:
                yield row
                row, spaced = [], True
            for piece in re.split(r"( +)", part):
                if piece.strip(" "):
                    row.append((style, piece, not spaced))
                    spaced = False
                elif piece:
                    spaced = True
    if row:
        yield row
