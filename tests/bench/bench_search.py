"""Find one thing among N open bills and their customers from the box at the top."""

import resource
import statistics
import time

import bulk

SIZE = 50_000
FULL = 1_000_000

TYPED = {
    "a name": "cliente 1234",
    "a common word": "cliente",
    "a word that is nowhere": "zzyzx",
    "a supply": "{supply}",
    "a bill": "{bill}",
    "end of a bill's number": "{tail}",
    "a phone": "+39 333 9999999",
}
TIMES = 7


def run(env_factory, size):
    with env_factory() as env:
        company = bulk.company(env, "Bench")
        bulk.bills(env, company, size)
        env["res.partner"].create({"name": "Phone", "phone": "+39 333 9999999"})
        supply = env["creditbox.supply"].search([], limit=1, offset=size // 5)
        bill = env["account.move"].search(
            [("move_type", "=", "out_invoice")], limit=1, offset=size // 2
        )
        known = {"supply": supply.code, "bill": bill.name, "tail": bill.name[-6:]}
        company_id = company.id
    for name, text in TYPED.items():
        with env_factory() as env:
            search = env["creditbox.search"].with_context(
                allowed_company_ids=[company_id]
            )
            yield _measure(search, name, text.format(**known), size)


def _measure(search, name, text, size):
    env = search.env
    search.find(text)
    queries, times = env.cr.sql_log_count, []
    for _time in range(TIMES):
        env.invalidate_all()
        started = time.perf_counter()
        found = search.find(text)
        times.append(time.perf_counter() - started)
    return {
        "bench": f"search: {name}",
        "n": size,
        "unit": "search",
        "found": sum(len(kind["records"]) for kind in found),
        "seconds": round(statistics.median(times), 4),
        "per_unit_ms": round(statistics.median(times) * 1000, 2),
        "queries_per_unit": (env.cr.sql_log_count - queries) / TIMES,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
