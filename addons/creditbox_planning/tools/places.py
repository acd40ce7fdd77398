"""Places on a map of a region: how far, in which street, inside which outline.

No Odoo in it. Points are kilometres on a plane, good enough for a day's drive.
"""

import math
import re

KM_A_DEGREE = 111.2
MIDDLE = math.cos(math.radians(42.5))  # of Italy
UNKNOWN_KM = 5.0  # between places of which one is not known


def point(latitude, longitude):
    """:return: (x, y) in km, None where nothing is known"""
    if not latitude and not longitude:
        return None
    return (longitude * KM_A_DEGREE * MIDDLE, latitude * KM_A_DEGREE)


def distance(one, other):
    """:return: km between two points of :func:`point`"""
    if one is None or other is None:
        return UNKNOWN_KM
    return math.hypot(one[0] - other[0], one[1] - other[1])


def street_key(street, zip_code, city):
    """Return what neighbours have in common: the street, without the number.

    :return: tuple, None without a street
    """
    words = re.split(r"[^\w']+", (street or "").casefold())
    # neither 12 nor the b of 12/b
    name = " ".join(w for w in words if len(w) > 1 and not w[0].isdigit())
    return (name, (zip_code or "").strip(), town(city)) if name else None


def town(city):
    """:return: a municipality's name as it is compared"""
    return " ".join((city or "").casefold().split())


def inside(outline, latitude, longitude):
    """Whether a position lies in a polygon.

    :param outline: list of [latitude, longitude]
    """
    within = False
    for (lat, lon), (lat2, lon2) in zip(
        outline, outline[1:] + outline[:1], strict=True
    ):
        if (lat > latitude) != (lat2 > latitude):
            crossing = lon + (latitude - lat) / (lat2 - lat) * (lon2 - lon)
            within ^= longitude < crossing
    return within


def fill_in(points, keys):
    """Give places without a position the middle of those that share a key.

    :param points: list of points or None
    :param keys: list of lists of keys, the closest first (street, ZIP, town)
    :return: list of points or None
    """
    sums = {}
    for spot, mine in zip(points, keys, strict=True):
        for key in mine if spot else ():
            x, y, count = sums.get(key, (0, 0, 0))
            sums[key] = (x + spot[0], y + spot[1], count + 1)
    return [
        spot or _middle(next((sums[key] for key in mine if key in sums), None))
        for spot, mine in zip(points, keys, strict=True)
    ]


def _middle(total):
    return total and (total[0] / total[2], total[1] / total[2])


def shortest(points, start=None):
    """Return in which order to visit points: nearest neighbour, then 2-opt.

    :param start: where the day begins, or None: at the first point
    :return: list of indexes
    """
    left = list(range(len(points)))
    if len(left) < 2:
        return left
    way = []
    here = points[0] if start is None else start
    while left:
        nearest = min(left, key=lambda i: distance(here, points[i]))
        left.remove(nearest)
        way.append(nearest)
        here = points[nearest]
    return _uncross(way, points, start)


def length(way, points, start=None):
    """:return: km of an open way"""
    stops = [points[i] for i in way]
    before = stops[:1] if start is None else [start]
    return sum(map(distance, [*before, *stops], stops))


def _uncross(way, points, start):
    """2-opt: turn pieces of the way round as long as that makes it shorter."""
    better = True
    while better:
        better = False
        for i in range(len(way) - 1):
            for j in range(i + 1, len(way)):
                if _gain(way, points, start, i, j) > 1e-9:
                    way[i : j + 1] = reversed(way[i : j + 1])
                    better = True
    return way


def _gain(way, points, start, i, j):
    """What is saved when the piece from i to j is gone the other way round."""
    before = points[way[i - 1]] if i else start
    first, last = points[way[i]], points[way[j]]
    gain = 0
    if i or start is not None:
        gain += distance(before, first) - distance(before, last)
    if j + 1 < len(way):
        after = points[way[j + 1]]
        gain += distance(last, after) - distance(first, after)
    return gain
