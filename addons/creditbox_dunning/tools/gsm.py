"""Length of SMS texts (3GPP TS 23.038): GSM-7 alphabet, else UCS-2."""

import unicodedata
from typing import NamedTuple

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("\f^{}\\[~]|€")
# what text editors and formatters put in, and phones do not need
_PLAIN = str.maketrans(
    {
        "\xa0": " ",
        "\u202f": " ",
        "\u200b": None,
        "\ufeff": None,
        "’": "'",
        "‘": "'",
        "“": '"',
        "”": '"',
        "«": '"',
        "»": '"',
        "–": "-",
        "—": "-",
        "…": "...",
        "•": "-",
        "ł": "l",
        "Ł": "L",
        "đ": "d",
        "Đ": "D",
    }
)


class Length(NamedTuple):
    encoding: str  # GSM-7 or UCS-2
    units: int
    segments: int


def _fits(char):
    return char in BASIC or char in EXTENDED


def to_gsm(text):
    """Write ``text`` with GSM-7 characters where a near one exists.

    One stray character would make the whole message UCS-2, of 70 characters a
    segment instead of 160. Scripts without Latin letters are left as they are.
    """
    plain = []
    for char in text.translate(_PLAIN):
        if not _fits(char):
            base = unicodedata.normalize("NFKD", char)[0]
            char = base if _fits(base) else char
        plain.append(char)
    return "".join(plain)


def measure(text):
    """:return: :class:`Length` of ``text`` as it will be sent"""
    if all(map(_fits, text)):
        units = len(text) + sum(char in EXTENDED for char in text)
        single, part, encoding = 160, 153, "GSM-7"
    else:
        units = len(text.encode("utf-16-be")) // 2
        single, part, encoding = 70, 67, "UCS-2"
    segments = -(-units // part) if units > single else min(units, 1)
    return Length(encoding, units, segments)
