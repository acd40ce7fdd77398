"""The people, firms and bodies that the demo's companies serve, and their supplies.

Subject number *i* depends on the seed and on *i* only: a larger group contains the
smaller one, and nothing has to be kept in memory.
"""

import random
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import codes
import vocabulary as words

DOMESTIC, NON_DOMESTIC, LARGE, PUBLIC = 1, 2, 3, 4
WATER, GAS, ELECTRICITY = 1, 2, 3
BAND_A_HEAD = Decimal("14.60")  # euro a year: 50 litres a day at 0.80 a cubic metre
ACTIVE, SUSPENDED, CLOSED, TO_REACTIVATE = 1, 2, 3, 4
SUSPENDABLE, NOT_SUSPENDABLE, REMOVABLE, PUBLIC_METER = 1, 2, 3, 4

CLASSES = {
    "person": 81,
    "condominium": 3,
    "business": 12,
    "large": 1.5,
    "public": 2.5,
}
SERVICES = {
    (WATER,): 25,
    (GAS,): 10,
    (ELECTRICITY,): 18,
    (WATER, GAS): 9,
    (GAS, ELECTRICITY): 20,
    (WATER, ELECTRICITY): 6,
    (WATER, GAS, ELECTRICITY): 12,
}
CODE_FORMATS = {WATER: "A{:07d}", GAS: "{:08d}", ELECTRICITY: "EN{:07d}"}


@dataclass
class Subject:
    """A person or body, the same for every company of the group."""

    number: int
    kind: str
    customer_type: int
    name: str
    fiscal_code: str
    vat: str
    street: str
    town: words.Town
    phone: str
    mobile: str
    email: str
    pec: str
    language: str
    iban: str
    services: tuple[int, ...]
    bonus: bool = False

    @property
    def is_company(self) -> bool:
        return self.kind != "person"

    def customer_code(self, service: int) -> str:
        return CODE_FORMATS[service].format(self.number)


@dataclass
class Supply:
    code: str
    customer_code: str
    service_type: int
    meter_serial: str
    meter_type: int
    meter_state: int
    address: str
    town: words.Town
    latitude: float
    longitude: float
    start: date
    end: date | None = None
    residential: bool = False
    protected_until: date | None = None
    protected_reason: str = ""
    subsidised_amount: Decimal | None = None


def draw(rng: random.Random, weighted: dict):
    """One key of the dictionary, as often as its weight says."""
    return rng.choices(list(weighted), list(weighted.values()))[0]


def make_subject(seed: int, number: int) -> Subject:
    """The ``number``-th subject of the group drawn with this seed."""
    rng = random.Random(f"{seed}/subject/{number}")
    kind = draw(rng, CLASSES)
    town = rng.choice(words.TOWNS)
    subject = Subject(
        number=number,
        kind=kind,
        customer_type={"person": DOMESTIC, "large": LARGE, "public": PUBLIC}.get(
            kind, NON_DOMESTIC
        ),
        name="",
        fiscal_code="",
        vat="",
        street=f"{rng.choice(words.STREETS)}, {rng.randint(1, 140)}",
        town=town,
        phone=codes.landline(town.area, number) if rng.random() < 0.4 else "",
        mobile="",
        email="",
        pec="",
        language="it_IT",
        iban="",
        services=draw(rng, SERVICES),
    )
    if kind == "person":
        _make_person(subject, rng)
    else:
        _make_body(subject, rng)
    if rng.random() < 0.45:
        subject.iban = codes.iban("14000", number)
    return subject


def _make_person(subject: Subject, rng: random.Random):
    subject.language = draw(rng, {"it_IT": 965, "en_US": 22, "de_DE": 13})
    female = rng.random() < 0.5
    if subject.language == "it_IT":
        first = rng.choice(words.FEMALE_NAMES if female else words.MALE_NAMES)
        last = rng.choice(words.SURNAME_HEADS) + rng.choice(words.SURNAME_TAILS)
        place = rng.choice(words.ITALIAN_BIRTHPLACES)
    else:
        names, surnames = words.FOREIGN_NAMES[subject.language]
        first, last = rng.choice(names), rng.choice(surnames)
        place = rng.choice(words.FOREIGN_BIRTHPLACES[subject.language])
    born = date(1938, 1, 1) + timedelta(rng.randint(0, 66 * 365))
    subject.name = f"{last} {first}"
    subject.fiscal_code = codes.fiscal_code(last, first, born, female, place)
    subject.bonus = rng.random() < 0.03
    if rng.random() < 0.86:
        subject.mobile = codes.mobile(subject.number * 7919 % 10_000_000)
    if rng.random() < 0.68:
        subject.email = f"{_ascii(first)}.{_ascii(last)}.{subject.number}@example.it"


