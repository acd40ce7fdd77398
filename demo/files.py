"""Documents in the archive, and debt files, for the demo."""

import io
from datetime import date, timedelta

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen import canvas

DOCUMENTS = (
    # name, category, days ago, lines of the text
    (
        "Reclamo consumi.pdf",
        "letter",
        40,
        (
            "Oggetto: reclamo sui consumi fatturati",
            "Con la presente contesto i consumi della bolletta di marzo: il contatore",
            "risulta letto in stima. Chiedo la verifica e di sospendere i solleciti.",
        ),
    ),
    (
        "Ricevuta bonifico.pdf",
        "receipt",
        12,
        (
            "Ricevuta di bonifico SEPA",
            "Beneficiario: il gestore. Causale: saldo bolletta, prima rata.",
        ),
    ),
    (
        "Piano firmato.pdf",
        "plan",
        5,
        ("Piano di rientro sottoscritto dal cliente", "Firma leggibile, data e luogo."),
    ),
    (
        "Decreto ingiuntivo.pdf",
        "act",
        3,
        (
            "Tribunale - decreto ingiuntivo provvisoriamente esecutivo",
            "Il giudice ingiunge il pagamento della somma oltre interessi e spese.",
        ),
    ),
)
# over its years, for the list of what need not be kept any longer
OLD = (
    "Corrispondenza 2014.pdf",
    "letter",
    365 * 12,
    ("Lettera di sollecito del 2014",),
)


def make(env, company):
    """File documents of a few customers, and make debt files, as a clerk does.

    :return: (documents, debt files)
    """
    env = env(
        context={
            **env.context,
            "lang": "it_IT",
            "allowed_company_ids": company.ids,
        }
    )
    cases = env["creditbox.case"].search([("company_id", "=", company.id)], limit=2)
    positions = env["creditbox.position"].search(
        [("company_id", "=", company.id), ("state", "=", "overdue")],
        order="amount_overdue desc, id",
        limit=6,
    )
    documents = env["dms.file"]
    for number, partner in enumerate(positions.partner_id):
        chosen = DOCUMENTS[number % 3 : number % 3 + 2]
        for document in (*chosen, OLD) if number == 0 else chosen:
            documents |= _file(partner, *document)
    for case in cases:
        documents |= _file(case, *DOCUMENTS[-1])
    # what was sent once more: the former scan stays as a version
    _file(positions.partner_id[:1], *DOCUMENTS[0][:3], (*DOCUMENTS[0][3], "Rinvio"))
    texts = env["creditbox.archive.text"].sudo()  # as the cron
    for file in texts._unread():
        texts._read_file(file)
    (cases.position_ids | positions[:1]).action_debt_file()
    files = env["creditbox.debt.file"].search_count([("company_id", "=", company.id)])
    return len(documents), files


def _file(record, name, category, days, lines):
    category = record.env.ref(f"creditbox_archive.category_{category}")
    day = date.today() - timedelta(days=days)
    return record._archive_add([(name, _pdf(lines))], category, day)


def _pdf(lines):
    stream = io.BytesIO()
    page = canvas.Canvas(stream, A4)
    for number, line in enumerate(lines):
        page.drawString(70, 760 - 20 * number, line)
    page.save()
    return stream.getvalue()
