"""What people open in a day over the office of N open bills (tests/bench/office.py):
console, My Day, customers' pages, the search box, KPIs, a day in the past; TIMES times
each, the median."""

import statistics

import bench_console
import bench_desk
import bulk
import clock
import office

from odoo.tools import SQL

SIZE = 10_000
FULL = 1_000_000
TIMES = 3
CUSTOMERS = 10
MUCH = 400  # events in the history of the customer with much of it
TYPED = {
    "a common surname": "rossi",
    "name and surname": "maria rossi",
    "an address, which every fifth has": "via roma",
    "an address with its number": "via roma 12",
    "short and common": "via",
    "a municipality": "comune 12",
    "a word that is nowhere": "zzyzx",
    "a tax code": "cf1234",
    "a bill": "bench-{company}/1234",
    "a phone": "+39 333 1001234",
}


def run(env_factory, size):
    known = office.build(env_factory, size)
    with env_factory() as env:
        loaded = _history(env, known)
    for name, work in _works(known, loaded).items():
        with env_factory() as env:
            yield _measure(office.as_user(env, known), name, work, size)


def _measure(env, name, work, size):
    results = []
    for time in range(1 if "first" in name else TIMES):
        with clock.measured(env, f"screen: {name}", size) as result:
            work(env, time)
        results.append(result)
    median = statistics.median_low(result["seconds"] for result in results)
    return next(result for result in results if result["seconds"] == median)


def _works(known, loaded):
    company = known["companies"][0]
    works = {
        f"console, {name}": lambda env, time, w=work: w(env)
        for name, work in bench_console.WORK.items()
    }
    for column in ("bill_count", "oldest", "amount_credit", "amount_balance"):
        works[f"console, customers by {column}"] = lambda env, time, c=column: env[
            "creditbox.console"
        ].customers({}, f"{c} desc")
    day = [("date", "<=", bulk.TODAY)]
    mine = [("user_id", "=", known["user"]), *day]
    works |= {
        "my day": lambda env, time: _day(env, mine),
        "everybody's day": lambda env, time: _day(env, day),
        "everybody's day, automatic steps too": lambda env, time: _day(env, []),
        "my day by kind": lambda env, time: env["creditbox.task"].web_read_group(
            mine, ["kind"], ["__count"]
        ),
        "everybody's day by kind": lambda env, time: env[
            "creditbox.task"
        ].web_read_group(day, ["kind"], ["__count"]),
    }
    page = "creditbox.customer.page"
    works |= {
        "customer page": lambda env, time: env[page].get_page(
            _customer(env, company, time), company
        ),
        "timeline": lambda env, time: env[page].get_timeline(
            _customer(env, company, time), company
        ),
        f"customer page, {MUCH} events": lambda env, time: env[page].get_page(
            loaded, company
        ),
        f"timeline, {MUCH} events": lambda env, time: env[page].get_timeline(
            loaded, company
        ),
        "KPIs": lambda env, time: env["creditbox.kpi"].load(),
    }
    for name, text in TYPED.items():
        typed = text.format(company=company)
        works[f"search, {name}"] = lambda env, time, t=typed: env[
            "creditbox.search"
        ].find(t)
    return works


def _day(env, domain):
    return bench_desk._open(env["creditbox.task"], domain)


def _customer(env, company, time):
    position = env["creditbox.position"].search(
        [("company_id", "=", company)], limit=1, offset=time * 137
    )
    return position.partner_id.id


def _history(env, known):
    """A customer with much history: notes and messages besides his bills."""
    partner = _customer(env, known["companies"][0], 11)
    position = env["creditbox.position"].search([("partner_id", "=", partner)], limit=1)
    env.cr.execute(
        SQL(
            """
            INSERT INTO mail_message (
                model, res_id, body, message_type, date, author_id, create_date)
            SELECT 'creditbox.position', %s, '<p>Nota ' || n || '</p>', 'comment',
                   now() - n * interval '1 day', %s, now()
              FROM generate_series(1, %s) n
            """,
            position.id,
            env.user.partner_id.id,
            MUCH,
        )
    )
    return partner
