"""What people of one company see of the others.

Commands: look
"""

import json

import common

from odoo import Command
from odoo.exceptions import AccessError

ROLES = ("reader", "administrator")
FIELD_SERVICE = ("fsm.order", "fsm.location")
# Common to all companies by their nature: typologies, law, catalogues.
SHARED = """
    creditbox.court.recess creditbox.writeoff.limit
    creditbox.customer.type creditbox.meter.state creditbox.meter.type
    creditbox.service.type creditbox.postal.code creditbox.postal.outcome
    creditbox.regulation creditbox.regulation.content creditbox.regulation.cost
    creditbox.regulation.cost.permission creditbox.regulation.prescription
    creditbox.regulation.step creditbox.regulation.term creditbox.regulation.value
    creditbox.interest.index creditbox.interest.rate creditbox.interest.rule
    creditbox.mapping.code creditbox.mapping.column creditbox.departure
    creditbox.milestone creditbox.procedure creditbox.procedure.milestone
    creditbox.procedure.data creditbox.procedure.document creditbox.document.type
    creditbox.procedure.standard creditbox.topic
    creditbox.quality.regulation creditbox.quality.class
""".split()


def look(env):
    """Print {"unowned": models, "existing": {model: rows of others}, "leaks"}."""
    companies = env["creditbox.source"].search([]).company_id
    paths = {model: _company_path(env[model]) for model in _models(env)}
    unowned = sorted(m for m, path in paths.items() if not path and m not in SHARED)
    leaks, existing = [], {}
    for role in ROLES:
        for company in companies:
            user = _user(env, role, company)
            for model, path in paths.items():
                if path:
                    others = env[model].search(
                        [(path, "in", (companies - company).ids)]
                    )
                    existing[model] = existing.get(model, 0) + len(others)
                    leaks += _leaks(others, user, f"{role} of {company.name}")
    print(json.dumps({"unowned": unowned, "existing": existing, "leaks": leaks}))


def _models(env):
    return sorted(
        name
        for name, model in env.registry.items()
        if (name.startswith("creditbox.") or name in FIELD_SERVICE)
        and model._auto
        and not model._transient
    )


def _company_path(model, depth=2):
    """:return: path to the company that a record belongs to, or None"""
    if "company_id" in model._fields:
        return "company_id"
    for name, field in model._fields.items() if depth else ():
        owner = field.comodel_name or ""
        if field.type == "many2one" and field.store and owner.startswith("creditbox."):
            if path := _company_path(model.env[owner], depth - 1):
                return f"{name}.{path}"
    return None


def _user(env, role, company):
    return env["res.users"].create(
        {
            "name": role,
            "login": f"{role}-{company.id}",
            "group_ids": [Command.set(env.ref(f"creditbox_base.group_{role}").ids)],
            "company_id": company.id,
            "company_ids": [Command.set(company.ids)],
        }
    )


def _leaks(others, user, who):
    """What the user finds, or may read by its id, of the records of other companies."""
    others = (
        others[:200]
        .with_user(user)
        .with_context(allowed_company_ids=user.company_ids.ids)
    )
    found = others.filtered(_readable)
    return [f"{who}: {record}" for record in found]


def _readable(record):
    try:
        record.check_access("read")
    except AccessError:
        return False
    return True


if __name__ == "__main__":
    common.main({"look": look})
