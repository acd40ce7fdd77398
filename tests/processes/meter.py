"""A crew and a cashier at the same instant.

Commands: prepare ORDERS | race | report
"""

import json
import multiprocessing
import random
import time

import common

from odoo import sql_db
from odoo.api import SUPERUSER_ID, Environment
from odoo.fields import Datetime
from odoo.modules.registry import Registry
from odoo.service.model import retrying

import bulk  # isort: skip (found through common)

AT_ONCE = 4  # pairs
FORK = multiprocessing.get_context("fork")
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
    """Each order: two processes, started together, in an order left to chance."""
    company = _company(env)
    orders = env["fsm.order"].search([("company_id", "=", company.id)])
    ids = [(order.id, order.creditbox_move_line_ids.move_id.ids) for order in orders]
    database = env.cr.dbname
    env.cr.commit()
    for start in range(0, len(ids), AT_ONCE):
        pairs = ids[start : start + AT_ONCE]
        ready = FORK.Barrier(2 * len(pairs))
        processes = [
            FORK.Process(target=_try, args=(database, ready, *who))
            for order_id, bill_ids in pairs
            for who in (
                (_crew, order_id, random.random() * CREW_LATER),
                (_cashier, bill_ids, 0),
            )
        ]
        for process in processes:
            process.start()
        for process in processes:
            process.join()


def _try(database, ready, work, argument, delay):
    _forget_connections(database)
    with Registry(database).cursor() as cr:
        env = Environment(cr, SUPERUSER_ID, {})
        ready.wait()
        time.sleep(delay)
        try:
            retrying(lambda: work(env, argument), env)
        except Exception as error:  # what the crew is told
            cr.rollback()
            told = {"refused": type(error).__name__, "why": str(error)}
            print(json.dumps(told), flush=True)


def _forget_connections(database):
    """A forked process must not speak on the connections of its parent."""
    sql_db._Pool = sql_db._Pool_readonly = None
    registry = Registry(database)
    registry._db = sql_db.db_connect(database)


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
