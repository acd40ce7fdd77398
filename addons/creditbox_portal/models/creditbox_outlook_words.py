from odoo import api, models
from odoo.tools import format_date

from ..tools.words import APART, DONE, TO_DO


class CreditboxOutlook(models.AbstractModel):
    """The sentences: exact about what is known, never more than that."""

    _inherit = "creditbox.outlook"

    @api.model
    def _next_words(self, outlook):
        """:return: str, what comes next; empty when nothing is planned"""
        what = self._phrase(TO_DO, outlook.kind, outlook.code)
        if not what:
            return ""
        if outlook.under_way:
            return self.env._(
                "We are about to %(what)s. If your payment reaches us first, we stop.",
                what=what,
            )
        if outlook.day > outlook.company._creditbox_today():
            return self.env._(
                "If your payment does not reach us first, from %(day)s we may "
                "%(what)s.",
                day=format_date(self.env, outlook.day),
                what=what,
            )
        return self.env._(
            "If your payment does not reach us first, in the coming days we may "
            "%(what)s.",
            what=what,
        )

    @api.model
    def _done_words(self, outlook):
        """:return: list of str, what has been done last and until when one can pay"""
        sentence = self._phrase(DONE, outlook.done_kind, outlook.done_code)
        if not sentence or not outlook.done_day:
            return []
        words = [sentence % format_date(self.env, outlook.done_day)]
        if not outlook.deadline:
            return words
        day = format_date(self.env, outlook.deadline)
        if outlook.deadline >= outlook.company._creditbox_today():
            words.append(self.env._("It gives you time to pay until %s.", day))
        else:
            words.append(self.env._("The time that it gave you ended on %s.", day))
        return words

    @api.model
    def _apart_words(self, outlook):
        """:return: list of str about the bills that follow another way"""
        sentences = {kind: self.env._(APART[kind]) for kind in outlook.apart}
        return [
            sentences[kind] % ", ".join(bills) for kind, bills in outlook.apart.items()
        ]

    def _phrase(self, phrases, kind, code):
        keys = ((kind, code), (kind, ""), ("", code))
        found = next((phrases[key] for key in keys if key in phrases), None)
        return self.env._(found) if found and (kind or code) else ""
