"""Terms in days, as the acts of the Authority count them.

The first day counted is the one after the event. A term in solar days counts every day;
*giorni feriali* leave out Sundays and holidays, *giorni lavorativi* Saturdays too.
``holiday(day)`` says what a holiday is: the national ones, unless the caller knows the
patron saint of a town too.
"""

from datetime import timedelta

from .public_holidays import is_holiday

SOLAR, FERIAL, WORKING = "solar", "ferial", "working"
_FIRST_DAYS_OFF = {FERIAL: 6, WORKING: 5}  # as date.weekday() numbers them
_ONE = timedelta(days=1)
_FRIDAY = 4


def counts(day, unit, holiday=is_holiday):
    """Whether ``day`` counts in a term of ``unit``."""
    if unit == SOLAR:
        return True
    return day.weekday() < _FIRST_DAYS_OFF[unit] and not holiday(day)


def end_of_term(event, number, unit, holiday=is_holiday):
    """Return the day on which a term that began with an event is over.

    :param event: datetime.date
    :param number: days of the term, 0 or more
    """
    if unit == SOLAR:
        return event + timedelta(days=number)
    day = event
    while number:
        day += _ONE
        number -= counts(day, unit, holiday)
    return day


def latest_event(day, number, unit):
    """Return the last day on which the event may have been for the term to be over.

    :param day: datetime.date at which the term must be over
    """
    event = day - timedelta(days=number)
    while end_of_term(event, number, unit) > day:
        event -= _ONE
    return event


def forbids_suspension(day):
    """Whether no supply may be suspended: Friday, Saturday, holidays and their eves.

    :param day: datetime.date
    """
    eve = day + _ONE
    return day.weekday() >= _FRIDAY or is_holiday(day) or is_holiday(eve)
