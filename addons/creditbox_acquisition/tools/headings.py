"""Recognise what a sheet is and what its columns are, from its headings."""

from dataclasses import dataclass, field
from difflib import SequenceMatcher, get_close_matches
from functools import cache, lru_cache

from .layouts import KINDS, LAYOUTS, fields_of
from .values import fold

SCAN_ROWS = 30
CLOSE = 0.86
SHEET_NAMES = {
    "customers": (
        "clienti",
        "cliente",
        "anagrafica",
        "anagrafiche",
        "utenti",
        "customers",
        "customer",
        "intestatari",
    ),
    "supplies": (
        "utenze",
        "utenza",
        "forniture",
        "fornitura",
        "punti",
        "contatori",
        "supplies",
        "supply",
        "meters",
        "supply points",
    ),
    "bills": (
        "bollette",
        "bolletta",
        "fatture",
        "fattura",
        "fatturato",
        "documenti",
        "bills",
        "bill",
        "invoices",
        "invoice",
    ),
    "payments": (
        "pagamenti",
        "pagamento",
        "incassi",
        "incasso",
        "versamenti",
        "payments",
        "payment",
        "receipts",
        "collections",
    ),
}


@dataclass
class Recognition:
    """What was understood of one sheet.

    `columns`: index of the column -> (field name, confidence 0..1);
    `row`: index, in the rows looked at, of the (last) heading row;
    `headings`: the texts of that row, joined with the row above where it groups.
    """

    kind: str
    row: int
    headings: list
    columns: dict = field(default_factory=dict)
    extra_rows: int = 0

    @property
    def score(self):
        return sum(confidence for _name, confidence in self.columns.values())

    @property
    def missing(self):
        """Names of the required fields that no column gives."""
        found = _names(self.columns)
        return [
            name
            for name, spec in fields_of(self.kind).items()
            if spec.required and name not in found
        ]


@cache
def _vocabulary(kind):
    """dict folded heading -> (field name, rank); a lower rank is a better match."""
    words = {}
    for spec in LAYOUTS[kind]:
        for rank, word in enumerate(spec.synonyms):
            word = fold(word)
            if word not in words or rank < words[word][1]:
                words[word] = (spec.name, rank)
    return words


def match_heading(kind, heading, fuzzy=True):
    """(field name, confidence) of one heading, or (None, 0)."""
    text = fold(heading)
    vocabulary = _vocabulary(kind)
    if text not in vocabulary:
        # "Resident (yes/no)"
        text = fold(heading.partition("(")[0]) or text
    name, rank = vocabulary.get(text, (None, 0))
    if name:
        return name, 1 - min(rank, 40) / 400
    return _close_match(kind, text) if fuzzy and len(text) > 4 else (None, 0)


@lru_cache(maxsize=2048)
def _close_match(kind, text):
    vocabulary = _vocabulary(kind)
    words = get_close_matches(text, vocabulary, n=1, cutoff=CLOSE)
    if not words:
        return None, 0
    ratio = SequenceMatcher(None, text, words[0]).ratio()
    return vocabulary[words[0]][0], ratio * 0.9


def match_row(kind, headings, fuzzy=True):
    """dict column index -> (field name, confidence), each field at most once."""
    matches = [
        (confidence, -index, name)
        for index, heading in enumerate(headings)
        for name, confidence in [match_heading(kind, str(heading), fuzzy)]
        if name
    ]
    columns, taken = {}, set()
    for confidence, index, name in sorted(matches, reverse=True):
        if name not in taken:
            taken.add(name)
            columns[-index] = (name, confidence)
    return columns


def recognise(rows, sheet="", kind=None, merged=(), heading_row=None):
    """Recognition of a sheet from its first rows, or None when nothing fits.

    :param rows: list of lists of cells, as read, the first rows of the sheet
    :param kind: the kind if known, else the one that fits best
    :param merged: ((row, column), (row, column)) ranges, 0-based
    :param heading_row: index of the heading row if known
    """
    indexes = range(min(len(rows), SCAN_ROWS))
    if heading_row is not None:
        indexes = [heading_row] if heading_row < len(rows) else []
    candidates = [
        candidate
        for one_kind in ([kind] if kind else KINDS)
        for index in indexes
        for candidate in _candidates(one_kind, rows, index, merged)
    ]
    if not candidates:
        return None
    best = max(candidates, key=lambda found: _rank(found, sheet))
    if best.score < 2:
        # Nothing is spelt as it should be: look for what comes near.
        candidates = [found for found in candidates if found.row <= candidates[0].row]
        for found in candidates:
            found.columns = match_row(found.kind, found.headings)
        best = max(candidates, key=lambda found: _rank(found, sheet))
    best = _first_of_repeated(best, candidates)
    best.columns = match_row(best.kind, best.headings)
    if heading_row is None and len(best.columns) < 2:
        return None
    best.extra_rows = _repeated_headings(best, rows)
    return best


def _names(columns):
    return {name for name, _confidence in columns.values()}


def _says_the_same(one, two):
    """Whether a row of headings gives (most of) the fields that another gives."""
    return len(_names(one) & _names(two)) >= max(2, len(two) * 0.6)


def _first_of_repeated(best, candidates):
    """Of headings and technical names one below the other, the upper row."""
    for found in candidates:
        if found.kind == best.kind and found.row < best.row:
            if _says_the_same(found.columns, best.columns):
                return found
    return best


def _rank(found, sheet):
    named = fold(sheet) in SHEET_NAMES[found.kind]
    return (found.score + 2 * named - 1.5 * len(found.missing), found.score)


def _candidates(kind, rows, index, merged):
    row = rows[index]
    if sum(isinstance(cell, str) and bool(cell.strip()) for cell in row) < 2:
        return
    plain = [_text(cell) for cell in row]
    yield Recognition(kind, index, plain, match_row(kind, plain, False))
    if index:
        joined = _join_group_row(rows[index - 1], plain, index - 1, merged)
        if joined != plain:
            yield Recognition(kind, index, joined, match_row(kind, joined, False))


def _text(cell):
    return cell.strip() if isinstance(cell, str) else "" if cell is None else str(cell)


def _join_group_row(group_row, headings, group_index, merged):
    """Headings in two rows: "Bolletta" above "Numero" gives "Bolletta Numero"."""
    groups = [_text(cell) for cell in group_row[: len(headings)]]
    groups += [""] * (len(headings) - len(groups))
    for (top, left), (bottom, right) in merged:
        if top <= group_index <= bottom and left < len(groups):
            groups[left : right + 1] = [groups[left]] * len(groups[left : right + 1])
    return [
        f"{group} {heading}".strip() if group != heading else heading
        for group, heading in zip(groups, headings, strict=True)
    ]


def _repeated_headings(found, rows):
    """How many rows under the headings only repeat them (technical names)."""
    count = 0
    for row in rows[found.row + 1 :]:
        again = match_row(found.kind, [_text(cell) for cell in row], False)
        if not _says_the_same(again, found.columns):
            break
        count += 1
    return count
