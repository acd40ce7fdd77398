"""A crew and a cashier at the same instant.

Command: race ORDERS
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

# the crew begins at any moment of the time that a payment takes, and a little after
CREW_LATER = 1.1


def race(env, count):
    """Each order: two transactions, started together, in an order left to chance.

    Of every two orders one is ended by the office's button, one by the crew's phone.
    """
    orders = _prepare(env, int(count))
    ids = [(order.id, _draft(order).id) for order in orders]
    database = env.cr.dbname
    env.cr.commit()
    payment = 0.5  # seconds; what the last one took
    for number, (order_id, payment_id) in enumerate(ids):
        ready, delay = threading.Barrier(2), random.random() * CREW_LATER * payment
        crew = _phone if number % 2 else _office
        people = ((crew, order_id, delay), (_cashier, payment_id, 0))
        threads = [_Try(database, ready, *who) for who in people]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        payment = threads[1].seconds
    env.cr.commit()  # sees what they have done
    env.invalidate_all()
    _report(orders)


def _prepare(env, count):
    """As many suspensions, each with its crew on site and one unpaid bill."""
    company = bulk.company(env, "Meter")
    bulk.BILLS_A_POSITION = 1
    bulk.bills(env, company, count, days_overdue=(30, 60))
    env["creditbox.order.photo.need"].search([]).unlink()  # not what is raced for
    positions = env["creditbox.position"].search(
        [("company_id", "=", company.id), ("amount_overdue", ">", 0)]
    )
    orders = env["fsm.order"]
    demands = orders._demands_by_hand(positions, "suspension")
    made = orders._request(demands, "operator")
    for state in ("accepted", "sent", "on_site"):
        made._enter(state)
    made.creditbox_debt_checked_at = Datetime.now()
    return made


class _Try(threading.Thread):
    """Somebody's transaction, tried again like that of any request."""

    def __init__(self, database, ready, work, argument, delay):
        super().__init__()
        self.database, self.ready, self.delay = database, ready, delay
        self.work, self.argument = work, argument
        self.seconds = 0

    def run(self):
        with Registry(self.database).cursor() as cr:
            env = Environment(cr, SUPERUSER_ID, {})
            self.ready.wait()
            time.sleep(self.delay)
            started = time.perf_counter()
            try:
                retrying(lambda: self.work(env, self.argument), env)
            except Exception as error:  # what the crew is told
                cr.rollback()
                print(json.dumps({"refused": type(error).__name__, "why": str(error)}))
            self.seconds = time.perf_counter() - started


def _phone(env, order_id):
    # only once the addons' path is known
    from odoo.addons.creditbox_crew.tools.entry import Entry

    order = env["fsm.order"].browse(order_id)
    order._crew_done(Entry(env, {"seal": "S"}), {})


def _office(env, order_id):
    env["fsm.order"].browse(order_id).action_done()


def _draft(order):
    """:return: account.payment of all that the order is for, to be posted yet"""
    bills, company = order.creditbox_move_line_ids.move_id, order.company_id
    env = order.with_context(allowed_company_ids=company.ids).env
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
    return payment


def _cashier(env, payment_id):
    payment = env["account.payment"].browse(payment_id)
    company = payment.company_id
    payment = payment.with_context(allowed_company_ids=company.ids)
    bills = env["account.move"].search(
        [
            ("partner_id", "=", payment.partner_id.id),
            ("move_type", "=", "out_invoice"),
            ("company_id", "=", company.id),
        ]
    )
    payment.action_post()
    (payment.move_id | bills.with_env(payment.env)).line_ids.filtered(
        lambda line: line.account_id.account_type == "asset_receivable"
    ).reconcile()


def _report(raced):
    """Print what became of each order."""
    orders = raced.search([("company_id", "=", raced.company_id.id)])
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
    common.main({"race": race})
