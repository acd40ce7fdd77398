"""Numbers of registered letters, and letters' own numbers, as people write them."""

import re

_OWN = re.compile(r"([A-Z0-9-]+)-(\d{1,15})")
_S10 = re.compile(r"[A-Z]{2}\d{9}[A-Z]{2}")
_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)


def clean(number):
    """:return: str without blanks, dots and dashes, in capitals"""
    return re.sub(r"[\s.-]", "", str(number or "")).upper()


def is_number(number):
    """Whether a cleaned ``number`` can be that of a registered letter.

    International ones (two letters, nine digits, two letters) end in the check digit
    of the postal union's standard S10; of the others only the length is known.
    """
    if not (re.fullmatch(r"[A-Z0-9]{8,30}", number) and re.search(r"\d{5}", number)):
        return False
    return not _S10.fullmatch(number) or int(number[10]) == s10_check(number[2:10])


def s10_check(digits):
    """:return: check digit of the eight ``digits`` (UPU S10, 3.2)"""
    total = sum(w * int(d) for w, d in zip(_WEIGHTS, digits, strict=True))
    return {10: 0, 11: 5}.get(11 - total % 11, 11 - total % 11)


def own_number(lot_name, letter_id):
    """:return: number by which the outsourcer names a letter, e.g. LOT-2026-00001-42"""
    return f"{lot_name.replace('/', '-')}-{letter_id}"


def split_own_number(text):
    """:return: (name of the lot with dashes, id of the letter); (None, None): neither

    An id alone is taken too.
    """
    text = str(text or "").strip().upper()
    if text.isascii() and text.isdigit() and len(text) < 16:
        return None, int(text)
    found = _OWN.fullmatch(text)
    return (found[1], int(found[2])) if found else (None, None)
