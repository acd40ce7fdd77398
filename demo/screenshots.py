"""Take the pictures of the docs from a running demo.

    python demo/screenshots.py [--url http://localhost:8069] [--out docs/images] [NAME…]

Each picture is taken as the user who works there, in that user's language, and written
as a PNG of 256 colours.
"""

import argparse
import io
from pathlib import Path
from urllib.parse import quote

from PIL import Image
from playwright.sync_api import Error, sync_playwright

PASSWORD = "demo"
CHROMIUM = "/usr/bin/chromium"
QUIET = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update"),
    "--disable-sync",
)
SCREEN = ".o_action_manager .o_view_controller, .o_action_manager main"
LOADING = ".o_loading_indicator"
ROW = ".o_data_row .o_data_cell[name={}]"
# name: (user, path, selectors to click one after the other)
PICTURES = {
    "console": ("responsabile", "/odoo/creditbox-console", []),
    "kpi": ("responsabile", "/odoo/creditbox-kpi", []),
    "group-debtors": ("controller", "/odoo/creditbox-group-debtors", []),
    "positions": ("responsabile", "/odoo/creditbox-positions", []),
    "position-form": (
        "operatore",
        "/odoo/creditbox-positions",
        [ROW.format("partner_id")],
    ),
    "why": (
        "operatore",
        "/odoo/creditbox-positions",
        [ROW.format("partner_id"), "button[name=action_why]"],
    ),
    "my-day": ("operatore", "/odoo/creditbox-my-day", []),
    "customer-page": (
        "operatore",
        "/odoo/creditbox-my-day",
        [".o_data_row:nth-child(6) .o_data_cell[name=partner_id]"],
    ),
    "promise": (
        "operatore",
        "/odoo/creditbox-my-day",
        [ROW.format("partner_id"), ".cbx-buttons button[data-hotkey=r]"],
    ),
    "ageing": ("controller", "/odoo/creditbox-ageing", []),
    "holds": ("operatore", "/odoo/creditbox-holds", []),
    "settings": ("amministratore", "/odoo/creditbox-settings", []),
    "sms-gateway": (
        "amministratore",
        "/odoo/action-creditbox_base.creditbox_provider_action",
        [ROW.format("name"), ".nav-link[name=sms]"],
    ),
    "customer": (
        "operatore",
        "/odoo/creditbox-positions",
        [ROW.format("partner_id"), ".oe_title [name=partner_id] a"],
    ),
    "supply": (
        "operatore",
        "/odoo/action-creditbox_base.creditbox_supply_action",
        [".o_data_row .o_data_cell"],
    ),
    "meter": (
        "operatore",
        "/odoo/action-creditbox_base.creditbox_meter_action",
        [".o_data_row .o_data_cell"],
    ),
    "acquisition": (
        "amministratore",
        "/odoo/action-creditbox_acquisition.creditbox_acquisition_action",
        [],
    ),
    "acquisition-form": (
        "amministratore",
        "/odoo/action-creditbox_acquisition.creditbox_acquisition_action",
        [ROW.format("filename")],
    ),
    "acquisition-errors": (
        "amministratore",
        "/odoo/action-creditbox_acquisition.creditbox_acquisition_error_action",
        [],
    ),
    "source": (
        "amministratore",
        "/odoo/action-creditbox_acquisition.creditbox_source_action",
        [".o_data_row .o_data_cell"],
    ),
    "mapping": (
        "amministratore",
        "/odoo/action-creditbox_acquisition.creditbox_mapping_action",
        [".o_data_row .o_data_cell"],
    ),
    "runs": ("responsabile", "/odoo/creditbox-runs", []),
    "run": ("responsabile", "/odoo/creditbox-runs", [ROW.format("name")]),
    "actions": (
        "responsabile",
        "/odoo/action-creditbox_dunning.creditbox_action_action",
        [],
    ),
    "action-form": (
        "responsabile",
        "/odoo/action-creditbox_dunning.creditbox_action_action",
        [ROW.format("partner_id")],
    ),
    "action-table": (
        "responsabile",
        "/odoo/creditbox-action-tables",
        [ROW.format("name")],
    ),
    "workflow": (
        "responsabile",
        "/odoo/creditbox-workflow",
        [ROW.format("company_id")],
    ),
    "workflow-past": (
        "responsabile",
        "/odoo/creditbox-workflow",
        [ROW.format("company_id"), "button[name=action_past]"],
    ),
    "template": (
        "responsabile",
        "/odoo/action-creditbox_dunning.creditbox_template_action",
        [".o_group_header", ROW.format("name")],
    ),
    "ratings": ("responsabile", "/odoo/creditbox-evaluation", []),
    "rating": (
        "responsabile",
        "/odoo/creditbox-evaluation",
        [ROW.format("partner_id")],
    ),
    "alerts": ("operatore", "/odoo/creditbox-alerts", []),
    "information-report": (
        "responsabile",
        "/odoo/creditbox-reports",
        [ROW.format("partner_id")],
    ),
    "plans": ("supervisore", "/odoo/creditbox-plans", []),
    "plan-form": (
        "supervisore",
        "/odoo/creditbox-plans",
        [".o_kanban_record:not(.o_kanban_ghost)"],
    ),
    "orders": ("operatore", "/odoo/creditbox-orders", []),
    "order-form": (
        "operatore",
        "/odoo/creditbox-orders",
        [".o_kanban_record:has-text('Sospensione')"],
    ),
    "removals": (
        "operatore",
        "/odoo/creditbox-removals",
        [ROW.format("partner_id")],
    ),
    "orders-of-supplies": (
        "operatore",
        "/odoo/creditbox-supplies",
        [
            ".o_list_table thead .o_list_record_selector input",
            ".o_cp_action_menus .dropdown-toggle",
            ".o_menu_item:has-text('Ordini al contatore')",
        ],
    ),
    "plan-reactivation": (
        "operatore",
        "/odoo/creditbox-orders",
        [".o_kanban_record:has-text('rata del piano')"],
    ),
    "other-meter": (
        "operatore",
        "/odoo/creditbox-orders",
        [
            ".o_kanban_group:has-text('Inviato') .o_kanban_record",
            "button[name=action_open_close]",
            ".modal [name=reason_id] input",
            ".o-autocomplete--dropdown-item:has-text('Contatore diverso')",
        ],
    ),
    "field-changes": (
        "operatore",
        "/odoo/action-creditbox_order_portal.creditbox_order_change_action",
        [],
    ),
    "writeoffs": ("responsabile", "/odoo/creditbox-writeoffs", [".o_facet_remove"]),
    "cases": (
        "responsabile",
        "/odoo/action-creditbox_legal.creditbox_case_action",
        [ROW.format("partner_id")],
    ),
    "declared-collections": ("supervisore", "/odoo/creditbox-declared-collections", []),
    "portfolios": ("responsabile", "/odoo/creditbox-portfolios", []),
    "assignment": (
        "supervisore",
        "/odoo/creditbox-assignments",
        [ROW.format("reason")],
    ),
    "operator-load": ("supervisore", "/odoo/creditbox-load", []),
    "debt-files": ("operatore", "/odoo/creditbox-debt-files", []),
    "debt-file": (
        "operatore",
        "/odoo/creditbox-debt-files",
        [ROW.format("name")],
    ),
    "archive": ("operatore", "/odoo/creditbox-archive", []),
    "archive-document": (
        "operatore",
        "/odoo/creditbox-archive",
        [".o_data_row:has-text('Reclamo') .o_data_cell[name=name]"],
    ),
    "archive-over": ("amministratore", "/odoo/creditbox-archive-over", []),
    "order-indicators": (
        "responsabile",
        "/odoo/action-creditbox_utility.creditbox_order_report_action",
        [],
    ),
    "letter-lot": (
        "responsabile",
        "/odoo/action-creditbox_dunning.creditbox_letter_lot_action",
        [ROW.format("name")],
    ),
    "declared-payments": (
        "operatore",
        "/odoo/creditbox-declared-payments",
        [ROW.format("partner_id")],
    ),
    "contact-requests": (
        "operatore",
        "/odoo/creditbox-contact-requests",
        [ROW.format("partner_id")],
    ),
}
FRONT_OFFICE_PICTURES = {
    "front-office": ("backoffice", "/odoo/creditbox-frontoffice", []),
    "request": (
        "backoffice",
        "/odoo/creditbox-requests",
        [
            ".o_data_row:has-text('Reclamo') [name=creditbox_procedure_id]",
            ".nav-link[name=clocks]",
        ],
    ),
    "quote": ("backoffice", "/odoo/creditbox-quotes", [ROW.format("name")]),
    "procedure": (
        "backoffice",
        "/odoo/creditbox-procedures",
        [ROW.format("name"), ".nav-link[name=standards]"],
    ),
    "quality-register": ("backoffice", "/odoo/creditbox-quality-register", []),
    "insured-bills": ("responsabile", "/odoo/creditbox-insured-bills", []),
    "cession": (
        "responsabile",
        "/odoo/creditbox-assignments-of-credit",
        [ROW.format("name")],
    ),
}
PICTURES |= FRONT_OFFICE_PICTURES
# planning of the crews
PLANNING_PICTURES = {
    "planning-board": ("supervisore", "/odoo/creditbox-planning", []),
    "planning-calendar": (
        "supervisore",
        "/odoo/creditbox-planning",
        [".o_switch_view.o_calendar"],
    ),
    "planning-map": (
        "supervisore",
        "/odoo/creditbox-map",
        ["button[title='Giorno dopo']"],
    ),
    "planning-preview": (
        "supervisore",
        "/odoo/creditbox-map",
        [
            ".o_control_panel .btn-primary",
            "button[name=action_preview]",
        ],
    ),
    "planning-unplanned": (
        "supervisore",
        "/odoo/creditbox-map",
        [
            ".o_control_panel .btn-primary",
            "button[name=action_preview]",
            ".modal .nav-link[name=unplanned]",
        ],
    ),
    "crew": (
        "supervisore",
        "/odoo/creditbox-crews",
        [ROW.format("name")],
    ),
}
PICTURES |= PLANNING_PICTURES
# pages of the customers' area, as on a phone: name: (user, path)
PORTAL_PICTURES = {
    "portal-home": ("cliente", "/my"),
    "portal-bills": ("cliente", "/my/bills"),
    "portal-overdue": ("cliente", "/my/overdue"),
    "portal-declare": ("cliente", "/my/declare"),
}
# portal of the orders at the meter: name: (user, path, what to touch)
FIELD = "/my/field"
FIRST = ".o_creditbox_list h2 a"
FIELD_PICTURES = {
    "field-client-orders": ("committente", f"{FIELD}/client", []),
    "field-client-upload": ("committente", f"{FIELD}/client/upload?upload=1", []),
    "field-contractor-orders": ("appaltatore", f"{FIELD}/contractor", []),
    "field-contractor-plan": (
        "appaltatore",
        f"{FIELD}/contractor?state=accepted",
        [FIRST, "details summary"],
    ),
    "field-contractor-photos": (
        "appaltatore",
        f"{FIELD}/contractor?state=done",
        [FIRST],
    ),
}
# cases of lawyers and agencies: as above
CASE_PICTURES = {
    "case-list": ("agenzia", "/my/cases", []),
    "case-page": ("agenzia", "/my/cases?state=accepted", [FIRST]),
    "case-collection": (
        "agenzia",
        "/my/cases?state=accepted",
        [FIRST, "summary:has-text('incasso')"],
    ),
    "case-upload": ("agenzia", "/my/cases/upload?upload=1", []),
}
FIELD_PICTURES |= CASE_PICTURES
# the crew's phone: what to touch on the page of the day
CREW_PICTURES = {
    "crew-list": [],
    "crew-order": ['.item[data-state="on_site"] a'],
    "crew-stop": ['.item[data-state="stopped"] a'],
}
# screens of the office on a phone: as PICTURES
PHONE_PICTURES = {
    "console-phone": ("responsabile", "/odoo/creditbox-console", []),
    "my-day-phone": ("operatore", "/odoo/creditbox-my-day", []),
    "customer-page-phone": (
        "operatore",
        "/odoo/creditbox-my-day",
        [".o_kanban_record:nth-child(6)"],
    ),
    "kpi-phone": ("responsabile", "/odoo/creditbox-kpi", []),
}
PHONE = {"width": 360, "height": 780}
OFFICE_PHONE = {"width": 390, "height": 844}


