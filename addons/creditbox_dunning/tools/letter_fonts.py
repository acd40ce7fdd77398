"""The typeface of letters, as their layout measures it."""

from functools import cache

from odoo.addons.creditbox_base.tools import paper

from .letter_text import Fonts


@cache
def letter_fonts():
    """:return: letter_text.Fonts"""
    return Fonts(paper.faces())
