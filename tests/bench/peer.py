"""The peer: OCA's account_credit_control, measured beside CreditBox in the same run."""

import time
from contextlib import contextmanager

import bulk

NAME = "OCA account_credit_control 19.0, in this run"
MODULE = "account_credit_control"


def lines_ms(env_factory, count=2_000):
    """Return the milliseconds that ``generate_credit_lines`` takes for a bill."""
    _generate(env_factory, 50)  # fills the caches that a running server has
    return _generate(env_factory, count)


def grouped_ms(env_factory, count=500):
    """Return the milliseconds that a bill takes up to who gets which bills together.

    The peer does it in two stages; so far goes one evaluation of CreditBox. The second
    is quadratic: it is measured where it is still quick.
    """
    return _generate(env_factory, count, grouped=True)


def _generate(env_factory, count, grouped=False):
    with _company(env_factory, count) as (env, company):
        run = _run(env, company)
        started = time.perf_counter()
        run.generate_credit_lines()
        env.flush_all()
        seconds = time.perf_counter() - started
        if grouped:
            # as if somebody had chosen them on the screen
            run.line_ids.write({"state": "to_be_sent", "channel": "email"})
            env.flush_all()
            communications = env["credit.control.communication"]
            started = time.perf_counter()
            communications._generate_comm_from_credit_lines(run.line_ids)
            env.flush_all()
            seconds += time.perf_counter() - started
        lines = len(run.line_ids)
        what = "lines and their messages" if grouped else "lines"
        print(f"{MODULE}: {lines} {what} of {count} bills in {seconds:.1f} s")
        return round(seconds * 1000 / lines, 3)


def mails_ms(env_factory, count=200):
    """Return the milliseconds that a reminder by e-mail takes, from line to queue.

    Without the PDF that the peer attaches: it needs a program of its own, and time.
    """
    with _company(env_factory, int(count * bulk.BILLS_A_POSITION)) as (env, company):
        run = _run(env, company)
        run.generate_credit_lines()
        env.ref(
            f"{MODULE}.email_template_credit_control_base"
        ).report_template_ids = False
        run.line_ids.write({"state": "to_be_sent", "channel": "email"})
        env.flush_all()
        started = time.perf_counter()
        communications = env["credit.control.communication"]
        sent = communications._generate_comm_from_credit_lines(run.line_ids)
        sent._generate_emails()
        env.flush_all()
        seconds = time.perf_counter() - started
        print(f"{MODULE}: {len(sent)} e-mails in {seconds:.1f} s")
        return round(seconds * 1000 / len(sent), 1)


@contextmanager
def _company(env_factory, bills):
    """A company of the peer's with overdue bills, in a transaction of its own."""
    with env_factory() as env:
        module = env["ir.module.module"].search([("name", "=", MODULE)])
        if module.state != "installed":
            module.button_immediate_install()
    with env_factory() as env:
        company = bulk.company(env, f"Peer {bills}")
        env.user.company_id = company
        env.user.group_ids += env.ref(f"{MODULE}.group_account_credit_control_manager")
        bulk.bills(env, company, bills, days_overdue=(30, 400))
    with env_factory() as env:
        company = env["res.company"].browse(company.id)
        yield env(context={"allowed_company_ids": company.ids}), company


def _run(env, company):
    policy = env.ref(f"{MODULE}.credit_control_3_time")
    receivable = env["account.account"].search(
        [("company_ids", "in", company.id), ("account_type", "=", "asset_receivable")]
    )
    policy.write({"account_ids": [(6, 0, receivable.ids)], "company_id": company.id})
    company.credit_policy_id = policy
    return env["credit.control.run"].create(
        {"date": bulk.TODAY, "policy_ids": [(6, 0, policy.ids)]}
    )
