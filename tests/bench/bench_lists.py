"""Open each list of CreditBox over the office of N open bills: in the order it has,
with the filters it starts with, with each filter of its search, grouped by each of its
groups. Beside them Odoo's own list of invoices, of the same size.

One line for each list, with its slowest reading; what takes longer than SLOW is told
on stderr, reading by reading.
"""

import statistics

import clock
import office
from lxml import etree

from odoo.tools.safe_eval import datetime, dateutil, safe_eval, time

SIZE = 10_000
FULL = 1_000_000
SLOW = 0.3
PAGE = 80
LIMIT = "60s"
ODOOS = "account.action_move_out_invoice_type"


def run(env_factory, size):
    known = office.build(env_factory, size)
    with env_factory() as env:
        actions = _actions(env, known)
    for action in actions:
        with env_factory() as env:
            env.cr.execute("SET LOCAL statement_timeout = %s", [LIMIT])
            if result := _measure(office.as_user(env, known), action, size):
                yield result


def _actions(env, known):
    """:return: xml ids of Odoo's list of invoices and of our window actions"""
    data = env["ir.model.data"].search(
        [("model", "=", "ir.actions.act_window"), ("module", "like", "creditbox%")]
    )
    return [ODOOS, *sorted(data.mapped("complete_name"))]


def _measure(env, xmlid, size):
    action = env["ir.actions.act_window"]._for_xml_id(xmlid)
    model = env[action["res_model"]]
    if "list" not in action["view_mode"] or model._transient:
        return None
    values = {
        "uid": env.uid,
        "active_id": 0,
        "active_ids": [],
        "context_today": datetime.date.today,
        "datetime": datetime,
        "relativedelta": dateutil.relativedelta.relativedelta,
        "time": time,
        "allowed_company_ids": env.context["allowed_company_ids"],
    }
    context = safe_eval(action["context"] or "{}", values)
    domain = safe_eval(action["domain"] or "[]", values)
    model = model.with_context(**context)
    views = model.get_views(
        [
            (dict((v, i) for i, v in action["views"]).get("list", False), "list"),
            (action["search_view_id"] and action["search_view_id"][0], "search"),
        ]
    )["views"]
    columns = _columns(model, views["list"]["arch"])
    filters, groups = _searches(views["search"]["arch"], values)
    defaults = [
        filters[name]
        for key in context
        if (name := key.removeprefix("search_default_")) in filters
    ]
    start = sum(defaults, domain)
    readings = {"opened": lambda: _open(model, start, columns)}
    readings["everything"] = lambda: _open(model, domain, columns)
    for name, filter_ in filters.items():
        readings[f"filter {name}"] = lambda f=filter_: _open(model, domain + f, columns)
    for name, by in groups.items():
        readings[f"group {name}"] = lambda b=by: _group(model, start, b, columns)
    model.search(start, limit=1)  # caches
    results = [_one(env, name, work, size) for name, work in readings.items()]
    results = [result for result in results if result]
    if not results:
        return None
    for result in results:
        if result["seconds"] > SLOW:
            print(f"  {xmlid}: {result}", flush=True)
    slowest = max(results, key=lambda result: result["seconds"])
    opened = results[0]
    return {
        **opened,
        "bench": f"list: {xmlid}",
        "records": slowest["records"],
        "readings": len(results),
        "median": round(statistics.median(r["seconds"] for r in results), 3),
        "slowest": slowest["bench"],
        "slowest_seconds": slowest["seconds"],
        "slowest_cpu_seconds": slowest["cpu_seconds"],
    }


def _one(env, name, work, size):
    try:
        with env.cr.savepoint(), clock.measured(env, name, size) as result:
            result["records"] = work()
    except Exception as error:  # a reading that fails, or lasts too long, is told
        print(f"  {name}: {error!r:.300}", flush=True)
        return None
    return result


def _columns(model, arch):
    """What the list reads of each record."""
    names = [
        node.get("name")
        for node in etree.fromstring(arch).xpath("/list/field")
        if node.get("name") in model._fields
    ]
    return {
        name: {"fields": {"display_name": {}}}
        if model._fields[name].type == "many2one"
        else {}
        for name in names
    }


def _searches(arch, values):
    """:return: {name: domain} of the filters, {name: field} of the groups"""
    filters, groups = {}, {}
    for node in etree.fromstring(arch).iter("filter"):
        name, context = node.get("name"), node.get("context") or "{}"
        if node.get("domain") and node.get("domain") != "[]":
            filters[name] = safe_eval(node.get("domain"), values)
        elif "group_by" in context:
            groups[name] = safe_eval(context, values)["group_by"]
        elif node.get("date"):
            month = datetime.date.today().replace(day=1).isoformat()
            filters[name] = [(node.get("date"), ">=", month)]
    return filters, groups


def _open(model, domain, columns):
    found = model.web_search_read(domain, columns, limit=PAGE, count_limit=10_001)
    return found["length"]


def _group(model, domain, by, columns):
    sums = [
        f"{name}:{model._fields[name].aggregator}"
        for name in columns
        if name != "id"
        and model._fields[name].store
        and model._fields[name].type in ("float", "integer", "monetary")
        and model._fields[name].aggregator
    ]
    found = model.web_read_group(domain, [by], sums, limit=PAGE)
    return found["length"]
