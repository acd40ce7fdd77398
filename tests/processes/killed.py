"""A run of e-mails, carried out by a process that the test kills.

Commands: propose PORT [BILLS] | propose_joint PORT | execute | work |
    killing SEED KILLS | report | settle ADDRESS,… | race | fill_disk | free_disk |
    lose_connections
"""

import json
import os
import random
import signal
import time
import traceback
from contextlib import closing
from datetime import timedelta

import common
import psycopg2
from psycopg2.errors import LockNotAvailable

import odoo.sql_db
from odoo.api import SUPERUSER_ID, Environment
from odoo.modules.registry import Registry

import bulk  # isort: skip (found through common)

BILLS = 100
WORKERS = 2


def propose(env, port, bills=BILLS, joint=False):
    """A run of one e-mail for each position, ready to leave."""
    company = bulk.company(env, "Killed")
    company.write({"email": "credito@example.com", "creditbox_batch_size": 15})
    bulk.bills(env, company, int(bills))
    if joint:
        company.creditbox_joint = True
        _give_three_supplies(env, company)
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


def propose_joint(env, port):
    """The same for customers of three supplies each: one message a customer."""
    propose(env, port, joint=True)


def _give_three_supplies(env, company):
    """The first of every three customers takes over the supplies of the others."""
    env.cr.execute(
        """
        CREATE TEMPORARY TABLE taken_over ON COMMIT DROP AS
        SELECT id, partner_id, MIN(partner_id) OVER (PARTITION BY place / 3) AS owner
          FROM (SELECT id, partner_id, row_number() OVER (ORDER BY partner_id) - 1
                       AS place
                  FROM creditbox_supply WHERE company_id = %(company)s) AS supply;
        UPDATE creditbox_supply s SET partner_id = t.owner
          FROM taken_over t WHERE t.id = s.id;
        UPDATE account_move m SET partner_id = t.owner, commercial_partner_id = t.owner
          FROM taken_over t WHERE t.id = m.creditbox_supply_id;
        UPDATE account_move_line l SET partner_id = m.partner_id
          FROM account_move m
         WHERE m.id = l.move_id AND m.company_id = %(company)s
           AND l.partner_id IS NOT NULL
        """,
        {"company": company.id},
    )
    env.invalidate_all()
    env["creditbox.position"]._refresh(companies=company)


def execute(env):
    """Leave the rest to whoever runs the jobs."""
    _run(env).action_execute()


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


def killing(env, seed, kills):
    """Two workers share the run; at random moments one is killed, and replaced."""
    chance = random.Random(int(seed))
    database = env.cr.dbname
    env.cr.commit()
    odoo.sql_db.close_all()  # nothing is shared with the workers
    workers = [_fork(database) for _number in range(WORKERS)]
    done = 0
    while done < int(kills):
        _wait_for_progress(database)
        time.sleep(chance.uniform(0, 0.15))
        number = chance.randrange(WORKERS)
        os.kill(workers[number], signal.SIGKILL)
        _pid, status = os.waitpid(workers[number], 0)
        if not os.WIFSIGNALED(status):  # it had finished: nothing is left to do
            del workers[number]
            break
        done += 1
        workers[number] = _fork(database)
    for worker in workers:
        os.waitpid(worker, 0)
    print(json.dumps({"kills": done}), flush=True)
    os._exit(0)  # the connection of this process has been closed


def _wait_for_progress(database):
    """So that no worker is killed who has done nothing yet."""
    progress = """
        SELECT last_value, (SELECT count(*) FROM creditbox_action
                             WHERE state NOT IN ('ready', 'sending'))
          FROM creditbox_departure_id_seq"""
    with closing(psycopg2.connect(dbname=database)) as connection:
        connection.autocommit = True
        with connection.cursor() as cr:
            cr.execute(progress)
            before, now = cr.fetchone(), None
            until = time.monotonic() + 10
            while now in (None, before) and time.monotonic() < until:
                time.sleep(0.01)
                cr.execute(progress)
                now = cr.fetchone()


def _fork(database):
    """:return: process id of a worker that carries the run out"""
    worker = os.fork()
    if worker:
        return worker
    try:
        with Registry(database).cursor() as cr:
            common.carry_out(_run(Environment(cr, SUPERUSER_ID, {})))
        os._exit(0)
    except BaseException:
        traceback.print_exc()
        os._exit(1)


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


def fill_disk(env):
    """The database has no room for a sixth mark, whatever became of the five."""
    env.cr.execute(
        """
        CREATE SEQUENCE creditbox_test_marks;
        CREATE FUNCTION creditbox_test_full() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF nextval('creditbox_test_marks') > 5 THEN
                RAISE EXCEPTION 'No space left on device' USING ERRCODE = '53100';
            END IF;
            RETURN NEW;
        END $$;
        CREATE TRIGGER creditbox_test_full BEFORE INSERT ON creditbox_departure
            FOR EACH ROW EXECUTE FUNCTION creditbox_test_full()
        """
    )


def free_disk(env):
    env.cr.execute("DROP TRIGGER creditbox_test_full ON creditbox_departure")


def lose_connections(env):
    """What a client sees of a server that is restarted at once."""
    env.cr.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )


def _run(env):
    return env["creditbox.run"].search([("company_id.name", "=", "Killed")])


if __name__ == "__main__":
    commands = (propose, propose_joint, execute, work, killing, report, settle, race)
    commands += (fill_disk, free_disk, lose_connections)
    common.main({command.__name__: command for command in commands})
