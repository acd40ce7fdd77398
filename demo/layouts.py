"""The three billing systems of the group: what their files look like.

Every company writes the same four kinds of file, each in its own way: the water
company in CreditBox's standard layout, the gas company under Italian headings with
title rows, dates and amounts as text, the electricity company as CSV with codes of
its own. ``Layout.headings`` is the one place that names the columns: the generator
writes them and the demo's mappings read them.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import xlsxwriter

FILES = {
    "customers": "clienti",
    "supplies": "utenze",
    "bills": "bollette",
    "payments": "pagamenti",
}
TODAY_FILE = "pagamenti_di_oggi"
MAX_ROWS = 1_000_000  # of one sheet: what exceeds goes on in a second file
FIXED_DATE = datetime(2025, 1, 1)

STANDARD = {
    "customers": (
        *("code", "name", "company", "fiscal_code", "vat", "customer_type"),
        *("street", "zip", "city", "state", "country", "phone", "mobile"),
        *("email", "pec", "language", "iban"),
    ),
    "supplies": (
        *("code", "customer_code", "service_type", "meter_serial", "meter_type"),
        *("meter_state", "address", "zip", "city", "state", "latitude"),
        *("longitude", "start", "end", "residential"),
        *("protected_until", "protected_reason", "subsidised_amount"),
    ),
    "bills": (
        *("number", "customer_code", "supply_code", "issue_date", "due_date"),
        *("amount", "period_from", "period_to", "payment_code", "kind"),
        *("cancelled", "pdf_name"),
    ),
    "payments": (
        *("code", "customer_code", "bill_number", "date", "amount", "channel"),
        "reversed",
    ),
}
ITALIAN = {
    "customers": {
        "code": "Cod. cliente",
        "name": "Nominativo / Ragione sociale",
        "company": "Persona giuridica",
        "fiscal_code": "Codice fiscale",
        "vat": "Partita IVA",
        "customer_type": "Tipologia cliente",
        "street": "Indirizzo",
        "zip": "CAP",
        "city": "Comune",
        "state": "Prov.",
        "phone": "Telefono",
        "mobile": "Cellulare",
        "email": "E-mail",
        "pec": "PEC",
        "language": "Lingua",
        "iban": "IBAN",
    },
    "supplies": {
        "code": "PDR",
        "customer_code": "Codice cliente",
        "service_type": "Servizio",
        "meter_serial": "Matricola contatore",
        "meter_type": "Tipo contatore",
        "meter_state": "Stato contatore",
        "address": "Indirizzo di fornitura",
        "zip": "CAP",
        "city": "Comune",
        "state": "Provincia",
        "latitude": "Latitudine",
        "longitude": "Longitudine",
        "start": "Data attivazione",
        "end": "Data cessazione",
        "residential": "Residente",
        "protected_until": "Tutelato fino al",
        "protected_reason": "Motivo tutela",
    },
    "bills": {
        "number": "Numero fattura",
        "customer_code": "CODICE CLIENTE",
        "supply_code": "PDR",
        "issue_date": "Data emissione",
        "due_date": "Scadenza",
        "amount": "Importo (€)",
        "period_from": "Periodo dal",
        "period_to": "Periodo al",
        "payment_code": "Codice avviso",
        "kind": "Tipo documento",
        "cancelled": "Annullata",
        "pdf_name": "File PDF",
    },
    "payments": {
        "code": "Id incasso",
        "customer_code": "Codice cliente",
        "bill_number": "Fatture pagate",
        "date": "Data valuta",
        "amount": "Importo incassato",
        "channel": "Canale",
        "reversed": "Stornato",
    },
}
EXPORT = {
    "customers": {
        "code": "COD_CLI",
        "name": "RAG_SOC",
        "company": "FL_GIUR",
        "fiscal_code": "COD_FISC",
        "vat": "P_IVA",
        "customer_type": "CLASSE",
        "street": "INDIR",
        "zip": "CAP",
        "city": "LOCALITA",
        "state": "PROV",
        "phone": "TEL",
        "mobile": "CELL",
        "email": "EMAIL",
        "pec": "PEC",
        "language": "LINGUA",
        "iban": "IBAN",
    },
    "supplies": {
        "code": "POD",
        "customer_code": "COD_CLI",
        "service_type": "SERV",
        "meter_serial": "MATR_MIS",
        "meter_type": "TIPO_MIS",
        "meter_state": "STATO_MIS",
        "address": "INDIR_FORN",
        "zip": "CAP",
        "city": "LOCALITA",
        "state": "PROV",
        "latitude": "LAT",
        "longitude": "LON",
        "start": "DT_INIZIO",
        "end": "DT_FINE",
        "residential": "FL_RES",
        "protected_until": "DT_TUTELA",
        "protected_reason": "MOT_TUTELA",
    },
    "bills": {
        "number": "NUM_DOC",
        "customer_code": "COD_CLI",
        "supply_code": "POD",
        "issue_date": "DT_DOC",
        "due_date": "DT_SCAD",
        "amount": "IMP_TOT",
        "period_from": "DT_DA",
        "period_to": "DT_A",
        "payment_code": "COD_AVVISO",
        "kind": "TIPO_DOC",
        "cancelled": "FL_ANN",
        "pdf_name": "NOME_PDF",
    },
    "payments": {
        "code": "ID_INC",
        "customer_code": "COD_CLI",
        "bill_number": "NUM_DOC",
        "date": "DT_INC",
        "amount": "IMP_INC",
        "channel": "CANALE",
        "reversed": "FL_STORNO",
    },
}


@dataclass(frozen=True)
class Layout:
    """How one billing system writes its files."""

    suffix: str
    headings: dict[str, dict[str, str]]
    titles: tuple[str, ...] = ()
    date_format: str = ""  # empty: a date cell
    text_amount_every: int = 0  # every n-th amount as text, 1.234,56 €
    yes_no: tuple[str, str] = ("yes", "no")
    separator: str = "; "  # between several bill numbers
    codes: dict[str, dict] = field(default_factory=dict)

    def render(self, name: str, value, row: int):
        """The cell for a value: text, number or date, as this system writes it."""
        if value is None:
            return ""
        if name in self.codes:
            return self.codes[name].get(value, value)
        if isinstance(value, bool):
            return self.yes_no[0 if value else 1]
        if isinstance(value, tuple):
            return self.separator.join(value)
        if isinstance(value, date):
            return value.strftime(self.date_format) if self.date_format else value
        if isinstance(value, Decimal):
            return self._amount(value, row)
        return value

    def _amount(self, value: Decimal, row: int):
        every = self.text_amount_every
        if every and row % every == 0:
            text = f"{value:,.2f}".translate(str.maketrans(",.", ".,"))
            return text if every == 1 else f"{text} €"
        return float(value)


WATER_LAYOUT = Layout(
    suffix=".xlsx",
    headings={kind: {name: name for name in names} for kind, names in STANDARD.items()},
    codes={
        "kind": {"bill": "bill", "credit_note": "credit note"},
        "language": {"it_IT": "it", "en_US": "en", "de_DE": "de"},
    },
)
GAS_LAYOUT = Layout(
    suffix=".xlsx",
    headings=ITALIAN,
    titles=("GAS VALDIFONTE S.r.l. - Estrazione dal gestionale", ""),
    date_format="%d/%m/%Y",
    text_amount_every=7,
    yes_no=("Sì", "No"),
    codes={
        "customer_type": {
            1: "Domestico",
            2: "Non domestico",
            3: "Grande utente",
            4: "Ente",
        },
        "service_type": {2: "Gas"},
        "meter_type": {
            1: "Sospendibile",
            2: "Non sospendibile",
            3: "Disattivabile",
            4: "Ente",
        },
        "meter_state": {1: "Attivo", 2: "Sospeso", 3: "Cessato", 4: "Da riattivare"},
        "kind": {"bill": "Fattura", "credit_note": "Nota di credito"},
        "language": {"it_IT": "Italiano", "en_US": "Inglese", "de_DE": "Tedesco"},
    },
)
ELECTRICITY_LAYOUT = Layout(
    suffix=".csv",
    headings=EXPORT,
    date_format="%d-%m-%Y",
    text_amount_every=1,
    yes_no=("S", "N"),
    separator="|",
    codes={
        "customer_type": {1: "DOM", 2: "BTA", 3: "MT", 4: "PA"},
        "service_type": {3: "EE"},
        "meter_type": {1: "SOSP", 2: "NSOSP", 3: "DISATT", 4: "ENTE"},
        "meter_state": {1: "A", 2: "S", 3: "C", 4: "R"},
        "kind": {"bill": "FT", "credit_note": "NC"},
        "language": {"it_IT": "IT", "en_US": "EN", "de_DE": "DE"},
    },
)


class XlsxTable:
    """A workbook of one sheet, written row by row with flat memory."""

    def __init__(self, path: Path, titles: Sequence[str], headings: Sequence[str]):
        options = {"constant_memory": True, "default_date_format": "dd/mm/yyyy"}
        self.book = xlsxwriter.Workbook(str(path), options)
        self.book.set_properties({"title": path.stem, "created": FIXED_DATE})
        bold = self.book.add_format({"bold": True})
        self.sheet = self.book.add_worksheet("Dati")
        self.sheet.set_column(0, len(headings) - 1, 16)
        self.rows = 0
        for title in titles:
            self.sheet.write_row(self.rows, 0, [title], bold)
            self.rows += 1
        self.sheet.write_row(self.rows, 0, headings, bold)
        self.rows += 1

    def write(self, cells: Sequence):
        for column, value in enumerate(cells):
            if value == "":
                continue
            if isinstance(value, date):
                self.sheet.write_datetime(self.rows, column, value)
            elif isinstance(value, int | float):
                self.sheet.write_number(self.rows, column, value)
            else:
                self.sheet.write_string(self.rows, column, value)
        self.rows += 1

    def close(self):
        self.book.close()


class CsvTable:
    """A semicolon separated file as old Windows programs write it."""

    def __init__(self, path: Path, titles: Sequence[str], headings: Sequence[str]):
        self.file = path.open("w", encoding="cp1252", newline="")
        self.writer = csv.writer(self.file, delimiter=";")
        self.rows = 0
        for line in [*([title] for title in titles), headings]:
            self.write(line)

    def write(self, cells: Sequence):
        self.writer.writerow(cells)
        self.rows += 1

    def close(self):
        self.file.close()


class Table:
    """The file, or files, of one kind of one company; counts what it is given."""

    def __init__(self, folder: Path, stem: str, kind: str, layout: Layout):
        self.folder, self.stem = folder, stem
        self.layout = layout
        self.columns = layout.headings[kind]
        self.kind = kind
        self.files: list[dict] = []
        self._open()

    def _open(self):
        part = f"_{len(self.files) + 1}" if self.files else ""
        path = self.folder / f"{self.stem}{part}{self.layout.suffix}"
        opener = CsvTable if self.layout.suffix == ".csv" else XlsxTable
        self.out = opener(path, self.layout.titles, list(self.columns.values()))
        self.files.append(
            {
                "file": f"{self.folder.name}/{path.name}",
                "kind": self.kind,
                "rows": 0,
                "refused": 0,
                "waiting": 0,
                "dirty": [],
            }
        )

    def add(self, values: dict, raw: dict | None = None, dirt: dict | None = None):
        """Write a row; ``raw`` cells go in as they are, ``dirt`` says what is wrong."""
        if self.out.rows >= MAX_ROWS:
            self.out.close()
            self._open()
        row = self.out.rows + 1
        cells = [self.layout.render(key, values.get(key), row) for key in self.columns]
        for key, value in (raw or {}).items():
            cells[list(self.columns).index(key)] = value
        self.out.write(cells)
        counters = self.files[-1]
        counters["rows"] += 1
        if dirt:
            if dirt["outcome"] in counters:
                counters[dirt["outcome"]] += 1
            counters["dirty"].append({"row": row, **dirt})

    def close(self):
        self.out.close()
