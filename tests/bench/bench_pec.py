"""Take over the receipts of certified e-mails: acceptance and delivery of each."""

import resource
import time
from email.message import EmailMessage

import communications

from odoo.tools import split_every

from odoo.addons.creditbox_dunning.models.creditbox_provider_pec import BATCH
from odoo.addons.creditbox_dunning.tests.pec_provider import USER, receipt

SIZE = 1_000
FULL = 20_000


def run(env_factory, size):
    with env_factory() as env:
        provider_id = _mailbox(env).id
    communications.run(env_factory, size, "pec")
    with env_factory() as env:
        raws = list(_receipts(env))
    started, queries = time.perf_counter(), 0
    for batch in split_every(BATCH, raws):
        with env_factory() as env:
            before = env.cr.sql_log_count
            provider = env["creditbox.provider"].browse(provider_id)
            env["creditbox.pec.message"]._take_over(provider, batch)
            env.cr.flush()
            queries += env.cr.sql_log_count - before
    seconds = time.perf_counter() - started
    with env_factory() as env:
        delivered = env["creditbox.action"].search_count([("state", "=", "delivered")])
    print(f"{delivered} actions delivered by {len(raws)} receipts")
    return {
        "bench": "pec",
        "n": len(raws),
        "unit": "receipt",
        "seconds": round(seconds, 2),
        "per_unit_ms": round(seconds * 1000 / len(raws), 3),
        "queries_per_unit": round(queries / len(raws), 3),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def _mailbox(env):
    server = env["ir.mail_server"].create(
        {"name": "PEC", "smtp_host": "127.0.0.1", "from_filter": USER}
    )
    return env["creditbox.provider"].create(
        {
            "name": "PEC",
            "kind": "pec",
            "pec_address": USER,
            "pec_server_id": server.id,
            "pec_imap_host": "127.0.0.1",
        }
    )


def _receipts(env):
    """Both receipts of each PEC, as if the queue had sent them all."""
    mails = env["mail.mail"].search([("creditbox_action_id.code", "=", "pec")])
    mails.creditbox_action_id._mark_done()
    for mail in mails:
        sent = EmailMessage()
        sent["From"], sent["To"] = USER, mail.email_to
        sent["Subject"], sent["Message-ID"] = mail.subject, mail.message_id
        sent.set_content("Text")
        for kind in ("accettazione", "avvenuta-consegna"):
            yield receipt(kind, sent)