def _make_body(subject: Subject, rng: random.Random):
    number = subject.number
    prefix = {"condominium": "9", "public": "8"}.get(subject.kind, "98")
    subject.fiscal_code = codes.vat_number(number, prefix=prefix)
    subject.name = _body_name(subject, rng)
    slug = _ascii(subject.name)[:24]
    if subject.kind in ("business", "large"):
        subject.vat = subject.fiscal_code
    if subject.kind != "condominium" and rng.random() < 0.92:
        subject.pec = f"{slug}.{number}@pec.example.it"
    if rng.random() < 0.8:
        subject.email = f"amministrazione.{number}@{slug}.example.com"
    if rng.random() < 0.5:
        subject.mobile = codes.mobile(number * 7919 % 10_000_000)


def _body_name(subject: Subject, rng: random.Random) -> str:
    surname = rng.choice(words.SURNAME_HEADS) + rng.choice(words.SURNAME_TAILS)
    if subject.kind == "condominium":
        return f"Condominio {subject.street.replace(',', '')}"
    if subject.kind == "large":
        return f"{rng.choice(words.LARGE_USERS)} {surname} S.p.A."
    if subject.kind == "public":
        subject.bonus = rng.random() < 0.3  # a place that may never be cut off
        pool = words.PROTECTED_PUBLIC if subject.bonus else words.PUBLIC_BODIES
        return f"{rng.choice(pool)} di {subject.town.name} n. {subject.number}"
    trade, form = rng.choice(words.BUSINESSES), rng.choice(words.BUSINESS_FORMS)
    return f"{trade} {rng.choice(words.BUSINESS_NAMES)} di {surname} {form}"


def _ascii(text: str) -> str:
    """Small letters and digits only, as in an e-mail address."""
    _consonants = text.lower().translate(str.maketrans("àèéìòùüß", "aeeiouus"))
    return "".join(char for char in _consonants if char.isascii() and char.isalnum())


def make_supplies(
    subject: Subject, service: int, rng: random.Random, until: date
) -> list[Supply]:
    """The supplies of a subject with one company, with their meters."""
    most = {"person": 1, "condominium": 1, "business": 2, "large": 4, "public": 6}
    count = rng.randint(1, most[subject.kind])
    if subject.kind == "person" and rng.random() < 0.05:
        count = 2
    return [_make_supply(subject, service, index, rng, until) for index in range(count)]


def _make_supply(subject, service, index, rng, until) -> Supply:
    town = subject.town if index == 0 else rng.choice(words.TOWNS)
    street = subject.street
    if index:
        street = f"{rng.choice(words.STREETS)}, {rng.randint(1, 140)}"
    point = subject.number * 10 + index
    supply = Supply(
        code=_supply_code(service, point),
        customer_code=subject.customer_code(service),
        service_type=service,
        meter_serial=f"{'AGE'[service - 1]}{rng.randint(12, 24)}-{point:08d}",
        meter_type=_meter_type(subject, rng),
        meter_state=ACTIVE,
        address=street,
        town=town,
        latitude=round(town.latitude + rng.uniform(-0.02, 0.02), 6),
        longitude=round(town.longitude + rng.uniform(-0.02, 0.02), 6),
        start=date(2008, 1, 1) + timedelta(rng.randint(0, 5500)),
        residential=subject.kind == "person" and index == 0 and rng.random() < 0.9,
    )
    _protect(supply, subject, rng, until)
    if service == WATER and supply.residential:
        supply.subsidised_amount = BAND_A_HEAD * (1 + subject.number % 4)
    if rng.random() < 0.025:
        supply.end = until - timedelta(rng.randint(20, 400))
        supply.meter_state = CLOSED
    elif rng.random() < 0.004:
        supply.meter_state = TO_REACTIVATE
    return supply


def _supply_code(service: int, point: int) -> str:
    if service == ELECTRICITY:
        return codes.pod(point)
    return codes.pdr(point) if service == GAS else f"PF-{point:08d}"


def _meter_type(subject: Subject, rng: random.Random) -> int:
    if subject.bonus:
        return NOT_SUSPENDABLE
    if subject.customer_type == PUBLIC:
        return PUBLIC_METER
    removable = subject.customer_type == LARGE or rng.random() < 0.12
    return REMOVABLE if removable else SUSPENDABLE


def _protect(supply: Supply, subject: Subject, rng: random.Random, until: date):
    """Protected supplies: bonus, life-saving devices, places never to be cut off."""
    if subject.bonus and subject.customer_type == PUBLIC:
        supply.protected_reason = "Uso pubblico non disalimentabile"
        supply.protected_until = date(until.year + 5, 12, 31)
    elif subject.bonus:
        supply.protected_reason = "Bonus sociale"
        supply.protected_until = until + timedelta(rng.randint(30, 330))
    elif supply.service_type == ELECTRICITY and rng.random() < 0.006:
        supply.meter_type = NOT_SUSPENDABLE
        supply.protected_reason = "Apparecchiature elettromedicali salvavita"
        supply.protected_until = until + timedelta(rng.randint(200, 900))
