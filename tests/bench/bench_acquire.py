"""Bills and payments from Excel to posted, reconciled entries; and Odoo's own way.

The baseline is measured in the same run, in the same database, on the same kind of
rows: `load` (Odoo's import) of a bill and of its payment, posting, reconciling.
"""

import base64
import datetime
import io
import resource
import time

import xlsxwriter

SIZE = 10_000
FULL = 500_000
BASELINE = 200
ISSUE, DUE = datetime.date(2024, 1, 31), datetime.date(2024, 2, 28)
PAID = datetime.date(2024, 2, 20)


def run(env_factory, size):
    with env_factory() as env:
        company, source = _prepare(env)
        company_id, source_id = company.id, source.id
    with env_factory() as env:
        baseline = _baseline(env, company_id, source_id)
    with env_factory() as env:
        _acquire(env, source_id, "warm-up", *_rows("W", 50))
    bills, payments = _rows("B", size)
    for name, content in (
        ("acquire bills", (bills, None)),
        ("acquire payments", (None, payments)),
        ("acquire bills again", (bills, None)),
    ):
        with env_factory() as env:
            yield _measure(env, source_id, name, size, *content, baseline)
    with env_factory() as env:
        _check(env, source_id, size)


def _prepare(env):
    """A company with a chart of accounts, its source, and 1000 customers."""
    company = env["res.company"].create(
        {"name": "Bench acquire", "country_id": env.ref("base.it").id}
    )
    env.user.company_ids |= company
    env["account.chart.template"].try_loading("it", company, install_demo=False)
    source = (
        env["creditbox.source"]
        .with_context(allowed_company_ids=company.ids)
        .create({"name": "Bench", "company_id": company.id})
    )
    source._prepare_accounts()
    env["res.partner"].with_context(tracking_disable=True).create(
        [
            {
                "name": f"Cliente {index}",
                "creditbox_code": f"C{index}",
                "company_id": company.id,
                "country_id": env.ref("base.it").id,
            }
            for index in range(1000)
        ]
    )
    return company, source


def _rows(prefix, size):
    bills = [
        [f"{prefix}/{i:07}", f"C{i % 1000}", ISSUE, DUE, 50 + i % 100]
        for i in range(size)
    ]
    payments = [
        [f"{prefix}P{i:07}", f"C{i % 1000}", f"{prefix}/{i:07}", PAID, 50 + i % 100]
        for i in range(size)
    ]
    return bills, payments


def _xlsx(bills, payments):
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"constant_memory": True})
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    for title, headings, rows in (
        (
            "Bollette",
            ("number", "customer_code", "issue_date", "due_date", "amount"),
            bills,
        ),
        (
            "Pagamenti",
            ("code", "customer_code", "bill_number", "date", "amount"),
            payments,
        ),
    ):
        if rows:
            sheet = book.add_worksheet(title)
            sheet.write_row(0, 0, headings)
            for line, row in enumerate(rows, start=1):
                for column, cell in enumerate(row):
                    if isinstance(cell, datetime.date):
                        sheet.write_datetime(line, column, cell, day)
                    else:
                        sheet.write(line, column, cell)
    book.close()
    return base64.b64encode(stream.getvalue())


def _acquire(env, source_id, name, bills, payments):
    taken = env["creditbox.acquisition"].create(
        {
            "source_id": source_id,
            "file": _xlsx(bills, payments),
            "filename": f"{name}.xlsx",
            "forced": True,
        }
    )
    env.flush_all()
    started = time.perf_counter(), time.process_time(), env.cr.sql_log_count
    taken.with_context(queue_job__no_delay=True).action_process()
    env.flush_all()
    if taken.state != "done":
        raise RuntimeError(f"{taken.state}: {taken.message} {taken.error_ids[:3]}")
    return taken, started


def _measure(env, source_id, name, size, bills, payments, baseline):
    _taken, (started, processor, queries) = _acquire(
        env, source_id, name, bills, payments
    )
    seconds = time.perf_counter() - started
    per_unit = seconds * 1000 / size
    kind = "payment" if payments else "bill"
    print(f"{name}: {time.process_time() - processor:.1f} s of it in Python")
    return {
        "bench": name,
        "n": size,
        "unit": kind,
        "seconds": round(seconds, 2),
        "per_unit_ms": round(per_unit, 3),
        "queries_per_unit": round((env.cr.sql_log_count - queries) / size, 4),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "baseline": f"Odoo: load, post{' and reconcile' if payments else ''}",
        "baseline_per_unit_ms": round(baseline[kind], 2),
        "ratio": round(baseline[kind] / per_unit, 1),
    }


def _baseline(env, company_id, source_id):
    """dict kind -> ms, of what a person does with Odoo's own import."""
    source = env["creditbox.source"].browse(source_id)
    company = env["res.company"].browse(company_id)
    env = env(context=dict(env.context, allowed_company_ids=company.ids))
    bills, payments = _rows("O", BASELINE + 20)
    results = {}
    for part in (slice(0, 20), slice(20, None)):
        started = time.perf_counter()
        moves = _load_bills(env, source, bills[part])
        count = len(bills[part])
        results["bill"] = (time.perf_counter() - started) * 1000 / count
        started = time.perf_counter()
        _load_payments(env, source, payments[part], moves)
        results["payment"] = (time.perf_counter() - started) * 1000 / count
    return results


def _load(env, model, fields, rows):
    answer = env[model].load(fields, rows)
    if not answer["ids"]:
        raise RuntimeError(answer["messages"])
    return env[model].browse(answer["ids"])


def _load_bills(env, source, bills):
    fields = ["move_type", "journal_id/.id", "partner_id", "name", "invoice_date",
              "invoice_date_due", "invoice_line_ids/name",
              "invoice_line_ids/account_id/.id", "invoice_line_ids/price_unit",
              "invoice_line_ids/quantity"]  # fmt: skip
    kind = dict(env["account.move"]._fields["move_type"]._description_selection(env))
    moves = _load(
        env,
        "account.move",
        fields,
        [
            [kind["out_invoice"], str(source.journal_id.id), f"Cliente {code[1:]}",
             number, issue.isoformat(), due.isoformat(), number,
             str(source.income_account_id.id), str(amount), "1"]
            for number, code, issue, due, amount in bills
        ],
    )  # fmt: skip
    moves.action_post()
    env.flush_all()
    return moves


def _load_payments(env, source, payments, moves):
    fields = ["partner_id", "journal_id/.id", "date", "amount", "memo"]
    records = _load(
        env,
        "account.payment",
        fields,
        [
            [f"Cliente {code[1:]}", str(source.payment_journal_id.id),
             paid.isoformat(), str(amount), number]
            for _code, code, number, paid, amount in payments
        ],
    )  # fmt: skip
    records.action_post()
    for move, payment in zip(moves, records, strict=True):
        (move.line_ids | payment.move_id.line_ids).filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        ).reconcile()
    env.flush_all()


def _check(env, source_id, size):
    """Every bill is paid, and the accounts balance."""
    found = env["account.move"].search_count(
        [
            ("creditbox_source_id", "=", source_id),
            ("creditbox_ref", "=like", "B/%"),
            ("payment_state", "=", "paid"),
            ("state", "=", "posted"),
        ]
    )
    if found != size:
        raise RuntimeError(f"{found} bills paid instead of {size}")
