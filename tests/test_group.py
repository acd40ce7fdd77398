"""The whole way for the demo's group: Excel files in, e-mails out, payers spared."""

import email
import json
from email.policy import default

import pytest
from processes.harness import Processes, copy_of_test_database, smtp_server

STAFF = "@gruppovaldifonte.example.com"  # they are told of stopped orders


class Mailbox:
    def __init__(self):
        self.mails = []

    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(envelope.content, policy=default)
        self.mails.append((envelope.rcpt_tos, message))
        return "250 OK"


@pytest.fixture(scope="module")
def outcome():
    """What the server received, and what the accounts say must have been written."""
    box = Mailbox()
    with copy_of_test_database("group") as database, smtp_server(box) as port:
        group = Processes("group", database)
        group.do("build", port)
        group.do("propose")
        stopped = json.loads(group.do("pay").splitlines()[-1])
        group.do("send")
        actions = json.loads(group.do("report").splitlines()[-1])
        walls = json.loads(Processes("walls", database).do("look").splitlines()[-1])
    to_staff = [mail for mail in box.mails if mail[0][0].endswith(STAFF)]
    to_customers = [mail for mail in box.mails if mail not in to_staff]
    return to_customers, actions, walls, (to_staff, stopped)


def test_as_many_mails_as_actions_done(outcome):
    mails, actions, *_others = outcome
    done = [action for action in actions if action["state"] == "done"]
    assert len(done) > 15
    assert len(mails) == len(done)
    assert sorted(to for tos, _mail in mails for to in tos) == sorted(
        action["address"] for action in done
    )


def test_whoever_has_paid_gets_none(outcome):
    mails, actions, *_others = outcome
    spared = [action for action in actions if action["state"] == "cancelled"]
    assert len(spared) >= 5


def test_each_lists_the_right_bills_and_sums_in_the_right_language(outcome):
    mails, actions, *_others = outcome
    left = [action for action in actions if action["state"] == "done"]
    languages = set()
    for tos, mail in mails:
        html = mail.get_body(("html",)).get_content()
        [action] = [
            action
            for action in left
            if [action["address"]] == tos
            and all(number in html for number in action["bills"])
            and action["company"] in html
        ]
        left.remove(action)
        foreign = {
            number
            for other in actions
            for number in other["bills"]
            if other["address"] != action["address"]
            if number in html
        }
        assert not foreign, "another customer's bill"
        assert _money(action["amount"], action["lang"]) in html.replace("\xa0", " ")
        words = {"it_IT": "bollett", "en_US": "bill"}[action["lang"]]
        assert words in html.lower()
        languages.add(action["lang"])
    assert not left
    assert languages == {"it_IT", "en_US"}


def _money(amount, lang):
    english = f"{amount:,.2f}"
    if lang == "en_US":
        return english
    return english.translate(str.maketrans(",.", ".,"))


def test_nothing_of_another_company_is_seen(outcome):
    _mails, _actions, walls, _staff = outcome
    assert walls["unowned"] == [], "neither a company's nor common to all"
    assert walls["existing"]["creditbox.position"] > 100
    assert walls["existing"]["creditbox.action"] > 20
    assert walls["leaks"] == []


def test_whoever_is_in_charge_is_told_of_stopped_orders(outcome):
    *_others, (mails, stopped) = outcome
    assert stopped, "somebody has paid with the crew on its way"
    assert sorted(stopped) == sorted(
        name for _tos, mail in mails for name in stopped if name in mail["subject"]
    )
    assert len(mails) == len(stopped), "and of nothing else"
    for _tos, mail in mails:
        assert "Fermato" in mail["subject"] or "Pagato" in mail["subject"]
