"""Which crew visits whom on which day, in which order. No Odoo in it.

Terms first, the earliest before the others; where a crew is full, what it has may move
to another so that no term is missed. Then by priority: each crew's day begins with the
visit that has waited longest and takes its neighbours along. At last each day is put
into the shortest order.
"""

import heapq
from dataclasses import dataclass, field
from datetime import date

from . import places

TRIES = 8  # visits that do not fit in a row, until a day counts as full


@dataclass(frozen=True)
class Visit:
    """A visit to be planned."""

    key: int
    minutes: int
    crews: frozenset  # who may do it: skill and area
    forbidden: frozenset  # days on which it may not be done
    rank: tuple  # lower goes first; its first part is the priority
    point: tuple | None = None
    street: tuple | None = None
    deadline: date | None = None


@dataclass
class Shift:
    """A crew's day: free stretches of time and the visits that go there."""

    crew: int
    day: date
    gaps: list  # of (from, to) in minutes after midnight, in order
    free: int | None = None  # orders that it may still take, None: no limit
    pace: float = 2.0  # minutes a km
    start: tuple | None = None  # where the crew sets out
    near: tuple | None = None  # where it is that day already
    visits: list = field(default_factory=list)

    def lay(self, visits):
        """Say when each of the visits begins, one after the other.

        :return: list of minutes after midnight; None where they do not all fit
        """
        if self.free is not None and len(visits) > self.free:
            return None
        times, place, clock, here = [], 0, 0, None
        for visit in visits:
            drive = _drive(here, visit, self.pace)
            while place < len(self.gaps):
                begin = max(clock + drive, self.gaps[place][0])
                if begin + visit.minutes <= self.gaps[place][1]:
                    break
                place += 1
            else:
                return None
            times.append(begin)
            clock, here = begin + visit.minutes, visit
        return times

    def takes(self, visit):
        """Whether the crew may, on this day; not whether there is room."""
        return self.crew in visit.crews and self.day not in visit.forbidden

    def add(self, visit):
        """:return: whether there was room"""
        if self.lay([*self.visits, visit]) is None:
            return False
        self.visits.append(visit)
        return True

    def away(self, visit):
        """:return: km from what the crew does that day"""
        if self.visits:
            return min(places.distance(v.point, visit.point) for v in self.visits)
        return places.distance(self.near or self.start, visit.point)

    def put_in_order(self):
        """Take the shortest way, if all visits still fit."""
        points = [visit.point for visit in self.visits]
        way = places.shortest(points, self.start)
        ordered = [self.visits[i] for i in way]
        if self.lay(ordered) is not None:
            self.visits = ordered


def _drive(here, visit, pace):
    """:return: minutes to drive, rounded up to a whole one"""
    if here is None or (here.street and here.street == visit.street and not here.point):
        return 0
    km = places.distance(here.point, visit.point)
    return -int(-km * pace // 1)


def plan(visits, shifts):
    """Put visits into shifts.

    :param visits: list of :class:`Visit`
    :param shifts: list of :class:`Shift`, which are filled
    :return: list of the visits that found no place
    """
    shifts = sorted(shifts, key=lambda shift: (shift.day, shift.crew))
    left = []
    bound = sorted(
        (visit for visit in visits if visit.deadline),
        key=lambda visit: (visit.deadline, visit.rank),
    )
    # what is late anyway takes no place from what can still be in time
    late = [visit for visit in bound if not _place_in_time(visit, shifts)]
    left += [visit for visit in late if not _place_late(visit, shifts)]
    others = {}
    for visit in sorted(visits, key=lambda visit: visit.rank):
        if not visit.deadline:
            others.setdefault(visit.rank[0], []).append(visit)
    for priority in sorted(others):
        left += _fill(others[priority], shifts)
    for shift in shifts:
        shift.put_in_order()
    return left


# -- terms ---------------------------------------------------------------------


def _place_in_time(visit, shifts):
    return _find_room(visit, shifts, set())


def _place_late(visit, shifts):
    return _settle(visit, [shift for shift in shifts if shift.day > visit.deadline])


def _settle(visit, shifts):
    """The earliest day that has room; of its crews the nearest."""
    fit = [shift for shift in shifts if shift.takes(visit)]
    fit.sort(key=lambda shift: (shift.day, shift.away(visit)))
    return any(shift.add(visit) for shift in fit)


def _find_room(visit, shifts, tried):
    """Free room before its own term, or that of visits which may go elsewhere."""
    fit = [shift for shift in shifts if shift.day <= visit.deadline]
    return _settle(visit, fit) or _make_room(visit, fit, shifts, tried)


def _make_room(visit, fit, shifts, tried):
    """Move what a full crew has to another crew or day, not after its own term.

    :param fit: shifts before the term of the visit; others may go to any of ``shifts``
    """
    for shift in fit:
        if id(shift) in tried or not shift.takes(visit):
            continue
        tried.add(id(shift))
        for other in list(shift.visits):
            without = [v for v in shift.visits if v is not other]
            if shift.lay([*without, visit]) is None:
                continue
            before, shift.visits = shift.visits, [*without, visit]
            if _find_room(other, shifts, tried):
                return True
            shift.visits = before
    return False


# -- neighbours ----------------------------------------------------------------


def _fill(visits, shifts):
    """:return: the visits that found no place"""
    # those that may go to the same crews on the same days are looked at together
    waiting = {}
    for visit in visits:
        waiting.setdefault((visit.crews, visit.forbidden), []).append(visit)
    for shift in shifts:
        pools = [pool for pool in waiting.values() if pool and shift.takes(pool[0])]
        if pools:
            taken = _fill_shift(shift, pools)
            for pool in pools:
                pool[:] = [visit for visit in pool if visit.key not in taken]
    return [visit for pool in waiting.values() for visit in pool]


def _fill_shift(shift, pools):
    """Begin with the first in rank, go on with its neighbours until the day is full.

    :return: set of keys
    """
    taken, misses = set(), 0
    near = _neighbours(shift, pools)
    here = shift.visits[-1] if shift.visits else near[0]
    while near and misses < TRIES and shift.free != len(shift.visits):
        visit = min(near, key=lambda visit: _far(here, visit))
        near.remove(visit)
        if shift.add(visit):
            taken.add(visit.key)
            here, misses = visit, 0
        else:
            misses += 1
    return taken


def _neighbours(shift, pools):
    """:return: visits, as many as a day may hold: those nearest to where it begins"""
    visits = [visit for pool in pools for visit in pool]
    # what has a term is there already: its neighbours go along
    middle = shift.visits[0] if shift.visits else min(visits, key=lambda v: v.rank)
    room = sum(end - begin for begin, end in shift.gaps)
    many = room // max(min(visit.minutes for visit in visits), 1) + TRIES
    return heapq.nsmallest(many, visits, key=lambda visit: _far(middle, visit))


def _far(here, visit):
    """What makes a neighbour: the same street, then how near, then the rank."""
    same = visit.street is not None and visit.street == here.street
    return (0 if same else places.distance(here.point, visit.point), visit.rank)
