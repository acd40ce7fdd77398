"""What axe finds wrong with a screen of ours (WCAG 2.1 AA), Odoo's parts aside."""

from axe_playwright_python.sync_playwright import Axe

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
# the page below Odoo's bars, and the box of search in them
OURS = [[".o_action_manager"], [".o_creditbox_search"]]
# Parts of Odoo's own lists that its next version has to put right: rule, place.
ODOOS_OWN = {
    "aria-allowed-role": ".o_kanban_record",
    "button-name": ".o_optional_columns_dropdown, .o_control_panel",
    "color-contrast": ".o_kanban_record, .o_data_row",
    "empty-table-header": ".o_list_view",
    "label": ".o_list_record_selector",
    "region": ".o_control_panel, .o_list_view",
}
WHOLE_PAGE = ("landmark-one-main", "page-has-heading-one")


def faults(page, has_heading=True):
    """Yield rule, place and piece of page of each fault that is ours.

    :param has_heading: whether the page is ours as a whole, not a list of Odoo's
    """
    options = {"runOnly": {"type": "tag", "values": TAGS}}
    found = Axe().run(page, context={"include": OURS}, options=options)
    for violation in found.response["violations"]:
        rule = violation["id"]
        if rule in WHOLE_PAGE and not has_heading:
            continue
        for node in violation["nodes"]:
            target = str(node["target"][0])
            if not _is_odoos(page, rule, target):
                yield rule, target, node["html"][:120]


def _is_odoos(page, rule, target):
    places = [ODOOS_OWN.get(rule), ".o_searchview, .o_control_panel_navigation"]
    place = ", ".join(filter(None, places))
    return page.locator(target).first.evaluate(
        "(node, place) => !!node.closest(place)", place
    )
