"""A run of e-mails, carried out by a process that the test kills.

Commands: propose PORT | work | report | settle ADDRESS,… | race
"""

import json
from datetime import timedelta

import common
from psycopg2.errors import LockNotAvailable

import bulk  # isort: skip (found through common)

BILLS = 100


def propose(env, port):
    """A run of one e-mail for each position, ready to leave."""
    company = bulk.company(env, "Killed")
    company.write({"email": "credito@example.com", "creditbox_batch_size": 15})
    bulk.bills(env, company, BILLS)
    common.send_to(env, port)
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
    common.carry_out(_run(env))


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


def race(env):
    """Say whether somebody else gets at a position whose action is about to leave."""
    action = _run(env).action_ids[0]
    assert action.still_due() == action
    query = "SELECT FROM creditbox_position WHERE id = %s FOR UPDATE NOWAIT"
    with env.registry.cursor() as other:
        try:
            other.execute(query, [action.position_id.id], log_exceptions=False)
            print("free")
        except LockNotAvailable:
            print("waits")
            other.rollback()


def _run(env):
    return env["creditbox.run"].search([("company_id.name", "=", "Killed")])


if __name__ == "__main__":
    commands = (propose, work, report, settle, race)
    common.main({command.__name__: command for command in commands})
