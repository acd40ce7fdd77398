"""Texts that were written, one after the other, on paper."""

from typing import NamedTuple
from xml.sax.saxutils import escape

from reportlab.lib.units import mm
from reportlab.platypus import HRFlowable, Paragraph, Spacer

from odoo.addons.creditbox_base.tools import paper
from odoo.addons.creditbox_base.tools.paper import LINE, text_style


class Text(NamedTuple):
    """A message. ``head``: what is known of it, as ((label, text), …)."""

    title: str
    head: tuple
    body: str  # plain


def to_pdf(title, sender, subject, texts, page_label):
    """
    :param subject: whom it is about
    :param texts: iterable of :class:`Text`
    :return: bytes
    """
    return paper.to_pdf(
        _story(title, sender, subject, texts), title, sender, page_label
    )


def _story(title, sender, subject, texts):
    yield Paragraph(escape(sender), text_style(10, bold=True))
    yield Paragraph(escape(title), text_style(14, bold=True, spaceBefore=6 * mm))
    yield Paragraph(escape(subject), text_style(9, spaceBefore=2 * mm))
    for text in texts:
        yield Spacer(1, 4 * mm)
        yield HRFlowable(width="100%", color=LINE, thickness=0.6)
        yield Paragraph(escape(text.title), text_style(10, bold=True, keepWithNext=1))
        for label, value in text.head:
            if value:
                head = f"{escape(label)}: <b>{escape(value)}</b>"
                yield Paragraph(head, text_style(8, keepWithNext=1))
        yield Spacer(1, 2 * mm)
        for line in text.body.splitlines():
            if line.strip():
                yield Paragraph(escape(line), text_style(9))
