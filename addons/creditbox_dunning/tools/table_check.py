"""What can be said of an action table without looking at any bill.

Which of its rows only the sequence tells apart, which can never win, and who finds no
row at a step. The meaning of a table is in docs/action-table.md; no Odoo in here.

Customers fall into as many groups as there are sets of rows that fit them, amounts into
the bands that the limits of the rows cut: all of a group and a band fare alike.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import combinations, product
from math import inf

COLUMNS = 4
# any value of a column that no row of the step names, also: none
OTHER = object()


@dataclass(frozen=True)
class Row:
    key: int
    step: int
    columns: tuple  # values of the classification, None: any
    order: tuple  # what decides among equally specific rows, lowest first
    low: float = 0.0
    high: float = inf  # not included
    threshold: float = 0.0

    def fits(self, customer):
        return all(
            own is None or own == value
            for own, value in zip(self.columns, customer, strict=True)
        )

    @property
    def rank(self):
        """Lowest goes first: the most specific row, then the order."""
        return sum(value is None for value in self.columns), self.order


@dataclass(frozen=True)
class Overlap:
    """Two rows, equally specific, for the same customers and amounts."""

    first: int  # keys: the row that goes
    second: int  # the row that does not
    low: float  # of the exposure, the widest span
    high: float

    @property
    def key(self):
        return self.first, self.second


@dataclass(frozen=True)
class Shadowed:
    """A row that never goes, because others do; ``by`` is empty: no amount fits it."""

    row: int
    by: tuple


@dataclass(frozen=True)
class Hole:
    """At a step, exposures of a band for which no row counts: the bills wait."""

    step: int
    low: float
    high: float
    under: float  # bills whose open amount is under this; inf: all bills
    kind: str  # gap, above, below (the lowest limit), minimum (of a bill)
    groups: tuple  # tuples of keys of rows, one for each group of customers
    everybody: bool  # all groups that the step has rows for


@dataclass
class Findings:
    overlaps: list = field(default_factory=list)
    shadowed: list = field(default_factory=list)
    holes: list = field(default_factory=list)
    nobody: list = field(default_factory=list)  # see `unserved`


def check(rows, universe=()):
    """Return the :class:`Findings` on a table.

    :param rows: list of :class:`Row`
    :param universe: for each column all values that a customer may have there
    """
    findings = Findings()
    by_step = defaultdict(list)
    for row in rows:
        by_step[row.step].append(row)
    for step, members in sorted(by_step.items()):
        _check_step(step, members, findings)
    findings.nobody = list(unserved(rows, universe)) if rows else []
    return findings


def groups_of(rows):
    """Return the sets of rows, by rank, that customers of any kind may fit together."""
    values = [
        [*{row.columns[n] for row in rows} - {None}, OTHER] for n in range(COLUMNS)
    ]
    found = {}
    for customer in product(*values):
        fitting = tuple(row for row in rows if row.fits(customer))
        if fitting:
            found.setdefault(fitting, None)
    return [tuple(sorted(group, key=lambda row: row.rank)) for group in found]


def bands_of(rows):
    """Return the bands (low, high) of exposures that the rows' limits cut."""
    bounds = sorted({0.0, inf} | {row.low for row in rows} | {row.high for row in rows})
    return list(zip(bounds, bounds[1:], strict=False))


def _check_step(step, rows, findings):
    winners, losers = set(), defaultdict(set)
    overlaps, holes = {}, defaultdict(list)
    groups = groups_of(rows)
    for group in groups:
        keys = tuple(row.key for row in group)
        for low, high in bands_of(group):
            able = [
                row
                for row in group
                # an open amount is no larger than the exposure
                if row.low <= low and high <= row.high and row.threshold < high
            ]
            _contest(able, low, high, winners, losers, overlaps)
            under = min((row.threshold for row in able), default=inf)
            if under > 0:
                holes[keys].append((low, high, under))
    findings.overlaps += overlaps.values()
    findings.shadowed += [
        Shadowed(row.key, tuple(sorted(losers[row.key])))
        for row in rows
        if row.key not in winners
    ]
    findings.holes += _merge_holes(step, groups, holes)


def _contest(able, low, high, winners, losers, overlaps):
    """See who wins among the rows of a group that a band of exposures leaves.

    :param able: list of rows, the best first
    """
    least = inf  # open amounts from here on have found their row
    for place, row in enumerate(able):
        if row.threshold < least:
            winners.add(row.key)
            least = row.threshold
        for other in able[place + 1 :]:
            if max(row.threshold, other.threshold) >= high:
                continue
            losers[other.key].add(row.key)
            if row.rank[0] == other.rank[0] and _is_best(row, other, able[:place]):
                _note_overlap(overlaps, row, other, low, high)


def _is_best(row, other, better):
    """Whether there are open amounts for which ``row`` goes and ``other`` would."""
    least = min((before.threshold for before in better), default=inf)
    return max(row.threshold, other.threshold) < least


def _note_overlap(overlaps, row, other, low, high):
    known = overlaps.get((row.key, other.key))
    if known:
        low, high = min(low, known.low), max(high, known.high)
    overlaps[row.key, other.key] = Overlap(row.key, other.key, low, high)


def _merge_holes(step, groups, holes):
    """Put together neighbouring bands of a group, then groups with the same hole."""
    merged = defaultdict(list)
    for group in groups:
        keys = tuple(row.key for row in group)
        spans = []
        for low, high, under in holes[keys]:
            if spans and spans[-1][1:] == (low, under):
                low = spans.pop()[0]
            spans.append((low, high, under))
        for span in spans:
            merged[(*span, _kind(group, *span))].append(keys)
    return [
        Hole(step, low, high, under, kind, tuple(keys), len(keys) == len(groups))
        for (low, high, under, kind), keys in merged.items()
    ]


def _kind(group, low, high, under):
    if under < inf:
        return "minimum"
    if high <= min(row.low for row in group):
        return "below"
    if low >= max(row.high for row in group):
        return "above"
    return "gap"


def unserved(rows, universe):
    """Yield the kinds of customers that no row of the whole table fits.

    :param universe: for each column all values that a customer may have there
    :return: tuples of values, None: any; the widest ones only
    """
    found = []
    places = range(len(universe))
    for size in range(1, len(universe) + 1):
        for columns in combinations(places, size):
            for values in product(*(universe[n] for n in columns)):
                kind = dict(zip(columns, values, strict=True))
                if any(known.items() <= kind.items() for known in found):
                    continue
                if not any(_may_fit(row, kind) for row in rows):
                    found.append(kind)
                    yield tuple(kind.get(n) for n in places)


def _may_fit(row, kind):
    return all(row.columns[n] in (None, value) for n, value in kind.items())
