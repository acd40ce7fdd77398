"""An office of a large utility, made once in a database for several benches.

Three companies: the first with N open bills, the others with a tenth of that each. One
bill of five has been paid, so that there is a history; some customers have the same
tax code in all three. With operators, holds, promises, limits, a proposed run, alerts.

Each part is committed as it is done, and noted in a parameter of the database: whoever
asks again (``./creditbox bench … --db NAME``) finds it.
"""

import json
import time

import bench_desk
import bench_evaluate
import bench_evaluation
import bulk

from odoo import Command
from odoo.tools import SQL

PARAMETER = "creditbox_bench.office"
OPERATORS = 40
HISTORY = 1.25  # bills written for each that stays open
HELD = 10
SURNAMES = """
    Rossi Russo Ferrari Esposito Bianchi Romano Colombo Ricci Marino Greco Bruno Gallo
    Conti Costa Giordano Mancini Rizzo Lombardi Moretti Barbieri Fontana Santoro Mariani
    Rinaldi Caruso Ferrara Galli Martini Leone Longo Gentile Martinelli Vitale Lombardo
    Serra Coppola Marchetti Parisi Villa Conte
""".split()
NAMES = """
    Maria Anna Giuseppe Rosa Angela Giovanna Teresa Lucia Carmela Caterina Antonio
    Francesco Giovanni Mario Luigi Vincenzo Salvatore Pasquale Domenico Carlo
""".split()
STREETS = ["Via Roma", "Via Garibaldi", "Corso Italia", "Via Mazzini", "Via Verdi"]


def build(env_factory, size):
    """:return: {"companies": ids, "user": id, "table": id of the first company's}"""
    with env_factory() as env:
        known = _known(env)
    for part in (_companies, _bills, _positions, _work, _evaluated, _run):
        name = part.__name__.strip("_")
        if name in known.get("done", ()):
            continue
        started = time.perf_counter()
        with env_factory() as env:
            known = _known(env)
            known |= part(env, size, known) or {}
            known["done"] = [*known.get("done", ()), name]
            env["ir.config_parameter"].set_param(PARAMETER, json.dumps(known))
        print(f"office: {name} in {time.perf_counter() - started:.0f} s", flush=True)
    return known


def _known(env):
    return json.loads(env["ir.config_parameter"].get_param(PARAMETER) or "{}")


def _companies(env, size, known):
    companies = [bulk.company(env, f"Bench {name}") for name in "ABC"]
    groups = ("creditbox_base.group_manager", "creditbox_base.group_controller")
    user, *operators = env["res.users"].create(
        [
            {
                "name": f"Bench {number}",
                "login": f"bench-{number}",
                "group_ids": [Command.link(env.ref(group).id) for group in groups],
                "company_id": companies[0].id,
                "company_ids": [Command.set([company.id for company in companies])],
            }
            for number in range(OPERATORS + 1)
        ]
    )
    table = bench_evaluate._table(env, companies[0])
    return {
        "companies": [company.id for company in companies],
        "user": user.id,
        "operators": [user.id, *(operator.id for operator in operators)],
        "table": table.id,
    }


def _bills(env, size, known):
    with bulk.filling(env, {*bulk.STATEMENTS, *bench_evaluation.PAYMENTS}, size):
        for share, company in zip((1, 10, 10), _browse(env, known), strict=True):
            bulk.bills(
                env,
                company,
                int(size / share * HISTORY),
                days_overdue=(-40, 800),
                per_position=bulk.BILLS_A_POSITION * HISTORY,
                refresh=False,
            )
            # one bill of five, some days late
            bench_evaluation._pay(env, company, 1 - 1 / HISTORY, refresh=False)
        _people(env, known)


def _people(env, known):
    """Names, streets, municipalities and tax codes as a company has them."""
    env.cr.execute(
        SQL(
            """
            UPDATE res_partner p
               SET name = n.name, complete_name = n.name,
                   street = (%(streets)s::text[])[1 + id %% %(street_count)s]
                            || ' ' || 1 + id %% 150,
                   city = 'Comune ' || id %% 200,
                   state_id = (ARRAY(SELECT s.id FROM res_country_state s
                                      WHERE s.country_id = %(italy)s
                                      ORDER BY s.id LIMIT 10))[1 + id %% 200 / 20],
                   creditbox_fiscal_code =
                       'CF' || regexp_replace(creditbox_code, '^.*-', '')
              FROM (SELECT id AS partner,
                           (%(surnames)s::text[])[1 + id %% %(surname_count)s] || ' '
                           || (%(names)s::text[])[1 + id / 7 %% %(name_count)s] AS name
                      FROM res_partner WHERE company_id = ANY(%(companies)s)) AS n
             WHERE n.partner = p.id
            """,
            streets=STREETS,
            street_count=len(STREETS),
            surnames=SURNAMES,
            surname_count=len(SURNAMES),
            names=NAMES,
            name_count=len(NAMES),
            italy=env.ref("base.it").id,
            companies=known["companies"],
        )
    )
    env.cr.execute("ANALYZE res_partner")


def _positions(env, size, known):
    bulk.holds(env, _browse(env, known)[0], HELD, refresh=False)
    env["creditbox.position"]._refresh(companies=_browse(env, known))


def _work(env, size, known):
    users = env["res.users"].browse(known["operators"])
    for company in _browse(env, known):
        bench_desk._work(env, company, users)
        _limits(env, company)


def _limits(env, company):
    """A limit for one customer in ten, which many have passed."""
    env.cr.execute(
        SQL(
            """
            INSERT INTO creditbox_limit (
                partner_id, company_id, amount, date_from, active, create_date)
            SELECT DISTINCT partner_id, company_id, 200, %s::date - 100, TRUE, now()
              FROM creditbox_position
             WHERE company_id = %s AND partner_id %% 10 = 0
            """,
            bulk.TODAY,
            company.id,
        )
    )
    env.cr.execute("ANALYZE creditbox_limit")


def _evaluated(env, size, known):
    env["creditbox.rating"]._refresh(companies=_browse(env, known))  # alerts too


def _run(env, size, known):
    env["creditbox.run"].create(
        {
            "company_id": known["companies"][0],
            "rule_set_id": known["table"],
            "as_of": bulk.TODAY,
        }
    ).action_propose()
    env.cr.execute("ANALYZE creditbox_action, creditbox_action_line, creditbox_item")


def _browse(env, known):
    return env["res.company"].browse(known["companies"])


def as_user(env, known):
    """:return: env of the manager of the three companies, caches filled"""
    env = env(
        user=known["user"],
        context={"allowed_company_ids": known["companies"], "lang": "it_IT"},
    )
    env["creditbox.position"].search([], limit=1)
    env["creditbox.console"].feeds()
    env.invalidate_all()
    return env
