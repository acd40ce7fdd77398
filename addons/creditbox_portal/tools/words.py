"""What customers read, sentence by sentence; translated when shown."""

from odoo.tools.translate import LazyTranslate

# There is no environment yet when these are read.
# pylint: disable=prefer-env-translation
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
    "cession": _lt("Assigned to somebody else, who is to be paid now: %s."),
}
# of reasons that every company has, by their code; hardship is not told to anybody
HELD = {
    "complaint": _lt("we are examining your complaint"),
    "dispute": _lt("we are checking the bill that you dispute"),
    "check": _lt("we are checking a payment"),
    "declared": _lt("we are checking the payment that you told us about"),
    "conciliation": _lt("a conciliation is under way"),
    "": _lt("our office is looking at it"),
}