def take(page, url, path, clicks):
    """Open a page and click through to what is to be seen."""
    page.goto(url + path)
    page.wait_for_selector(SCREEN, timeout=60_000)
    page.wait_for_timeout(1500)
    for selector in clicks:
        page.locator(selector).first.click(timeout=20_000)
        page.wait_for_timeout(1500)
        page.wait_for_selector(LOADING, state="hidden", timeout=60_000)
    page.mouse.move(5, 400)
    page.wait_for_timeout(1500)
    return page.screenshot()


def save(data: bytes, path: Path):
    """Write a PNG of 256 colours: a screen has few, and the file gets small."""
    image = Image.open(io.BytesIO(data)).convert("RGB")
    image.quantize(256, method=Image.Quantize.MEDIANCUT).save(path, optimize=True)


def log_in(browser, url, user, size, all_companies):
    context = browser.new_context(viewport=size, timezone_id="Europe/Rome")
    page = context.new_page()
    page.goto(f"{url}/web/login")
    page.fill("input[name=login]", user)
    page.fill("input[name=password]", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_selector(".o_main_navbar", timeout=90_000)
    context.add_cookies([{"name": "cids", "value": all_companies, "url": url}])
    return page


def take_portal(browser, url, user, path, clicks=()):
    """A page of a portal, as who is there sees it on a phone."""
    page = browser.new_context(viewport=PHONE, locale="it-IT").new_page()
    page.goto(f"{url}/web/login?redirect={quote(path)}")
    page.fill("input[name=login]", user)
    page.fill("input[name=password]", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_selector("main h1, .o_portal_my_home", timeout=60_000)
    for selector in clicks:
        page.locator(selector).first.click()
        page.wait_for_load_state()
    page.wait_for_timeout(1500)
    picture = page.screenshot()
    page.context.close()
    return picture


def take_crew(browser, url, clicks):
    """The page of the crew's phone."""
    page = browser.new_context(viewport=PHONE, locale="it-IT").new_page()
    page.goto(f"{url}/web/login?redirect=/creditbox/crew")
    page.fill("input[name=login]", "squadra")
    page.fill("input[name=password]", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_selector(".item", timeout=60_000)
    for selector in clicks:
        page.locator(selector).first.click()
    page.wait_for_timeout(1500)
    picture = page.screenshot(full_page=bool(clicks))
    page.context.close()
    return picture


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", help="only these pictures")
    parser.add_argument("--url", default="http://localhost:8069")
    parser.add_argument("--out", type=Path, default=Path("docs/images"))
    parser.add_argument("--companies", default="2-3-4", help="ids, as in the cookie")
    parser.add_argument("--width", type=int, default=1280)
    parser.add_argument("--height", type=int, default=850)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    size = {"width": options.width, "height": options.height}
    pages = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        everything = [
            *(*PICTURES, *PHONE_PICTURES),
            *(*PORTAL_PICTURES, *FIELD_PICTURES, *CREW_PICTURES),
        ]
        for name in options.names or everything:
            if name in CREW_PICTURES:
                data = take_crew(browser, options.url, CREW_PICTURES[name])
                save(data, options.out / f"{name}.png")
                continue
            if name in PORTAL_PICTURES | FIELD_PICTURES:
                portal = (PORTAL_PICTURES | FIELD_PICTURES)[name]
                data = take_portal(browser, options.url, *portal)
                save(data, options.out / f"{name}.png")
                continue
            phone = name in PHONE_PICTURES
            user, path, clicks = (PHONE_PICTURES if phone else PICTURES)[name]
            if (user, phone) not in pages:
                pages[user, phone] = log_in(
                    browser,
                    options.url,
                    user,
                    OFFICE_PHONE if phone else size,
                    options.companies,
                )
            page = pages[user, phone]
            try:
                data = take(page, options.url, path, clicks)
            except Error as error:
                print(f"{name}: {str(error).splitlines()[0]}")
                data = page.screenshot()
            save(data, options.out / f"{name}.png")
        browser.close()


if __name__ == "__main__":
    main()
