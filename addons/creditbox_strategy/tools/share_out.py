"""Who gets which customer, so that everybody has as much: without Odoo.

A unit is what goes to one operator as a whole: the positions of one customer.
"""

import heapq
from dataclasses import dataclass

SLACK = 1.05  # what an operator has stays there up to so much over the fair share


@dataclass
class Load:
    """What an operator has, and may have (``capacity`` in positions; 0: no limit)."""

    user: int
    capacity: int = 0
    count: int = 0
    amount: float = 0.0

    def has_room(self, count):
        return not self.capacity or self.count + count <= self.capacity

    def add(self, unit):
        self.count += unit.count
        self.amount += unit.amount


@dataclass(frozen=True)
class Unit:
    """``now`` has it (or part of it); ``kept``: has others of the same customer, which
    do not move."""

    key: int
    count: int
    amount: float
    now: int | None = None
    kept: int | None = None


def share_out(units, loads, by="both"):
    """Share the units out among the operators; their loads grow.

    The customer stays with whoever has another position of the same customer, then
    with whoever has it now as long as that is no more than a fair share; the rest goes,
    the largest first, to who has least.

    :param units: list of Unit
    :param loads: list of Load, of the operators who may get them
    :param by: "count", "amount" or "both"
    :return: {key of the unit: user}; units that nobody has room for are left out
    """
    if not loads:
        return {}
    by_user = {load.user: load for load in loads}
    size = _size(units, loads, by)
    fair = sum(map(size, [*units, *loads])) / len(loads) * SLACK
    chosen, left = {}, []
    for unit in sorted(units, key=lambda unit: (-unit.amount, unit.key)):
        load = by_user.get(unit.kept) or by_user.get(unit.now)
        stays = load and load.has_room(unit.count)
        if stays and (load.user == unit.kept or size(load) + size(unit) <= fair):
            load.add(unit)
            chosen[unit.key] = load.user
        else:
            left.append(unit)
    return chosen | _spread(left, loads, size)


def _size(units, loads, by):
    """:return: function of a unit or a load: how much it weighs"""
    count = sum(one.count for one in (*units, *loads)) or 1
    amount = sum(one.amount for one in (*units, *loads)) or 1
    if by == "count":
        return lambda one: one.count
    if by == "amount":
        return lambda one: one.amount
    return lambda one: one.count / count + one.amount / amount


def _spread(units, loads, size):
    heap = [(size(load), load.user, load) for load in loads]
    heapq.heapify(heap)
    chosen = {}
    for unit in units:
        full = []
        while heap and not heap[0][2].has_room(unit.count):
            full.append(heapq.heappop(heap))
        if heap:
            _had, user, load = heap[0]
            load.add(unit)
            chosen[unit.key] = user
            heapq.heapreplace(heap, (size(load), user, load))
        # a smaller one may still fit
        for one in full:
            if one[2].has_room(1):
                heapq.heappush(heap, one)
    return chosen
