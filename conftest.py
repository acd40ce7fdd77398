"""For all tests: one that needs a browser fails where there is none.

Odoo would skip it, and the run would be green without having looked.
"""

import pytest

NO_BROWSER = "Chrome executable not found"


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    report = (yield).get_result()
    if report.skipped and NO_BROWSER in str(report.longrepr):
        report.outcome = "failed"
        report.longrepr = "This test needs a browser: apt-get install chromium"
