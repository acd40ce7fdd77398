"""Which row of one version of the action table became which row of another.

No Odoo in here.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    key: int
    lineage: tuple = ()  # keys of the rows that it was copied from, the last first
    columns: tuple = ()  # values of the classification
    step: int = 0
    sequence: int = 0
    code: str = ""

    @property
    def ancestry(self):
        return (self.key, *self.lineage)


def match(before, after):
    """Return {key of a row after: key of its row before}; each at most once.

    Copies are known by what they were copied from; rows without such a link (imported,
    written anew) by what they are for and what they do.

    :param before: list of :class:`Row`
    :param after: list of :class:`Row`
    """
    twins = {}
    for likeness in (_is_kin, _is_same, _does_same, _is_for_same):
        _pair(before, after, twins, likeness)
    return twins


def _pair(before, after, twins, likeness):
    taken = set(twins.values())
    for row in after:
        if row.key in twins:
            continue
        candidates = [
            old for old in before if old.key not in taken and likeness(old, row)
        ]
        if candidates:
            best = max(candidates, key=lambda old: _closeness(old, row))
            # a row that was copied twice has one twin: the copy that is more like it
            rivals = [
                other for other in after if other.key not in twins and other != row
            ]
            if any(
                likeness(best, other)
                and _closeness(best, other) > _closeness(best, row)
                for other in rivals
            ):
                continue
            twins[row.key] = best.key
            taken.add(best.key)


def _closeness(old, new):
    return (
        old.columns == new.columns,
        old.step == new.step,
        old.code == new.code,
        old.sequence == new.sequence,
        -new.key,
    )


def _is_kin(old, new):
    return bool(set(old.ancestry) & set(new.ancestry))


def _is_same(old, new):
    return _does_same(old, new) and old.sequence == new.sequence


def _does_same(old, new):
    return _is_for_same(old, new) and old.code == new.code


def _is_for_same(old, new):
    return (old.columns, old.step) == (new.columns, new.step)
