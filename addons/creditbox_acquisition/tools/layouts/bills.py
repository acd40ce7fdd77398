from .field import BILL_NUMBER, CUSTOMER_CODE, SUPPLY_CODE, field

BILLS = (
    field(
        "number",
        "code",
        "2024/000123",
        BILL_NUMBER + ",numero,nr,n,num,document no",
        True,
    ),
    field("customer_code", "code", "C000123", CUSTOMER_CODE, True),
    field("supply_code", "code", "IT001E12345678", SUPPLY_CODE),
    field(
        "issue_date",
        "date",
        "2024-01-31",
        "data emissione,emissione,data bolletta,data fattura,data documento,data,"
        "data doc,bill date,invoice date,document date,date,date issued,"
        "bolletta data,fattura data",
        True,
    ),
    field(
        "due_date",
        "date",
        "2024-02-28",
        "data scadenza,scadenza,scad,data scad,scade il,payable by,due,date due,"
        "expiry date,bolletta scadenza,fattura scadenza",
        True,
    ),
    field(
        "amount",
        "decimal",
        123.45,
        "importo,importo totale,totale,importo bolletta,importo fattura,"
        "totale bolletta,totale fattura,totale documento,importo euro,importo eur,"
        "amount due,total,total amount,total due,grand total,bolletta importo,"
        "fattura importo",
        True,
    ),
    field(
        "period_from",
        "date",
        "2023-12-01",
        "periodo dal,periodo da,dal,inizio periodo,competenza dal,from,"
        "data inizio periodo,period start,billing from",
    ),
    field(
        "period_to",
        "date",
        "2024-01-31",
        "periodo al,periodo a,al,fine periodo,competenza al,to,"
        "data fine periodo,period end,billing to",
    ),
    field(
        "payment_code",
        "code",
        "301234567890123456",
        "codice pagamento,codice avviso,iuv,codice avviso pagopa,numero avviso,"
        "quinto campo,codice bollettino,codice cbill,notice number,"
        "payment reference",
    ),
    field(
        "kind",
        "kind",
        "bill",
        "tipo,tipo documento,tipo doc,natura,document type,type,"
        "bolletta nota di credito,tipologia documento,bill or credit note,"
        "bolletta o nota di credito",
    ),
    field(
        "cancelled",
        "boolean",
        False,
        "annullata,annullato,stornata,stornato,storno,annullamento,canceled,void,"
        "voided,flag annullata",
    ),
    field(
        "pdf_name",
        "text",
        "2024_000123.pdf",
        "nome pdf,pdf,file pdf,nome file,nome file pdf,file,allegato,file name,"
        "pdf file",
    ),
)
