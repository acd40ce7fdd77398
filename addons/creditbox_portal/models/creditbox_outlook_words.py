from odoo import api, models
from odoo.tools import format_date
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

# (legal step or "", code or "") → what we may do; the more exact key wins
TO_DO = {
    ("", "sms"): _lt("send you a reminder by SMS"),
    ("", "email"): _lt("send you a reminder by e-mail"),
    ("", "letter"): _lt("send you a reminder by post"),
    ("", "registered"): _lt("write to you by registered letter"),
    ("", "pec"): _lt("write to you by PEC"),
    ("notice", ""): _lt("send you a formal notice"),
    ("notice", "registered"): _lt("send you a formal notice by registered letter"),
    ("notice", "pec"): _lt("send you a formal notice by PEC"),
    ("limitation", ""): _lt("ask for the supply to be limited"),
    ("suspension", ""): _lt("ask for the supply to be suspended"),
    ("removal", ""): _lt("ask for the supply to be ended"),
    ("", "agency"): _lt("hand the collection over to a recovery agency"),
    ("", "technical"): _lt("ask our technicians to step in on the meter"),
    ("", "plan"): _lt("propose a payment in instalments to you"),
    ("", "litigation"): _lt("hand the matter over to our lawyers"),
}
DONE = {
    ("", "sms"): _lt("On %s we sent you a reminder by SMS."),
    ("", "email"): _lt("On %s we sent you a reminder by e-mail."),
    ("", "letter"): _lt("On %s we sent you a reminder by post."),
    ("", "registered"): _lt("On %s we wrote to you by registered letter."),
    ("", "pec"): _lt("On %s we wrote to you by PEC."),
    ("notice", ""): _lt("On %s we sent you a formal notice."),
    ("notice", "registered"): _lt(
        "On %s we sent you a formal notice by registered letter."
    ),
    ("notice", "pec"): _lt("On %s we sent you a formal notice by PEC."),
    ("limitation", ""): _lt("On %s we asked for the supply to be limited."),
    ("suspension", ""): _lt("On %s we asked for the supply to be suspended."),
    ("removal", ""): _lt("On %s we asked for the supply to be ended."),
    ("", "agency"): _lt("On %s we handed the collection over to a recovery agency."),
    ("", "technical"): _lt("On %s we asked our technicians to step in on the meter."),
    ("", "plan"): _lt("On %s we proposed a payment in instalments to you."),
    ("", "litigation"): _lt("On %s we handed the matter over to our lawyers."),
}
APART = {
    "plan": _lt("In a repayment plan: %s. Its instalments apply."),
    "agency": _lt("With a recovery agency, which will contact you: %s."),
    "litigation": _lt("With our lawyers: %s."),
}


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
        return [
            self.env._(APART[kind]) % ", ".join(bills)  # pylint: disable=E8502
            for kind, bills in outlook.apart.items()
        ]

    def _phrase(self, phrases, kind, code):
        keys = ((kind, code), (kind, ""), ("", code))
        found = next((phrases[key] for key in keys if key in phrases), None)
        return self.env._(found) if found and (kind or code) else ""
