"""From Excel to records: customers, supplies, posted bills, reconciled payments.

The baseline is measured in the same run, in the same database, on the same kind of
rows: `load` (Odoo's import) of the records; bills and payments are posted, and
reconciled.

Each batch is a transaction of its own, as in the background. `peak_mb` is the most
memory taken while the batches are written, and `grown_mb` what was left over since the
second batch: it must not grow with the size of the file.
"""

import base64
import datetime
import os
import tempfile
import time

import xlsxwriter

SIZE = 10_000
FULL = 500_000
WARM_UP = 50
BASELINE = 200
ISSUE, DUE = datetime.date(2024, 1, 31), datetime.date(2024, 2, 28)
PAID, SINCE = datetime.date(2024, 2, 20), datetime.date(2020, 1, 1)
HEADINGS = {
    "customer": (
        "code", "name", "street", "zip", "city", "state", "mobile", "email", "iban",
    ),
    "supply": (
        "code", "customer_code", "service_type", "meter_serial", "meter_type",
        "meter_state", "address", "start",
    ),
    "bill": ("number", "customer_code", "issue_date", "due_date", "amount"),
    "payment": ("code", "customer_code", "bill_number", "date", "amount"),
}  # fmt: skip
TITLES = {
    "customer": "Clienti", "supply": "Utenze", "bill": "Bollette",
    "payment": "Pagamenti",
}  # fmt: skip


