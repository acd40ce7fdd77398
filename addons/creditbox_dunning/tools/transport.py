"""Transactions of what talks to the outside world."""

from contextlib import contextmanager

from odoo import modules

RETRY_MINUTES = (5, 15, 60, 240, 720)  # after each try that did not succeed


@contextmanager
def own_transaction(cr):
    """Commit at the end, roll back on an error; inside a test a savepoint does it."""
    if modules.module.current_test:
        with cr.savepoint():
            yield
        return
    try:
        yield
        cr.commit()  # pylint: disable=invalid-commit
    except BaseException:
        cr.rollback()
        raise


class Carrier:
    """Hands messages over to the outside, one by one."""

    lost = None  # str: why the other side does not answer any more

    def connect(self):
        """:return: whether the other side answers; if not, ``lost`` says why not"""
        return not self.lost

    def pack(self, message):
        """:return: what `hand_over` takes; all that has to be read is read here"""
        return message

    def hand_over(self, parcel):
        """:raise Exception: it has not left, or nobody knows"""
        raise NotImplementedError


class NotSent(Exception):
    """The message has not left."""

    def __init__(self, reason, verdict="later", bad_address=False):
        """
        :param verdict: «later», «refused» (for good) or «doubt» (may have left)
        :param bad_address: refused because of the address, which will never work
        """
        super().__init__(reason)
        self.verdict = verdict
        self.bad_address = bad_address
