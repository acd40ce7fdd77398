"""Checks of the identifiers and addresses of Italian customers.

Each ``check_*`` takes the value as it was typed and returns None when it is good or
empty, else a lazily translated sentence saying what is wrong. Nothing here needs a
database and nothing here refuses: who calls decides what a finding means.
"""

import re

import phonenumbers
from stdnum.exceptions import (
    InvalidChecksum,
    InvalidComponent,
    InvalidFormat,
    InvalidLength,
    ValidationError,
)
from stdnum.iso7064 import mod_97_10
from stdnum.it import codicefiscale, iva

from odoo.tools import LazyTranslate

# There is no environment here: the sentences are translated where they are shown.
# pylint: disable=prefer-env-translation
_lt = LazyTranslate(__name__)

POD_RE = re.compile(r"IT\d{3}E\d{8}[0-9A-Z]?")
IBAN_RE = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}")
ITALIAN_IBAN_RE = re.compile(r"IT\d{2}[A-Z]\d{10}[A-Z0-9]{12}")
PDR_RE = re.compile(r"\d{14}")
EMAIL_RE = re.compile(
    r"[A-Z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@([A-Z0-9]([A-Z0-9-]{0,61}[A-Z0-9])?\.)+[A-Z]{2,63}",
    re.IGNORECASE,
)
# Registries of persons and of certified mail give these away when somebody typed
# an ordinary mailbox into the field of the PEC.
ORDINARY_DOMAINS = {
    "gmail.com",
    "hotmail.com",
    "hotmail.it",
    "libero.it",
    "outlook.com",
    "outlook.it",
    "virgilio.it",
    "yahoo.com",
    "yahoo.it",
    "alice.it",
    "tiscali.it",
    "icloud.com",
}


def compact(value):
    """The code without blanks, dots and dashes, in capitals ('' for nothing)."""
    return re.sub(r"[\s.\-/]", "", str(value or "")).upper()


def _validate(validator, value, messages):
    """Message for the first stdnum error that ``validator`` raises on ``value``."""
    try:
        validator(value)
    except ValidationError as error:
        return next(
            message for kind, message in messages.items() if isinstance(error, kind)
        )
    return None


def check_fiscal_code(value):
    """Codice fiscale: 16 characters of a person, 11 digits of a body."""
    code = compact(value)
    if not code:
        return None
    if len(code) == 11 and code.isdigit():
        return check_vat(code)
    return _validate(
        codicefiscale.validate,
        code,
        {
            InvalidLength: _lt(
                "Fiscal code %(code)s: it must have 16 characters, "
                "or 11 digits for a body.",
                code=code,
            ),
            InvalidChecksum: _lt(
                "Fiscal code %(code)s: the last character does not fit the others.",
                code=code,
            ),
            InvalidComponent: _lt(
                "Fiscal code %(code)s: the date of birth in it does not exist.",
                code=code,
            ),
            ValidationError: _lt(
                "Fiscal code %(code)s: letters and digits are not "
                "where they should be.",
                code=code,
            ),
        },
    )


def check_vat(value):
    """Partita IVA: 11 digits, with or without IT before them.

    Numbers of other countries are left to Odoo's own check.
    """
    code = compact(value)
    if not code or (code[:2].isalpha() and not code.startswith("IT")):
        return None
    code = code.removeprefix("IT")
    return _validate(
        iva.validate,
        code,
        {
            InvalidLength: _lt(
                "VAT number %(code)s: it must have 11 digits.", code=code
            ),
            InvalidFormat: _lt(
                "VAT number %(code)s: it must have digits only.", code=code
            ),
            ValidationError: _lt(
                "VAT number %(code)s: the last digit does not fit the others.",
                code=code,
            ),
        },
    )


def check_iban(value):
    """IBAN of any country by its check digits, an Italian one by its form too.

    stdnum's own table of countries cannot be read inside Odoo 19, whose import hook
    hides the data files of the package.
    """
    code = compact(value)
    if not code:
        return None
    if not IBAN_RE.fullmatch(code):
        return _lt(
            "IBAN %(code)s: it must be two letters of the country, two check digits "
            "and the account.",
            code=code,
        )
    if code.startswith("IT") and not ITALIAN_IBAN_RE.fullmatch(code):
        return _lt(
            "IBAN %(code)s: an Italian one has 27 characters: IT, 2 digits, a letter, "
            "10 digits and 12 characters of the account.",
            code=code,
        )
    if not mod_97_10.is_valid(code[4:] + code[:4]):
        return _lt(
            "IBAN %(code)s: the two check digits do not fit the others.", code=code
        )
    return None


def check_supply_code(value, code_format):
    """POD or PDR according to ``code_format`` (``pod``, ``pdr`` or nothing)."""
    code = str(value or "").strip()
    if not code:
        return None
    if code_format == "pod" and not POD_RE.fullmatch(code):
        return _lt(
            "POD %(code)s: it must be IT, 3 digits, E, 8 digits "
            "and possibly one more character.",
            code=code,
        )
    if code_format == "pdr" and not PDR_RE.fullmatch(code):
        return _lt("PDR %(code)s: it must have 14 digits.", code=code)
    return None


def _parse_phone(value, country_code):
    """The valid number meant by ``value``, or None."""
    text = re.sub(r"^\(?00", "+", str(value or "").strip())
    try:
        number = phonenumbers.parse(text, country_code or "IT")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return number


def normalize_phone(value, country_code="IT"):
    """Phone number in E.164 (``+393331234567``), or None when it is not a number.

    :param country_code: two letters of the country of a number without prefix
    """
    number = _parse_phone(value, country_code)
    if number is None:
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def check_phone(value, country_code="IT"):
    if not str(value or "").strip() or _parse_phone(value, country_code):
        return None
    return _lt("Phone %(number)s: this is not a valid number.", number=value)


def check_mobile(value, country_code="IT"):
    """A valid number that can receive an SMS."""
    if not str(value or "").strip():
        return None
    number = _parse_phone(value, country_code)
    if number is None:
        return _lt("Mobile %(number)s: this is not a valid number.", number=value)
    if phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.FIXED_LINE:
        return _lt(
            "Mobile %(number)s: this is a fixed line, which receives no SMS.",
            number=value,
        )
    return None


def check_email(value):
    address = str(value or "").strip()
    if not address or (len(address) <= 254 and EMAIL_RE.fullmatch(address)):
        return None
    return _lt("E-mail %(address)s: this is not a valid address.", address=address)


def check_pec(value):
    """PEC: a valid address that is not of a domain known to sell ordinary mail."""
    address = str(value or "").strip()
    if not address:
        return None
    if check_email(address):
        return _lt("PEC %(address)s: this is not a valid address.", address=address)
    if address.rpartition("@")[2].lower() in ORDINARY_DOMAINS:
        return _lt(
            "PEC %(address)s: this is an ordinary mailbox, not a certified one.",
            address=address,
        )
    return None
