from .field import CUSTOMER_CODE, field

CUSTOMERS = (
    field(
        "code", "code", "C000123", CUSTOMER_CODE + ",codice,cod,id,codice interno", True
    ),
    field(
        "name",
        "text",
        "Rossi Anna",
        "nome,nominativo,ragione sociale,denominazione,cognome e nome,cognome nome,"
        "intestatario,intestazione,rag soc,nome cliente,customer name,full name,"
        "company name,cliente nominativo,cliente nome,descrizione cliente",
        True,
    ),
    field(
        "company",
        "boolean",
        False,
        "company flag,azienda,societa,persona giuridica,giuridica,impresa,"
        "is company,ditta,flag azienda,persona fisica giuridica",
    ),
    field(
        "fiscal_code",
        "code",
        "RSSNNA80A41H501X",
        "codice fiscale,cod fiscale,cod fisc,codfis,c f,cf,cod fis,tax code,"
        "national id,cliente codice fiscale",
    ),
    field(
        "vat",
        "code",
        "",
        "partita iva,p iva,piva,part iva,iva,vat number,vat code,vat id,"
        "cliente partita iva",
    ),
    field(
        "customer_type",
        "typology",
        "1",
        "tipo cliente,tipologia cliente,tipologia,tipo utente,categoria cliente,"
        "categoria,classe cliente,category,customer category,customer class",
    ),
    field(
        "street",
        "text",
        "Via Roma 1",
        "indirizzo,via,indirizzo residenza,indirizzo di residenza,indirizzo cliente,"
        "address,street address,address line 1,indirizzo recapito,"
        "indirizzo spedizione,cliente indirizzo",
    ),
    field(
        "street2",
        "text",
        "",
        "indirizzo 2,presso,c o,address 2,address line 2,scala interno,interno",
    ),
    field(
        "zip",
        "code",
        "00184",
        "cap,c a p,codice postale,zip code,postal code,postcode,cliente cap",
    ),
    field(
        "city",
        "text",
        "Roma",
        "citta,comune,localita,town,comune residenza,comune di residenza,"
        "cliente comune",
    ),
    field(
        "state",
        "code",
        "RM",
        "provincia,prov,pr,sigla provincia,province,county,cliente provincia",
    ),
    field("country", "code", "IT", "nazione,paese,stato,country code,cliente nazione"),
    field(
        "phone",
        "text",
        "06 1234567",
        "telefono,tel,telefono fisso,n telefono,numero telefono,fisso,phone number,"
        "telephone,landline,cliente telefono",
    ),
    field(
        "mobile",
        "text",
        "333 1234567",
        "cellulare,cell,telefono cellulare,mobile phone,mobile number,cell phone,"
        "numero cellulare,telefonino,cliente cellulare",
    ),
    field(
        "email",
        "text",
        "anna.rossi@example.com",
        "e mail,mail,posta elettronica,indirizzo e mail,indirizzo email,"
        "email address,cliente email",
    ),
    field(
        "pec",
        "text",
        "",
        "posta certificata,indirizzo pec,e mail pec,email pec,"
        "pec mail,certified email,certified mail,cliente pec",
    ),
    field("language", "code", "it", "lingua,codice lingua,lang,lingua corrispondenza"),
    field("iban", "code", "", "codice iban,conto corrente,bank account,c c"),
)
