"""Money and dates in the customer's language, remembered: most values repeat."""

import re

from odoo.tools.misc import format_amount, format_date, get_lang

# day, month and year in figures: no need of the calendar's names
_FIGURES = re.compile(r"(?:%[dmYy]|[^%\w])+")


class Formatter:
    def __init__(self, env, lang, currency):
        """:param currency: res.currency of all amounts"""
        self._env = env
        self._lang = lang
        self._currency = currency
        date_format = get_lang(env, lang).date_format
        self._date_format = date_format if _FIGURES.fullmatch(date_format) else None
        self._dates = {}
        self._long_dates = {}
        self._amounts = {}

    def date(self, value):
        """:return: str, empty for no date"""
        if value not in self._dates:
            self._dates[value] = self._write_date(value)
        return self._dates[value]

    def _write_date(self, value):
        if value and self._date_format:
            return value.strftime(self._date_format)
        return format_date(self._env, value, lang_code=self._lang)

    def long_date(self, value):
        """:return: «24 March 2026» in the language"""
        if value not in self._long_dates:
            self._long_dates[value] = format_date(
                self._env, value, lang_code=self._lang, date_format="d MMMM y"
            )
        return self._long_dates[value]

    def money(self, amount):
        """:return: «1.234,50 €» in the language"""
        if amount not in self._amounts:
            if len(self._amounts) > 20_000:
                self._amounts.clear()
            self._amounts[amount] = format_amount(
                self._env, amount, self._currency, self._lang
            )
        return self._amounts[amount]
