from .field import CUSTOMER_CODE, SUPPLY_CODE, field

SUPPLIES = (
    field(
        "code",
        "code",
        "IT001E12345678",
        SUPPLY_CODE + ",codice,cod,id,supply code",
        True,
    ),
    field("customer_code", "code", "C000123", CUSTOMER_CODE, True),
    field(
        "service_type",
        "typology",
        "1",
        "servizio,tipo servizio,tipologia servizio,tipo fornitura,service,"
        "commodity,utility",
    ),
    field(
        "meter_serial",
        "code",
        "M456789",
        "matricola,matricola contatore,contatore,numero contatore,n contatore,"
        "matricola misuratore,misuratore,meter,meter number,serial,serial number,"
        "contatore matricola,meter serial number",
    ),
    field(
        "meter_type",
        "typology",
        "1",
        "tipo contatore,tipologia contatore,tipo misuratore,contatore tipo,"
        "type of meter",
    ),
    field(
        "meter_state",
        "typology",
        "1",
        "stato contatore,stato misuratore,stato utenza,stato fornitura,stato,"
        "contatore stato,meter status,status,state",
    ),
    field(
        "address",
        "text",
        "Via Roma 1",
        "indirizzo,indirizzo fornitura,indirizzo di fornitura,indirizzo utenza,via,"
        "ubicazione,street,supply address,fornitura indirizzo",
    ),
    field("zip", "code", "00184", "cap,c a p,codice postale,zip code,postal code"),
    field("city", "text", "Roma", "citta,comune,localita,comune fornitura,town"),
    field("state", "code", "RM", "provincia,prov,pr,province"),
    field("latitude", "float", 41.89, "lat,latitudine,y,coordinata y"),
    field("longitude", "float", 12.49, "lon,lng,long,longitudine,x,coordinata x"),
    field(
        "start",
        "date",
        "2020-01-01",
        "data inizio,inizio,inizio fornitura,data attivazione,attivazione,"
        "decorrenza,data decorrenza,inizio contratto,data inizio contratto,"
        "start date,date start,valid from,contract start",
    ),
    field(
        "end",
        "date",
        "",
        "data fine,fine,fine fornitura,data cessazione,cessazione,fine contratto,"
        "data fine contratto,end date,date end,valid to,contract end",
    ),
    field(
        "residential",
        "boolean",
        True,
        "residente,residenza,domestico residente,uso residente,resident",
    ),
    field(
        "protected_until",
        "date",
        "",
        "protetto fino al,tutela fino al,scadenza tutela,fine tutela,"
        "non disalimentabile fino al,protection end",
    ),
    field(
        "protected_reason",
        "text",
        "",
        "motivo tutela,motivo protezione,causale tutela,tutela,"
        "motivo non disalimentabilita,protection reason,reason of protection",
    ),
    field(
        "subsidised_amount",
        "decimal",
        "",
        "importo fascia agevolata,importo annuo fascia agevolata,fascia agevolata,"
        "fascia agevolata annua,importo annuo agevolato,importo agevolato,"
        "subsidised band,subsidised band a year",
    ),
)
