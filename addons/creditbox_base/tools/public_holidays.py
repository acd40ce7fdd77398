"""Public holidays of Italy."""

from functools import lru_cache

from holidays import country_holidays


@lru_cache(maxsize=64)
def _of_year(year):
    return frozenset(country_holidays("IT", years=year))


def is_holiday(day):
    """Whether a day is a national holiday; patron saints of towns are not.

    :param day: datetime.date
    """
    return day in _of_year(day.year)
