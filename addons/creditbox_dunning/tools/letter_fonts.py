"""The typeface of letters: Open Sans, which comes with Odoo, embedded in each PDF."""

from functools import cache

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from odoo.tools import file_path

from .letter_text import Fonts

_FACES = ("Regular", "Bold", "Italic", "BoldItalic")


@cache
def letter_fonts():
    """:return: letter_text.Fonts"""
    faces = []
    for face in _FACES:
        name = f"CreditBox-{face}"
        path = file_path(f"web/static/fonts/google/Open_Sans/Open_Sans-{face}.ttf")
        pdfmetrics.registerFont(TTFont(name, path))
        faces.append(pdfmetrics.getFont(name))
    return Fonts(faces)
