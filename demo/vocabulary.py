"""Words the demo is made of: invented names, real towns, streets, trades."""

from typing import NamedTuple


class Town(NamedTuple):
    name: str
    zip: str
    state: str
    area: str  # telephone area code
    cadastral: str
    latitude: float
    longitude: float


TOWNS = (
    Town("Pisa", "56122", "PI", "050", "G702", 43.7160, 10.4017),
    Town("Livorno", "57123", "LI", "0586", "E625", 43.5485, 10.3106),
    Town("Lucca", "55100", "LU", "0583", "E715", 43.8430, 10.5027),
    Town("Pontedera", "56025", "PI", "0587", "G843", 43.6628, 10.6328),
    Town("Cascina", "56021", "PI", "050", "B950", 43.6764, 10.5530),
    Town("San Miniato", "56028", "PI", "0571", "I046", 43.6790, 10.8510),
    Town("Volterra", "56048", "PI", "0588", "M126", 43.4012, 10.8610),
    Town("Viareggio", "55049", "LU", "0584", "L833", 43.8670, 10.2505),
    Town("Camaiore", "55041", "LU", "0584", "B455", 43.9420, 10.3050),
    Town("Capannori", "55012", "LU", "0583", "B648", 43.8410, 10.5720),
    Town("Empoli", "50053", "FI", "0571", "D403", 43.7190, 10.9460),
)
ITALIAN_BIRTHPLACES = (
    *(town.cadastral for town in TOWNS),
    *("D612", "H501", "F839", "L219", "D969", "F205", "A662", "G273"),
)
FOREIGN_BIRTHPLACES = {"en_US": ("Z114", "Z404"), "de_DE": ("Z112", "Z102")}

SURNAME_HEADS = (
    *("Bella", "Monte", "Fonta", "Casta", "Serra", "Rocca", "Valle", "Campo"),
    *("Torre", "Pietra", "Prata", "Ripa", "Selva", "Corte", "Poggia", "Fiora"),
    *("Gualda", "Lama", "Marca", "Noce", "Olma", "Quercia", "Spina", "Vigna"),
)
SURNAME_TAILS = (
    *("chiari", "nelli", "verdi", "grani", "lonni", "sanci", "tosti", "bruni"),
    *("velli", "dolci", "forti", "lieti", "miti", "pardi", "renzi", "saldi"),
    *("tini", "vecchi", "zani", "gelli", "duri", "belli", "corti", "fini"),
)
MALE_NAMES = (
    *("Andrea", "Bruno", "Carlo", "Dario", "Elio", "Fabio", "Gino", "Ivo"),
    *("Lapo", "Marco", "Nello", "Oreste", "Paolo", "Renzo", "Silvio", "Tullio"),
    *("Ugo", "Vasco", "Niccolò", "Mosè", "Pier Luigi", "Gian Carlo", "Leone"),
)
FEMALE_NAMES = (
    *("Ada", "Bianca", "Clara", "Delia", "Elena", "Flora", "Gemma", "Ines"),
    *("Laura", "Marta", "Norma", "Olga", "Piera", "Rosa", "Silvia", "Tosca"),
    *("Vera", "Zita", "Anna Maria", "Maria Pia", "Noemi", "Isabella", "Viola"),
)
FOREIGN_NAMES = {
    "en_US": (
        ("Arthur", "Edith", "Harold", "Mabel", "Percy", "Winifred"),
        ("Ashcombley", "Brackenstow", "Elderthorpe", "Marlingham", "Thistlewood"),
    ),
    "de_DE": (
        ("Albrecht", "Friedel", "Gerlinde", "Irmgard", "Ottmar", "Wolfhard"),
        ("Bergentaler", "Grünwaldner", "Hohenlocher", "Steinbrückler", "Weißkofler"),
    ),
}

STREETS = (
    *("Via del Mulino", "Via dei Tigli", "Via della Fonte", "Via del Ponte"),
    *("Via dell'Olmo", "Via delle Rose", "Via dei Cipressi", "Via del Forno"),
    *("Via Garibaldi", "Via Mazzini", "Via Dante", "Corso Italia", "Via Roma"),
    *("Piazza della Libertà", "Piazza del Mercato", "Viale della Stazione"),
    *("Viale dei Pini", "Largo dell'Arno", "Vicolo Stretto", "Via di Mezzo"),
    *("Località Poggio al Vento", "Strada Vicinale del Botro", "Via XXV Aprile"),
)

BUSINESSES = (
    *("Panificio", "Officina", "Trattoria", "Lavanderia", "Bar", "Ferramenta"),
    *("Albergo", "Pasticceria", "Falegnameria", "Studio tecnico", "Libreria"),
    *("Autocarrozzeria", "Fioreria", "Macelleria", "Tipografia", "Gelateria"),
)
BUSINESS_NAMES = (
    *("del Borgo", "La Rondine", "Tre Archi", "Il Girasole", "Alla Pieve"),
    *("del Molo", "San Rocco", "La Quercia", "Due Torri", "Il Faro"),
)
BUSINESS_FORMS = ("S.r.l.", "S.n.c.", "S.a.s.", "S.r.l. semplificata")
LARGE_USERS = (
    *("Conceria", "Cartiera", "Vetreria", "Acciaieria", "Tintoria industriale"),
    *("Centrale del latte", "Lavorazioni marmi", "Manifattura", "Cantiere navale"),
)
PUBLIC_BODIES = (
    *("Istituto comprensivo", "Casa di riposo", "Biblioteca civica"),
    *("Ufficio tecnico comunale", "Impianti sportivi comunali", "Museo civico"),
    *("Consorzio di bonifica", "Camera mortuaria comunale", "Mercato coperto"),
)
PROTECTED_PUBLIC = ("Ospedale", "Presidio sanitario", "Scuola primaria", "Caserma")
