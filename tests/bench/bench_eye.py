"""What a user waits for, to the eye: the screens of the office of N open bills
(tests/bench/office.py) in Chromium, from a real server of this process.

From the click or the address until what was asked for is there; the median of TIMES,
after a first time that fills the browser's cache as it is all day.
"""

import os
import statistics
import time

import office
import web
from playwright.sync_api import sync_playwright

SIZE = 10_000
FULL = 1_000_000
TIMES = 5
CHROMIUM = "/usr/bin/chromium"
LIST = ".o_data_row"
CUSTOMERS = ".o_creditbox_customers tbody tr"
DAY = ".o_data_row, .o_kanban_record:not(.o_kanban_ghost)"
PAGE = ".cbx-name"
# name: address, what shows that it is there, seconds it may take
SCREENS = {
    "console": ("/odoo/creditbox-console", CUSTOMERS, 1.5),
    "my day": ("/odoo/creditbox-my-day", DAY, 1.5),
    "debtors of the group": ("/odoo/creditbox-group-debtors", LIST, 1.5),
}
# name: screen it starts from, what is clicked, what shows that it is there
CLICKS = {
    "console, an age": (
        "console",
        ".o_creditbox_bar >> nth=1",
        "nav[aria-label=Filters] .btn-primary",
    ),
    "console, due dates": ("console", "button:has-text('Due dates')", LIST),
    "console, entries": ("console", "button:has-text('Entries')", LIST),
    "customer page": ("console", f"{CUSTOMERS} >> nth=1 >> button >> nth=0", PAGE),
}
CLICK = 1.0
SEARCH = 0.5


def run(env_factory, size):
    known = office.build(env_factory, size)
    with env_factory() as env:
        user = env["res.users"].browse(known["user"])
        user.password = user.login
        database, login = env.cr.dbname, user.login
    with web.serving() as base, sync_playwright() as playwright:
        session = web.log_in(base, database, login)
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": 1280, "height": 850})
        page.set_default_timeout(120_000)
        sid = session.cookies["session_id"]
        ticked = "-".join(map(str, known["companies"]))
        cookies = {"session_id": sid, "cids": ticked}
        page.context.add_cookies(
            [{"name": n, "value": value, "url": base} for n, value in cookies.items()]
        )
        for name, (path, shown, target) in SCREENS.items():
            yield _result(
                name, size, target, lambda p=path, s=shown: _go(page, base + p, s)
            )
        for name, (screen, clicked, shown) in CLICKS.items():
            path, ready, _target = SCREENS[screen]
            yield _result(
                name,
                size,
                CLICK,
                lambda c=clicked, s=shown: _click(page, c, s),
                lambda p=path, r=ready: _go(page, base + p, r),
            )
        yield _result("search", size, SEARCH, lambda: _search(page))
        browser.close()


def _result(name, size, target, work, before=None):
    seconds = []
    for _time in range(TIMES + 1):
        if before:
            before()
        seconds.append(work())
    median = statistics.median(seconds[1:])
    return {
        "bench": f"eye: {name}",
        "n": size,
        "unit": "bill",
        "seconds": round(median, 3),
        "per_unit_ms": round(median * 1000 / size, 6),
        "slowest_seconds": round(max(seconds[1:]), 3),
        "target_seconds": target,
        "load": round(os.getloadavg()[0], 1),
    }


def _go(page, address, shown):
    page.goto("about:blank")
    started = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.locator(shown).first.wait_for()
    return time.perf_counter() - started


def _click(page, clicked, shown):
    time.sleep(0.5)  # as somebody who has looked at the screen first
    started = time.perf_counter()
    page.locator(clicked).first.click()
    page.locator(shown).first.wait_for()
    return time.perf_counter() - started


def _search(page):
    """From the last key to the first answer, with the wait for more keys in it."""
    page.keyboard.press("Escape")
    page.locator("button.o_creditbox_search").click()
    box = page.locator(".o_command_palette_search input")
    box.press_sequentially("maria ross")
    started = time.perf_counter()
    box.press("i")
    page.locator(".o_command:has-text('aria')").first.wait_for()
    return time.perf_counter() - started
