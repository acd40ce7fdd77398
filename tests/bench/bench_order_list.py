"""The board and the list of N orders at the meter, as an operator opens them: with each
filter and each group of their search. Each tenth order is made as people do, the others
are its copies."""

import bench_lists
import bulk

from odoo import Command
from odoo.tools import SQL

SIZE = 10_000
FULL = 100_000
COPIES = 9
BATCH = 200
ACTION = "creditbox_utility.fsm_order_action"
# of a hundred orders; where they stand on the board
STATES = (
    ("done", 60, "done"),
    ("stopped", 15, "stopped"),
    ("not_executable", 8, "not_executable"),
    ("cancelled", 7, "ended"),
    ("sent", 5, "sent"),
    ("requested", 5, "to_send"),
)


def run(env_factory, size):
    with env_factory() as env:
        company = bulk.company(env, f"Bench order list {size}")
        _make(env, company, size // (COPIES + 1))
        _copy(env, company)
        user = _operator(env, company)
        env.cr.commit()
        env.cr.execute("ANALYZE fsm_order")
        env.cr.commit()
    with env_factory() as env:
        env = env(user=user.id, context={"allowed_company_ids": company.ids})
        yield bench_lists._measure(env, ACTION, size)


def _make(env, company, count):
    bulk.bills(env, company, int(count * bulk.BILLS_A_POSITION))
    positions = env["creditbox.position"].search(
        [("company_id", "=", company.id), ("supply_id", "!=", False)], limit=count
    )
    orders = env["fsm.order"]
    for start in range(0, len(positions), BATCH):
        batch = positions[start : start + BATCH].with_prefetch()
        orders._request(orders._demands_by_hand(batch, "suspension"), "operator")
        env.cr.commit()


def _copy(env, company):
    env.cr.execute(
        "SELECT column_name FROM information_schema.columns"
        " WHERE table_name = 'fsm_order' AND column_name NOT IN ('id', 'name')"
    )
    columns = SQL(", ").join(SQL.identifier(name) for (name,) in env.cr.fetchall())
    env.cr.execute(
        SQL(
            "INSERT INTO fsm_order (name, %s) SELECT name || '-' || copy, %s"
            " FROM fsm_order, generate_series(1, %s) copy WHERE company_id = %s",
            *(columns, columns, COPIES, company.id),
        )
    )
    first = 0
    for state, share, board in STATES:
        env.cr.execute(
            SQL(
                """
                UPDATE fsm_order
                   SET creditbox_state = %s, creditbox_board = %s,
                       creditbox_closed_at = CASE WHEN %s IN ('sent', 'to_send')
                           THEN NULL ELSE now() - id %% 700 * interval '1 day' END
                 WHERE company_id = %s AND id * 37 %% 100 BETWEEN %s AND %s
                """,
                *(state, board, board, company.id, first, first + share - 1),
            )
        )
        first += share
    env.invalidate_all()


def _operator(env, company):
    return (
        env["res.users"]
        .with_context(no_reset_password=True)
        .create(
            {
                "name": "Operator",
                "login": f"operator-{company.id}",
                "company_id": company.id,
                "company_ids": [Command.set(company.ids)],
                "group_ids": [
                    Command.link(env.ref("creditbox_base.group_operator").id),
                    Command.link(env.ref("base.group_user").id),
                ],
            }
        )
    )
