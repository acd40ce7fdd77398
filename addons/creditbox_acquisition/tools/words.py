"""Words that Italian and English billing systems use for the standard typologies."""

WORDS = {
    "creditbox.customer.type": {
        1: "domestico domestici domestica residenziale privato privati famiglia dom "
        "domestic residential household private",
        2: "non_domestico non_domestici non_domestica altri_usi usi_diversi "
        "commerciale commerciali azienda business non_domestic commercial "
        "small_business",
        3: "grande_utente grandi_utenti grande_utenza grande_consumatore industriale "
        "large_user large_users large industrial key_account",
        4: "ente enti ente_pubblico enti_pubblici pubblico pa "
        "pubblica_amministrazione public public_body public_administration",
    },
    "creditbox.service.type": {
        1: "acqua idrico servizio_idrico h2o acquedotto water",
        2: "gas gas_naturale metano natural_gas",
        3: "energia_elettrica elettricita energia elettrico luce ee power electricity "
        "electric",
        4: "telefono telefonia telefonico fibra internet telephone phone telecom",
    },
    "creditbox.meter.state": {
        1: "attivo attiva in_servizio aperto aperta allacciato erogante active open on",
        2: "sospeso sospesa chiuso_per_morosita limitato suspended",
        3: "cessato cessata chiuso chiusa disattivo disattivato rimosso closed ceased "
        "removed inactive",
        4: "da_riattivare in_riattivazione da_riaprire to_be_reactivated to_reactivate",
    },
    "creditbox.meter.type": {
        1: "sospendibile disalimentabile suspendable disconnectable",
        2: "non_sospendibile non_disalimentabile not_suspendable non_disconnectable",
        3: "disattivabile rimovibile removable can_be_deactivated deactivable",
        4: "ente ente_pubblico pubblico public public_body",
    },
}
_CODES = {
    model: {
        word.replace("_", " "): code
        for code, text in words.items()
        for word in text.split()
    }
    for model, words in WORDS.items()
}


def standard_code(model, folded):
    """The standard code (1-4) of a typology that a folded word means, or None."""
    return _CODES[model].get(folded)
