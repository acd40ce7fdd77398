"""The four standard layouts: their fields, and the headings they are known by."""

from dataclasses import dataclass

KINDS = ("customers", "supplies", "bills", "payments")


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


def _field(name, kind, example, synonyms, required=False):
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

CUSTOMERS = (
    _field(
        "code", "code", "C000123", CUSTOMER_CODE + ",codice,cod,id,codice interno", True
    ),
    _field(
        "name",
        "text",
        "Rossi Anna",
        "nome,nominativo,ragione sociale,denominazione,cognome e nome,cognome nome,"
        "intestatario,intestazione,rag soc,nome cliente,customer name,full name,"
        "company name,cliente nominativo,cliente nome,descrizione cliente",
        True,
    ),
    _field(
        "company",
        "boolean",
        False,
        "company flag,azienda,societa,persona giuridica,giuridica,impresa,"
        "is company,ditta,flag azienda,persona fisica giuridica",
    ),
    _field(
        "fiscal_code",
        "code",
        "RSSNNA80A41H501X",
        "codice fiscale,cod fiscale,cod fisc,codfis,c f,cf,cod fis,tax code,"
        "national id,cliente codice fiscale",
    ),
    _field(
        "vat",
        "code",
        "",
        "partita iva,p iva,piva,part iva,iva,vat number,vat code,vat id,"
        "cliente partita iva",
    ),
    _field(
        "customer_type",
        "typology",
        "1",
        "tipo cliente,tipologia cliente,tipologia,tipo utente,categoria cliente,"
        "categoria,classe cliente,category,customer category,customer class",
    ),
    _field(
        "street",
        "text",
        "Via Roma 1",
        "indirizzo,via,indirizzo residenza,indirizzo di residenza,indirizzo cliente,"
        "address,street address,address line 1,indirizzo recapito,"
        "indirizzo spedizione,cliente indirizzo",
    ),
    _field(
        "street2",
        "text",
        "",
        "indirizzo 2,presso,c o,address 2,address line 2,scala interno,interno",
    ),
    _field(
        "zip",
        "code",
        "00184",
        "cap,c a p,codice postale,zip code,postal code,postcode,cliente cap",
    ),
    _field(
        "city",
        "text",
        "Roma",
        "citta,comune,localita,town,comune residenza,comune di residenza,"
        "cliente comune",
    ),
    _field(
        "state",
        "code",
        "RM",
        "provincia,prov,pr,sigla provincia,province,county,cliente provincia",
    ),
    _field("country", "code", "IT", "nazione,paese,stato,country code,cliente nazione"),
    _field(
        "phone",
        "text",
        "06 1234567",
        "telefono,tel,telefono fisso,n telefono,numero telefono,fisso,phone number,"
        "telephone,landline,cliente telefono",
    ),
    _field(
        "mobile",
        "text",
        "333 1234567",
        "cellulare,cell,telefono cellulare,mobile phone,mobile number,cell phone,"
        "numero cellulare,telefonino,cliente cellulare",
    ),
    _field(
        "email",
        "text",
        "anna.rossi@example.com",
        "e mail,mail,posta elettronica,indirizzo e mail,indirizzo email,"
        "email address,cliente email",
    ),
    _field(
        "pec",
        "text",
        "",
        "posta certificata,indirizzo pec,e mail pec,email pec,"
        "pec mail,certified email,certified mail,cliente pec",
    ),
    _field("language", "code", "it", "lingua,codice lingua,lang,lingua corrispondenza"),
    _field("iban", "code", "", "codice iban,conto corrente,bank account,c c"),
)
SUPPLIES = (
    _field(
        "code",
        "code",
        "IT001E12345678",
        SUPPLY_CODE + ",codice,cod,id,supply code",
        True,
    ),
    _field("customer_code", "code", "C000123", CUSTOMER_CODE, True),
    _field(
        "service_type",
        "typology",
        "1",
        "servizio,tipo servizio,tipologia servizio,tipo fornitura,service,"
        "commodity,utility",
    ),
    _field(
        "meter_serial",
        "code",
        "M456789",
        "matricola,matricola contatore,contatore,numero contatore,n contatore,"
        "matricola misuratore,misuratore,meter,meter number,serial,serial number,"
        "contatore matricola,meter serial number",
    ),
    _field(
        "meter_type",
        "typology",
        "1",
        "tipo contatore,tipologia contatore,tipo misuratore,contatore tipo,"
        "type of meter",
    ),
    _field(
        "meter_state",
        "typology",
        "1",
        "stato contatore,stato misuratore,stato utenza,stato fornitura,stato,"
        "contatore stato,meter status,status,state",
    ),
    _field(
        "address",
        "text",
        "Via Roma 1",
        "indirizzo,indirizzo fornitura,indirizzo di fornitura,indirizzo utenza,via,"
        "ubicazione,street,supply address,fornitura indirizzo",
    ),
    _field("zip", "code", "00184", "cap,c a p,codice postale,zip code,postal code"),
    _field("city", "text", "Roma", "citta,comune,localita,comune fornitura,town"),
    _field("state", "code", "RM", "provincia,prov,pr,province"),
    _field("latitude", "float", 41.89, "lat,latitudine,y,coordinata y"),
    _field("longitude", "float", 12.49, "lon,lng,long,longitudine,x,coordinata x"),
    _field(
        "start",
        "date",
        "2020-01-01",
        "data inizio,inizio,inizio fornitura,data attivazione,attivazione,"
        "decorrenza,data decorrenza,inizio contratto,data inizio contratto,"
        "start date,date start,valid from,contract start",
    ),
    _field(
        "end",
        "date",
        "",
        "data fine,fine,fine fornitura,data cessazione,cessazione,fine contratto,"
        "data fine contratto,end date,date end,valid to,contract end",
    ),
    _field(
        "residential",
        "boolean",
        True,
        "residente,residenza,domestico residente,uso residente,resident",
    ),
    _field(
        "protected_until",
        "date",
        "",
        "protetto fino al,tutela fino al,scadenza tutela,fine tutela,"
        "non disalimentabile fino al,protection end",
    ),
    _field(
        "protected_reason",
        "text",
        "",
        "motivo tutela,motivo protezione,causale tutela,tutela,"
        "motivo non disalimentabilita,protection reason,reason of protection",
    ),
)
BILLS = (
    _field(
        "number",
        "code",
        "2024/000123",
        BILL_NUMBER + ",numero,nr,n,num,document no",
        True,
    ),
    _field("customer_code", "code", "C000123", CUSTOMER_CODE, True),
    _field("supply_code", "code", "IT001E12345678", SUPPLY_CODE),
    _field(
        "issue_date",
        "date",
        "2024-01-31",
        "data emissione,emissione,data bolletta,data fattura,data documento,data,"
        "data doc,bill date,invoice date,document date,date,date issued,"
        "bolletta data,fattura data",
        True,
    ),
    _field(
        "due_date",
        "date",
        "2024-02-28",
        "data scadenza,scadenza,scad,data scad,scade il,payable by,due,date due,"
        "expiry date,bolletta scadenza,fattura scadenza",
        True,
    ),
    _field(
        "amount",
        "decimal",
        123.45,
        "importo,importo totale,totale,importo bolletta,importo fattura,"
        "totale bolletta,totale fattura,totale documento,importo euro,importo eur,"
        "amount due,total,total amount,total due,grand total,bolletta importo,"
        "fattura importo",
        True,
    ),
    _field(
        "period_from",
        "date",
        "2023-12-01",
        "periodo dal,periodo da,dal,inizio periodo,competenza dal,from,"
        "data inizio periodo,period start,billing from",
    ),
    _field(
        "period_to",
        "date",
        "2024-01-31",
        "periodo al,periodo a,al,fine periodo,competenza al,to,"
        "data fine periodo,period end,billing to",
    ),
    _field(
        "payment_code",
        "code",
        "301234567890123456",
        "codice pagamento,codice avviso,iuv,codice avviso pagopa,numero avviso,"
        "quinto campo,codice bollettino,codice cbill,notice number,"
        "payment reference",
    ),
    _field(
        "kind",
        "kind",
        "bill",
        "tipo,tipo documento,tipo doc,natura,document type,type,"
        "bolletta nota di credito,tipologia documento,bill or credit note,"
        "bolletta o nota di credito",
    ),
    _field(
        "cancelled",
        "boolean",
        False,
        "annullata,annullato,stornata,stornato,storno,annullamento,canceled,void,"
        "voided,flag annullata",
    ),
    _field(
        "pdf_name",
        "text",
        "2024_000123.pdf",
        "nome pdf,pdf,file pdf,nome file,nome file pdf,file,allegato,file name,"
        "pdf file",
    ),
)
PAYMENTS = (
    _field(
        "code",
        "code",
        "P000987",
        "codice pagamento,cod pagamento,id pagamento,codice incasso,cod incasso,"
        "id incasso,id movimento,numero pagamento,numero incasso,codice,cod,id,"
        "riferimento,trn,cro,payment code,payment id,payment number,"
        "transaction id,receipt number,reference",
        True,
    ),
    _field("customer_code", "code", "C000123", CUSTOMER_CODE),
    _field(
        "bill_number",
        "codes",
        "2024/000123",
        BILL_NUMBER + ",bill numbers,numeri bollette,bollette,fatture,"
        "numeri fatture,bolletta pagata,fattura pagata,bill number s,bills,"
        "invoices",
    ),
    _field(
        "date",
        "date",
        "2024-02-20",
        "data,data pagamento,data incasso,data valuta,valuta,data accredito,"
        "payment date,paid on,value date,pagamento data,incasso data",
        True,
    ),
    _field(
        "amount",
        "decimal",
        123.45,
        "importo,importo pagato,importo pagamento,importo incassato,pagato,"
        "incassato,importo incasso,importo euro,paid amount,amount paid,total,"
        "totale,pagamento importo,incasso importo",
        True,
    ),
    _field(
        "channel",
        "text",
        "pagopa",
        "canale,canale pagamento,canale incasso,modalita,modalita pagamento,"
        "metodo,metodo pagamento,mezzo pagamento,tipo pagamento,tipo incasso,"
        "payment method,method",
    ),
    _field(
        "reversed",
        "boolean",
        False,
        "stornato,storno,annullato,insoluto,reso,respinto,reversal,returned,"
        "cancelled,canceled,flag storno",
    ),
)
LAYOUTS = {
    "customers": CUSTOMERS,
    "supplies": SUPPLIES,
    "bills": BILLS,
    "payments": PAYMENTS,
}
# The column by which a row is known to the billing system.
KEYS = {
    "customers": "code",
    "supplies": "code",
    "bills": "number",
    "payments": "code",
}


def fields_of(kind):
    """dict name -> Field, in the order of the layout."""
    return {field.name: field for field in LAYOUTS[kind]}
