"""The scheduled work of a night over the office of N open bills, on the day after it
was made: how long, how much memory, and how long somebody waits meanwhile who writes
on bills and customers.

Each is undone, so that the office stays what it was.
"""

import threading
import time
from datetime import timedelta
from unittest.mock import patch

import bulk
import clock
import office

SIZE = 10_000
FULL = 1_000_000
EVERY = 1  # seconds between two probes


def run(env_factory, size):
    known = office.build(env_factory, size)
    with env_factory() as env:
        company = env.registry["res.company"]
    tomorrow = bulk.TODAY + timedelta(days=1)
    for name, job in JOBS.items():
        with patch.object(company, "_creditbox_today", lambda company: tomorrow):
            yield _measure(env_factory, known, name, job, size)


def _measure(env_factory, known, name, job, size):
    with env_factory() as env:
        probe = Probe(env_factory, known)
        companies = env["res.company"].browse(known["companies"])
        with clock.measured(env, f"night: {name}", size) as result, probe:
            job(env, companies)
        result["database_peak_mb"] = clock.backend(env)[1]
        result["longest_wait_seconds"] = round(max(probe.waits, default=0), 3)
        env.cr.rollback()
    return result


def _promises(env, companies):
    for company in companies:
        env["creditbox.promise"].search(
            [("company_id", "=", company.id), ("state", "=", "open")]
        )._value()


def _each(name):
    def job(env, companies):
        for company in companies:
            env[name]._refresh(company)

    return job


def _propose(env, companies):
    table = env["creditbox.rule.set"]._published(companies[0])
    env["creditbox.run"].create(
        {
            "company_id": companies[0].id,
            "as_of": companies[0]._creditbox_today(),
            "rule_set_id": table.id,
        }
    ).action_propose()


# in the order of the night
JOBS = {
    "end of holds": lambda env, companies: env["creditbox.hold"]._cron_expire(),
    "positions and console": lambda env, companies: env["creditbox.position"]._refresh(
        companies=companies
    ),
    "console alone": lambda env, companies: env["creditbox.console.line"]._refresh(
        companies
    ),
    "promises": _promises,
    "run of the first company": _propose,
    "prescription radar": _each("creditbox.prescription"),
    "ratings and alerts": lambda env, companies: env["creditbox.rating"]._refresh(
        companies=companies
    ),
    "alerts alone": _each("creditbox.alert"),
    "snapshot of a month": lambda env, companies: env["creditbox.snapshot"].create(
        {"company_id": companies[0].id, "date": bulk.due(bulk.TODAY.day)}
    ),
}


class Probe:
    """Somebody else: changes a bill, a customer and an entry each second."""

    def __init__(self, env_factory, known):
        self.env_factory, self.known = env_factory, known
        self.waits, self.stop = [], threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self):
        self.thread.start()

    def __exit__(self, *error):
        self.stop.set()
        self.thread.join()

    def _run(self):
        number = 0
        while not self.stop.wait(EVERY):
            number += 1
            with self.env_factory() as env:
                started = time.perf_counter()
                env.cr.execute(
                    """
                    WITH bill AS (
                        UPDATE account_move SET write_date = now() WHERE id = (
                            SELECT id FROM account_move
                             WHERE company_id = %(company)s
                               AND move_type = 'out_invoice'
                             ORDER BY id LIMIT 1 OFFSET %(number)s)
                        RETURNING id, partner_id),
                    customer AS (
                        UPDATE res_partner SET write_date = now()
                         WHERE id IN (SELECT partner_id FROM bill))
                    UPDATE account_move_line SET write_date = now()
                     WHERE move_id IN (SELECT id FROM bill)
                    """,
                    {"company": self.known["companies"][0], "number": number * 13},
                )
                self.waits.append(time.perf_counter() - started)
