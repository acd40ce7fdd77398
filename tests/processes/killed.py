"""A process of its own on a database of its own; made to be killed.

Usage: python worker.py CONF DATABASE propose PORT | work | report | settle ADDRESS,…
"""

import json
import sys
from datetime import timedelta
from pathlib import Path

import odoo.tools
from odoo.api import SUPERUSER_ID, Environment
from odoo.modules.registry import Registry

sys.path.insert(0, str(Path(__file__).parents[1] / "bench"))
import bulk  # noqa: E402

BILLS = 100


def propose(env, port):
    """A run of one e-mail for each position, ready to leave."""
    company = bulk.company(env, "Killed")
    company.write({"email": "credito@example.com", "creditbox_batch_size": 15})
    bulk.bills(env, company, BILLS)
    env["ir.mail_server"].search([]).active = False
    env["ir.mail_server"].create(
        {
            "name": "Box",
            "smtp_host": "127.0.0.1",
            "smtp_port": int(port),
            "smtp_encryption": "none",
        }
    )
    run = env["creditbox.run"].create(
        {
            "company_id": company.id,
            "rule_set_id": _table(env, company).id,
            "as_of": bulk.TODAY + timedelta(days=1),
        }
    )
    run.action_propose()
    run.action_approve()
    run.state = "executing"


def _table(env, company):
    template = env["creditbox.template"].create(
        {
            "name": "Reminder",
            "code": "email",
            "subject": "Unpaid bills",
            "body": "<p>Please pay {{ amount }}</p>{{ bills }}",
        }
    )
    rule = {"name": "E-mail", "code": "email", "step": 1, "template_id": template.id}
    table = env["creditbox.rule.set"].create(
        {
            "name": "One e-mail",
            "company_id": company.id,
            "rule_ids": [(0, 0, rule)],
        }
    )
    table.action_publish()
    return table


def work(env):
    """Carry out what is left, batch by batch, message by message."""
    run, actions, queue = _run(env), env["creditbox.action"], env["mail.mail"]
    while actions.search_count(run._domain_ready(), limit=1):
        run._execute_batch()
        env.cr.commit()
    queue._creditbox_process_queue()
    while queue.search_count(queue._creditbox_queue_domain(), limit=1):
        queue._creditbox_process_queue()
        env.cr.commit()


def report(env):
    run = _run(env)
    actions = [
        {
            "address": action.partner_id.email,
            "state": action.state,
            "in_doubt": action.in_doubt,
            "steps": action.item_ids.mapped("step"),
        }
        for action in run.action_ids
    ]
    print(json.dumps({"state": run.state, "actions": actions}))


def settle(env, arrived):
    """What an operator does who has looked into the mailbox."""
    doubtful = _run(env).action_ids.filtered("in_doubt")
    sent = doubtful.filtered(lambda a: a.partner_id.email in arrived.split(","))
    sent.action_was_sent()
    (doubtful - sent).action_send_again()


def _run(env):
    return env["creditbox.run"].search([("company_id.name", "=", "Killed")])


def main(conf, database, command, *arguments):
    odoo.tools.config.parse_config(["-c", conf, "-d", database, "--log-level=warn"])
    with Registry(database).cursor() as cr:
        globals()[command](Environment(cr, SUPERUSER_ID, {}), *arguments)


if __name__ == "__main__":
    main(*sys.argv[1:])
