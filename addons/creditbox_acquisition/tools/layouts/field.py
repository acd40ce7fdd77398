"""One column of a standard layout, and the codes that several layouts share."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Field:
    """One column of a standard layout.

    `type`: text, code, codes (several in a cell), decimal, date, boolean, integer,
    float, typology. `synonyms` are folded headings (see `values.fold`).
    """

    name: str
    type: str
    example: object
    synonyms: tuple
    required: bool = False

    @property
    def soft(self):
        """Whether a value that cannot be understood is left out with a warning."""
        return self.name in SOFT


def field(name, kind, example, synonyms, required=False):
    words = tuple(word.strip() for word in synonyms.split(","))
    return Field(name, kind, example, (name.replace("_", " "), *words), required)


# What nobody's rights and no amount depends on.
SOFT = {"latitude", "longitude", "company", "period_from", "period_to"}


CUSTOMER_CODE = (
    "codice cliente,cod cliente,cod cli,codcli,codcliente,cliente,id cliente,"
    "codice utente,cod utente,codute,utente,intestatario codice,codice soggetto,"
    "codice anagrafico,codice anagrafica,customer,customer id,customer no,"
    "customer number,account code,account number,client code,cliente codice"
)
SUPPLY_CODE = (
    "codice utenza,cod utenza,utenza,codice fornitura,fornitura,codice servizio,"
    "punto di fornitura,punto fornitura,punto di prelievo,pdf,pod,pdr,pod pdr,"
    "codice pod,codice pdr,codice punto,presa,codice presa,contratto,codice contratto,"
    "numero contratto,supply,supply point,service point,contract,contract number,"
    "utenza codice,fornitura codice"
)
BILL_NUMBER = (
    "numero bolletta,n bolletta,nr bolletta,num bolletta,bolletta,numero fattura,"
    "n fattura,nr fattura,num fattura,fattura,numero documento,n documento,"
    "nr documento,num documento,documento,bill number,bill no,bill,invoice number,"
    "invoice no,invoice,document number,bolletta numero,fattura numero,"
    "documento numero"
)
