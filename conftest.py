"""For all tests: one that needs a browser fails where there is none.

Odoo would skip it, and the run would be green without having looked. And no file of a
test is swept away while it runs.
"""

import pytest

NO_BROWSER = "Chrome executable not found"


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    report = (yield).get_result()
    if report.skipped and NO_BROWSER in str(report.longrepr):
        report.outcome = "failed"
        report.longrepr = "This test needs a browser: apt-get install chromium"


@pytest.fixture(scope="session", autouse=True)
def keep_filestore():
    """Odoo sweeps the filestore at the end of each class: not here.

    The sweep sees what is committed only, and has taken files of a test that had begun.
    The whole filestore goes with the test's database.
    """
    from odoo.tests.common import TransactionCase

    TransactionCase._gc_filestore = classmethod(lambda cls: None)
