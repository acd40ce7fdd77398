"""Transactions of what talks to the outside world."""

from contextlib import contextmanager

from odoo import modules


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
