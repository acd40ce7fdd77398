"""A crew and a cashier at the same instant.

Commands: prepare ORDERS | race | report
"""

import json
import random
import threading
import time

import common

from odoo.api import SUPERUSER_ID, Environment
from odoo.fields import Datetime
from odoo.modules.registry import Registry
from odoo.service.model import retrying

import bulk  # isort: skip (found through common)

CREW_LATER = 1.2  # seconds, at most: a payment takes longer than a button


def prepare(env, count):
    """As many suspensions, each with its crew on site and one unpaid bill."""
    company = bulk.company(env, "Meter")
    bulk.BILLS_A_POSITION = 1
    bulk.bills(env, company, int(count), days_overdue=(30, 60))
    positions = env["creditbox.position"].search(
        [("company_id", "=", company.id), ("amount_overdue", ">", 0)]
    )
    orders = env["fsm.order"]
    demands = orders._demands_by_hand(positions, "suspension")
    made = orders._request(demands, "operator")
    for state in ("accepted", "sent", "on_site"):
        made._enter(state)
    made.creditbox_debt_checked_at = Datetime.now()
    print(len(made))


def race(env):
    """Each order: two transactions, started together, in an order left to chance."""
    company = _company(env)
    orders = env["fsm.order"].search([("company_id", "=", company.id)])
    ids = [(order.id, order.creditbox_move_line_ids.move_id.ids) for order in orders]
    database = env.cr.dbname
    env.cr.commit()
    for order_id, bill_ids in ids:
        ready = threading.Barrier(2)
        threads = [
            threading.Thread(target=_try, args=(database, ready, *who))
            for who in (
                (_crew, order_id, random.random() * CREW_LATER),
                (_cashier, bill_ids, 0),
            )
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


def _try(database, ready, work, argument, delay):
    with Registry(database).cursor() as cr:
        env = Environment(cr, SUPERUSER_ID, {})
        ready.wait()
        time.sleep(delay)
        try:
            retrying(lambda: work(env, argument), env)
        except Exception as error:  # what the crew is told
            cr.rollback()
            print(json.dumps({"refused": type(error).__name__, "why": str(error)}))


def _crew(env, order_id):
    env["fsm.order"].browse(order_id).action_done()


def _cashier(env, bill_ids):
    bills = env["account.move"].browse(bill_ids)
    company = bills.company_id
    env = env(context={"allowed_company_ids": company.ids})
    bills = bills.with_env(env)
    journal = env["account.journal"].search(
        [("company_id", "=", company.id), ("type", "=", "bank")], limit=1
    )
    payment = env["account.payment"].create(
        {
            "partner_id": bills.partner_id.id,
            "amount": sum(bills.mapped("amount_residual")),
            "journal_id": journal.id,
            "date": bulk.TODAY,
        }
    )
    payment.outstanding_account_id = journal.default_account_id
    payment.action_post()
    (payment.move_id | bills).line_ids.filtered(
        lambda line: line.account_id.account_type == "asset_receivable"
    ).reconcile()


def _company(env):
    return env["res.company"].search([("name", "=", "Meter")])


def report(env):
    """Print what became of each order."""
    company = _company(env)
    orders = env["fsm.order"].search([("company_id", "=", company.id)])
    back = orders.filtered(lambda o: o.creditbox_operation == "reactivation")
    print(
        json.dumps(
            [
                {
                    "state": order.creditbox_state,
                    "alarm": order.creditbox_alarm,
                    "open": sum(
                        order.creditbox_move_line_ids.mapped("amount_residual")
                    ),
                    "meter": order.creditbox_meter_id.meter_state_id.code,
                    "back": len(
                        back.filtered(
                            lambda o, s=order.creditbox_supply_id: (
                                o.creditbox_supply_id == s
                            )
                        )
                    ),
                }
                for order in orders - back
            ]
        )
    )


if __name__ == "__main__":
    common.main({"prepare": prepare, "race": race, "report": report})
