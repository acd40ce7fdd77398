"""What the scripts of this folder share: each is a process on its own database."""

import sys
from pathlib import Path

import odoo.tools
from odoo.api import SUPERUSER_ID, Environment
from odoo.modules.registry import Registry
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests/bench"))


def send_to(env, port):
    """Whatever leaves goes to the mailbox of the test."""
    env["ir.mail_server"].search([]).active = False
    env["ir.mail_server"].create(
        {
            "name": "Mailbox",
            "smtp_host": "127.0.0.1",
            "smtp_port": int(port),
            "smtp_encryption": "none",
        }
    )


def carry_out(run):
    """Carry out what is left of a run, batch by batch; others may be at it too."""
    env = run.env
    actions, queue = env["creditbox.action"], env["mail.mail"]
    while actions.search_count(run._domain_ready(), limit=1):
        _as_a_job(env, run._execute_batch)
    _as_a_job(env, queue._creditbox_process_queue)
    while queue.search_count(queue._creditbox_queue_domain(), limit=1):
        _as_a_job(env, queue._creditbox_process_queue)


def _as_a_job(env, work):
    """The job runner takes a job up again that has met with another one."""
    try:
        work()
        env.cr.commit()
    except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
        env.cr.rollback()


def main(commands):
    """Usage: python script.py CONF DATABASE command [ARGUMENT…]"""
    conf, database, command, *arguments = sys.argv[1:]
    odoo.tools.config.parse_config(["-c", conf, "-d", database, "--log-level=warn"])
    with Registry(database).cursor() as cr:
        commands[command](Environment(cr, SUPERUSER_ID, {}), *arguments)
