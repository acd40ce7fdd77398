"""The demo's group, small, through the real path: files, proposal, e-mails.

Commands: build PORT | propose | pay | send | report
"""

import json
import os
import sys

import common

os.environ["CREDITBOX_DEMO_CUSTOMERS"] = "300"


def build(env, port):
    """The demo as ./creditbox demo makes it."""
    os.chdir(common.ROOT)
    sys.path.insert(0, "demo")
    import cases
    import cessions
    import legal_portal
    import plans
    import writeoffs

    # they take positions out of the action table: here all are to be written to
    for module in (cases, cessions, legal_portal, plans, writeoffs):
        module.make = lambda *_of: 0
    script = (common.ROOT / "demo/build.py").read_text()
    exec(compile(script, "demo/build.py", "exec"), {"env": env})  # noqa: S102
    common.send_to(env, port)


def propose(env):
    """One e-mail to whoever owes anything; some customers read English."""
    _runs(env).action_cancel()
    customers = env["res.partner"].search([("creditbox_code", "!=", False)])
    customers[::5].lang = "en_US"
    template = env.ref("creditbox_dunning.template_email_reminder")
    rule = {"name": "E-mail", "code": "email", "step": 1, "template_id": template.id}
    for company in env["creditbox.source"].search([]).company_id:
        table = env["creditbox.rule.set"].create(
            {
                "name": "E-mail to all",
                "company_id": company.id,
                "rule_ids": [(0, 0, rule)],
            }
        )
        table.action_publish()
        env["creditbox.run"].create(
            {"company_id": company.id, "rule_set_id": table.id}
        ).action_propose()


def pay(env):
    """Some customers pay between the proposal and the sending.

    Print the orders that their crews have with them, and that this has stopped.
    """
    orders = env["fsm.order"].search([("creditbox_state", "in", ("sent", "on_site"))])
    for run in _runs(env):
        for action in run.action_ids.filtered(lambda a: a.code == "email")[::4]:
            _pay(action)
    stopped = orders.filtered(lambda order: order.creditbox_state == "stopped")
    print(json.dumps(stopped.mapped("name")))


def _pay(action):
    company = action.company_id
    bills = action.line_ids.move_id.with_company(company)
    journal = action.env["account.journal"].search(
        [("company_id", "=", company.id), ("type", "=", "bank")], limit=1
    )
    payment = (
        action.env["account.payment"]
        .with_company(company)
        .create(
            {
                "partner_id": action.partner_id.id,
                "amount": sum(bills.mapped("amount_residual")),
                "journal_id": journal.id,
            }
        )
    )
    payment.outstanding_account_id = journal.default_account_id
    payment.action_post()
    (payment.move_id | bills).line_ids.filtered(
        lambda line: line.account_id.account_type == "asset_receivable"
    ).reconcile()


def send(env):
    for run in _runs(env):
        run.action_approve()
        run.action_ids.filtered(lambda a: a.state == "to_approve").write(
            {"state": "ready"}
        )
        run.state = "executing"
        common.carry_out(run)


def report(env):
    """What the accounts say of each e-mail that was done, and of the others."""
    actions = _runs(env).action_ids.filtered(lambda a: a.code == "email")
    rows = [
        {
            "state": action.state,
            "address": action.partner_id.email,
            "lang": action.partner_id.lang,
            "company": action.company_id.name,
            "bills": {
                bill.creditbox_ref: bill.amount_residual
                for bill in action.line_ids.move_id
            },
            "amount": action.amount,
        }
        for action in actions
    ]
    print(json.dumps(rows))


def _runs(env):
    return env["creditbox.run"].search([("state", "!=", "cancelled")])


if __name__ == "__main__":
    commands = (build, propose, pay, send, report)
    common.main({command.__name__: command for command in commands})
