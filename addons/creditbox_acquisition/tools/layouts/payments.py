from .field import BILL_NUMBER, CUSTOMER_CODE, field

PAYMENTS = (
    field(
        "code",
        "code",
        "P000987",
        "codice pagamento,cod pagamento,id pagamento,codice incasso,cod incasso,"
        "id incasso,id movimento,numero pagamento,numero incasso,codice,cod,id,"
        "riferimento,trn,cro,payment code,payment id,payment number,"
        "transaction id,receipt number,reference",
        True,
    ),
    field("customer_code", "code", "C000123", CUSTOMER_CODE),
    field(
        "bill_number",
        "codes",
        "2024/000123",
        BILL_NUMBER + ",bill numbers,numeri bollette,bollette,fatture,"
        "numeri fatture,bolletta pagata,fattura pagata,bill number s,bills,"
        "invoices",
    ),
    field(
        "date",
        "date",
        "2024-02-20",
        "data,data pagamento,data incasso,data valuta,valuta,data accredito,"
        "payment date,paid on,value date,pagamento data,incasso data",
        True,
    ),
    field(
        "amount",
        "decimal",
        123.45,
        "importo,importo pagato,importo pagamento,importo incassato,pagato,"
        "incassato,importo incasso,importo euro,paid amount,amount paid,total,"
        "totale,pagamento importo,incasso importo",
        True,
    ),
    field(
        "channel",
        "text",
        "pagopa",
        "canale,canale pagamento,canale incasso,modalita,modalita pagamento,"
        "metodo,metodo pagamento,mezzo pagamento,tipo pagamento,tipo incasso,"
        "payment method,method",
    ),
    field(
        "reversed",
        "boolean",
        False,
        "stornato,storno,annullato,insoluto,reso,respinto,reversal,returned,"
        "cancelled,canceled,flag storno",
    ),
)
