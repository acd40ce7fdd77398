"""Identifiers with right check digits, for people and companies that do not exist.

Every function is pure: the same arguments always give the same code. The ranges are
chosen so that a code cannot be taken for a real one: VAT numbers begin with 98, mobile
numbers with the unassigned prefix 399, banks have an ABI code that no bank has.
"""

import re
import unicodedata
from datetime import date

MONTH_LETTERS = "ABCDEHLMPRST"
ODD_VALUES = dict(
    zip(
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        [1, 0, 5, 7, 9, 13, 15, 17, 19, 21] * 2
        + [2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23],
        strict=True,
    )
)
EVEN_VALUES = {
    char: index if index < 10 else index - 10
    for index, char in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")
}
DEMO_ABI = "09998"


def _letters(text: str) -> tuple[str, str]:
    """Consonants and vowels of a name, upper case, without accents."""
    plain = unicodedata.normalize("NFKD", text.upper())
    letters = re.sub(r"[^A-Z]", "", plain)
    return re.sub(r"[AEIOU]", "", letters), re.sub(r"[^AEIOU]", "", letters)


def _check_letter(body: str) -> str:
    """Check letter of codice fiscale and of the Italian bank coordinates (CIN)."""
    total = sum(
        ODD_VALUES[char] if position % 2 == 0 else EVEN_VALUES[char]
        for position, char in enumerate(body)
    )
    return chr(ord("A") + total % 26)


def fiscal_code(
    surname: str, first_name: str, born: date, female: bool, place: str
) -> str:
    """Codice fiscale of a person; ``place`` is the cadastral code of the birthplace."""
    consonants, vowels = _letters(surname)
    surname_part = (consonants + vowels + "XXX")[:3]
    consonants, vowels = _letters(first_name)
    if len(consonants) > 3:
        consonants = consonants[0] + consonants[2:]
    name_part = (consonants + vowels + "XXX")[:3]
    day = born.day + (40 if female else 0)
    month = MONTH_LETTERS[born.month - 1]
    body = f"{surname_part}{name_part}{born:%y}{month}{day:02d}{place}"
    return body + _check_letter(body)


def vat_number(number: int, prefix: str = "98") -> str:
    """Partita IVA, or numeric fiscal code, of the ``number``-th invented body.

    ``prefix`` is 98 for companies, 9 for condominiums and 8 for public bodies, as in
    real life. What does not fit the serial number goes on in the office's code.
    """
    width = 7 - len(prefix)
    office, serial = divmod(number, 10**width)
    body = f"{prefix}{serial:0{width}d}{office % 100 + 1:03d}"
    total = 0
    for position, char in enumerate(body):
        digit = int(char) * (2 if position % 2 else 1)
        total += digit - 9 if digit > 9 else digit
    return body + str(-total % 10)


def iban(cab: str, account: int) -> str:
    """Italian IBAN of an account of a bank that does not exist."""
    body = f"{DEMO_ABI}{cab}{account:012d}"
    bban = _check_letter(body) + body
    digits = "".join(str(int(char, 36)) for char in f"{bban}IT00")
    return f"IT{98 - int(digits) % 97:02d}{bban}"


def notice_number(number: int) -> str:
    """pagoPA notice number (18 digits, auxiliary digit 3, check modulo 93)."""
    body = f"399{number:013d}"
    return f"{body}{int(body) % 93:02d}"


def pod(number: int) -> str:
    """Electricity supply point: IT, distributor, E, eight digits."""
    return f"IT998E{number:08d}"


def pdr(number: int) -> str:
    """Gas supply point: fourteen digits."""
    return f"0998{number:010d}"


def mobile(number: int) -> str:
    """Italian mobile number with a prefix that is given to no operator."""
    return f"+39 399 {number // 10000 % 1000:03d} {number % 10000:04d}"


def landline(area: str, number: int) -> str:
    """Landline of an area, in a block that begins with 000."""
    return f"+39 {area} 000{number % 10000:04d}"
