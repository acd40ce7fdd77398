"""The scheduled work of a night over the office of N open bills: how long, how much
memory, and how long somebody who posts a payment meanwhile has to wait.

Each is undone, so that the office stays what it was.
"""

import threading
import time

import bulk
import clock
import office

SIZE = 10_000
FULL = 1_000_000
EVERY = 1  # seconds between two probes
# model, method: in the order of the night
JOBS = {
    "end of holds": ("creditbox.hold", "_cron_expire"),
    "positions and console": ("creditbox.position", "_refresh"),
    "promises": ("creditbox.promise", "_cron_value"),
    "ratings": ("creditbox.rating", "_refresh"),
    "alerts": ("creditbox.alert", "_refresh"),
    "prescription radar": ("creditbox.prescription", "_refresh"),
}


def run(env_factory, size):
    known = office.build(env_factory, size)
    for name, (model, method) in JOBS.items():
        yield _measure(env_factory, known, name, model, method, size)


def _measure(env_factory, known, name, model, method, size):
    with env_factory() as env:
        probe = Probe(env_factory, known)
        companies = env["res.company"].browse(known["companies"])
        with clock.measured(env, f"night: {name}", size) as result, probe:
            work(env, model, method, companies)
        result["database_peak_mb"] = clock.backend(env)[1]
        result["longest_wait_seconds"] = round(max(probe.waits, default=0), 3)
        env.cr.rollback()
    return result


def work(env, model, method, companies):
    if method.startswith("_cron"):
        getattr(env[model], method)()
    elif model == "creditbox.alert":
        for company in companies:
            env[model]._refresh(company)
    elif model == "creditbox.prescription":
        for company in companies:
            env[model]._refresh(company)
    else:
        env[model]._refresh(companies=companies)


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