def run(env_factory, size):
    """Half as many customers and supplies as bills, and a payment for each bill."""
    owners = max(size // 2, BASELINE + 20)
    with env_factory() as env:
        source_id = _prepare(env).id
    for kind in HEADINGS:
        _acquire(env_factory, source_id, kind, _rows(kind, "W", WARM_UP, WARM_UP))
    measures = [
        ("acquire customers", "customer", owners, {}),
        ("acquire customers changed", "customer", owners, {"changed": True}),
        ("acquire supplies", "supply", owners, {}),
        ("acquire supplies changed", "supply", owners, {"changed": True}),
        ("acquire bills", "bill", size, {}),
        ("acquire payments", "payment", size, {}),
        ("acquire bills again", "bill", size, {}),
    ]
    baseline = None
    for name, kind, count, options in measures:
        rows = _rows(kind, "B", count, owners, **options)
        measured = _acquire(env_factory, source_id, kind, rows)
        # the baseline's bills are of customers that have been acquired
        baseline = baseline or _baseline(env_factory, source_id)
        yield _result(name, kind, count, measured, baseline[kind])
    with env_factory() as env:
        _check(env, source_id, size)


def _prepare(env):
    """The source of a company with a chart of accounts."""
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
    return source


# -- rows --------------------------------------------------------------------------


def _rows(kind, prefix, count, owners, changed=False):
    """Yield the rows of a file.

    :param changed: customers have moved, meters are suspended
    """
    street, state = ("Via Po", 2) if changed else ("Via Roma", 1)
    for i in range(count):
        owner = f"{prefix}C{i % owners}"
        if kind == "customer":
            yield (
                owner, f"Cliente {owner}", f"{street} {i}", "00184", "Roma", "RM",
                f"333 {1000000 + i}", f"{owner}@example.com",
                _iban(i) if i % 2 else None,
            )  # fmt: skip
        elif kind == "supply":
            yield (
                f"{prefix}S{i}", owner, 1, f"{prefix}M{i}", 1, state, f"Via Roma {i}",
                SINCE,
            )  # fmt: skip
        elif kind == "bill":
            yield f"{prefix}/{i:07}", owner, ISSUE, DUE, 50 + i % 100
        else:
            yield f"{prefix}P{i:07}", owner, f"{prefix}/{i:07}", PAID, 50 + i % 100


def _iban(number):
    account = f"X0542811101{number:012}"
    digits = "".join(str(int(char, 36)) for char in f"{account}IT00")
    return f"IT{98 - int(digits) % 97:02}{account}"


def _xlsx(kind, rows):
    """Base64 of a workbook, written without keeping its rows in memory."""
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as file:
        plain = {"strings_to_urls": False, "strings_to_formulas": False}
        book = xlsxwriter.Workbook(file.name, {"constant_memory": True, **plain})
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        sheet = book.add_worksheet(TITLES[kind])
        sheet.write_row(0, 0, HEADINGS[kind])
        for line, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                if isinstance(cell, datetime.date):
                    sheet.write_datetime(line, column, cell, day)
                else:
                    sheet.write(line, column, cell)
        book.close()
        return base64.b64encode(file.read())


# -- CreditBox ---------------------------------------------------------------------


def _acquire(env_factory, source_id, kind, rows):
    """dict of what it took, batch by batch, each in a transaction of its own."""
    with env_factory() as env:
        taken_id = _create(env, source_id, kind, rows)
    _forget_peak()
    started = time.perf_counter(), time.process_time()
    queries, memory, more = 0, [], True
    while more:
        with env_factory() as env:
            taken = env["creditbox.acquisition"].browse(taken_id)
            before = env.cr.sql_log_count
            more = taken._step()
            env.flush_all()
            queries += env.cr.sql_log_count - before
            state, message = taken.state, taken.message
            problems = taken.error_ids[:3].mapped("reason")
        memory.append(_memory("VmRSS"))
    if state != "done":
        raise RuntimeError(f"{state}: {message} {problems}")
    return {
        "seconds": time.perf_counter() - started[0],
        "processor": time.process_time() - started[1],
        "queries": queries,
        "peak_mb": _memory("VmHWM"),
        "grown_mb": memory[-1] - memory[min(2, len(memory) - 1)],
    }


def _create(env, source_id, kind, rows):
    taken = env["creditbox.acquisition"].create(
        {
            "source_id": source_id,
            "file": _xlsx(kind, rows),
            "filename": f"{kind}.xlsx",
            "forced": True,
        }
    )
    taken.state = "queued"
    return taken.id


def _memory(name):
    """MB of this process: VmRSS now, VmHWM at most since `_forget_peak`."""
    with open("/proc/self/status") as status:
        for line in status:
            if line.startswith(f"{name}:"):
                return int(line.split()[1]) // 1024
    return 0


def _forget_peak():
    if os.access("/proc/self/clear_refs", os.W_OK):
        with open("/proc/self/clear_refs", "w") as control:
            control.write("5")


def _result(name, kind, count, measured, baseline):
    per_unit = measured["seconds"] * 1000 / count
    print(f"{name}: {measured['processor']:.1f} s of it in Python")
    documents = {"bill": ", post", "payment": ", post and reconcile"}
    return {
        "bench": name,
        "n": count,
        "unit": kind,
        "seconds": round(measured["seconds"], 2),
        "per_unit_ms": round(per_unit, 3),
        "queries_per_unit": round(measured["queries"] / count, 4),
        "peak_mb": measured["peak_mb"],
        "grown_mb": measured["grown_mb"],
        "baseline": f"Odoo: load{documents.get(kind, '')}",
        "baseline_per_unit_ms": round(baseline, 2),
        "ratio": round(baseline / per_unit, 1),
    }


# -- Odoo's own way ----------------------------------------------------------------


def _baseline(env_factory, source_id):
    """dict kind -> ms, of what a person does with Odoo's own import."""
    results = {}
    with env_factory() as env:
        source = env["creditbox.source"].browse(source_id)
        env = env(context=dict(env.context, allowed_company_ids=source.company_id.ids))
        rows = {
            kind: list(_rows(kind, "O", BASELINE + 20, BASELINE + 20))
            for kind in HEADINGS
        }
        for part in (slice(0, 20), slice(20, None)):
            done = {}
            for kind, load in LOADERS.items():
                started = time.perf_counter()
                done[kind] = load(env, source, rows[kind][part], done)
                count = len(rows[kind][part])
                results[kind] = (time.perf_counter() - started) * 1000 / count
    return results


def _load_customers(env, source, customers, _done):
    fields = ["name", "creditbox_code", "company_id/.id", "street", "zip", "city",
              "state_id/.id", "creditbox_mobile", "email",
              "bank_ids/acc_number"]  # fmt: skip
    rome = str(env.ref("base.state_it_rm").id)
    return _load(
        env,
        "res.partner",
        fields,
        [
            [name, code, str(source.company_id.id), street, zip_code, city, rome,
             mobile, email, iban or ""]
            for code, name, street, zip_code, city, _state, mobile, email, iban
            in customers
        ],
    )  # fmt: skip


def _load_supplies(env, source, supplies, _done):
    kinds = [
        str(env.ref(f"creditbox_base.{name}").id)
        for name in ("service_type_water", "meter_type_suspendable",
                     "meter_state_active")
    ]  # fmt: skip
    _load(
        env,
        "creditbox.meter",
        ["serial", "company_id/.id", "service_type_id/.id", "meter_type_id/.id",
         "meter_state_id/.id"],
        [[row[3], str(source.company_id.id), *kinds] for row in supplies],
    )  # fmt: skip
    return _load(
        env,
        "creditbox.supply",
        ["code", "company_id/.id", "partner_id", "service_type_id/.id", "meter_id",
         "street", "date_start"],
        [
            [code, str(source.company_id.id), f"Cliente {owner}", kinds[0], serial,
             street, since.isoformat()]
            for code, owner, _service, serial, _type, _state, street, since in supplies
        ],
    )  # fmt: skip


def _load(env, model, fields, rows):
    answer = env[model].load(fields, rows)
    if not answer["ids"]:
        raise RuntimeError(answer["messages"])
    return env[model].browse(answer["ids"])


def _load_bills(env, source, bills, _done):
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
            [kind["out_invoice"], str(source.journal_id.id), f"Cliente {code}",
             number, issue.isoformat(), due.isoformat(), number,
             str(source.income_account_id.id), str(amount), "1"]
            for number, code, issue, due, amount in bills
        ],
    )  # fmt: skip
    moves.action_post()
    env.flush_all()
    return moves


def _load_payments(env, source, payments, done):
    fields = ["partner_id", "journal_id/.id", "date", "amount", "memo"]
    records = _load(
        env,
        "account.payment",
        fields,
        [
            [f"Cliente {code}", str(source.payment_journal_id.id),
             paid.isoformat(), str(amount), number]
            for _code, code, number, paid, amount in payments
        ],
    )  # fmt: skip
    records.action_post()
    for move, payment in zip(done["bill"], records, strict=True):
        (move.line_ids | payment.move_id.line_ids).filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        ).reconcile()
    env.flush_all()
    return records


LOADERS = {
    "customer": _load_customers,
    "supply": _load_supplies,
    "bill": _load_bills,
    "payment": _load_payments,
}


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
