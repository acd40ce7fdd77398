from odoo.tests import TransactionCase, tagged

from ..tools import checks

GOOD = {
    checks.check_fiscal_code: (
        None,
        "",
        "RSSMRA80A01H501U",
        "rss mra 80a01 h501u",
        "RSSMRA80A01H50MM",  # omocodia: the last digit of the place became a letter
        "00743110157",
    ),
    checks.check_vat: (
        None,
        "",
        "00743110157",
        "IT00743110157",
        "IT 0074 3110 157",
        "FR1",
    ),
    checks.check_iban: (
        None,
        "",
        "IT60X0542811101000000123456",
        "it60 x054 2811 1010 0000 0123 456",
        "DE89370400440532013000",
        "SM86U0322509800000000270100",
    ),
    checks.check_phone: (None, "", "06 1234567", "+39 06 12345678", "0039061234567"),
    checks.check_mobile: (None, "", "333 1234567", "+393331234567", "+44 7400 123456"),
    checks.check_email: (
        None,
        "",
        "mario.rossi@example.com",
        " mario@example.com ",
        "o'neil+bollette@sub.example.it",
    ),
    checks.check_pec: (None, "", "mario.rossi@pec.example.it"),
}
BAD = {
    checks.check_fiscal_code: (
        ("RSSMRA80A01H501Z", "last character"),
        ("RSSMRA80A01H501", "16 characters"),
        ("RSSMRA80A35H501K", "date of birth"),
        ("1SSMRA80A01H501U", "letters and digits"),
        ("00743110158", "last digit"),
    ),
    checks.check_vat: (
        ("00743110158", "last digit"),
        ("0074311015", "11 digits"),
        ("0074311015A", "digits only"),
        ("IT123", "11 digits"),
    ),
    checks.check_iban: (
        ("IT61X0542811101000000123456", "check digits"),
        ("IT60X054281110100000012345", "27 characters"),
        ("IT600542811101000000123456X", "27 characters"),
        ("1234567890", "two letters"),
        ("DE88370400440532013000", "check digits"),
    ),
    checks.check_phone: (("123", "not a valid"), ("nessuno", "not a valid")),
    checks.check_mobile: (
        ("06 12345678", "fixed line"),
        ("333", "not a valid"),
        ("333 1234567 / 334 7654321", "not a valid"),
    ),
    checks.check_email: (
        ("mario.rossi", "not a valid"),
        ("mario@example", "not a valid"),
        ("mario @example.com", "not a valid"),
        ("a@example.com;b@example.com", "not a valid"),
        ("mario..rossi@example.com", "not a valid"),
        ("x" * 250 + "@example.com", "not a valid"),
    ),
    checks.check_pec: (("mario", "not a valid"), ("mario@Gmail.com", "ordinary")),
}
SUPPLY_CODES = (
    ("IT001E12345678", "pod", True),
    ("IT001E123456789", "pod", True),
    ("IT001E12345678A", "pod", True),
    ("IT001E1234567", "pod", False),
    ("IT001X12345678", "pod", False),
    ("it001e12345678", "pod", False),
    ("01234567890123", "pdr", True),
    ("1234567890123", "pdr", False),
    ("0123456789012A", "pdr", False),
    ("anything", False, True),
    ("", "pod", True),
)
PHONES = (
    ("333 1234567", "IT", "+393331234567"),
    ("333/1234567", "IT", "+393331234567"),
    ("0039 333 1234567", "IT", "+393331234567"),
    ("+39.333.1234567", None, "+393331234567"),
    ("06 12345678", "IT", "+390612345678"),
    ("07400 123456", "GB", "+447400123456"),
    ("333", "IT", None),
    ("", "IT", None),
    (None, None, None),
    (3331234567, "IT", "+393331234567"),
)


@tagged("creditbox", "post_install", "-at_install")
class TestChecks(TransactionCase):
    def test_good_values_say_nothing(self):
        for check, values in GOOD.items():
            for value in values:
                with self.subTest(check=check.__name__, value=value):
                    self.assertIsNone(check(value))

    def test_bad_values_say_what_is_wrong(self):
        for check, cases in BAD.items():
            for value, words in cases:
                with self.subTest(check=check.__name__, value=value):
                    self.assertIn(words, str(check(value)))

    def test_supply_codes(self):
        for code, code_format, good in SUPPLY_CODES:
            with self.subTest(code=code, code_format=code_format):
                message = checks.check_supply_code(code, code_format)
                self.assertEqual(message is None, good)

    def test_phones_become_e164(self):
        for value, country, expected in PHONES:
            with self.subTest(value=value):
                self.assertEqual(checks.normalize_phone(value, country), expected)
