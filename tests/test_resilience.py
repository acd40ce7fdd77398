"""A process killed at any moment loses no action and sends none twice."""

import json
import time
from collections import Counter

import pytest
from processes.harness import Processes, copy_of_test_database, smtp_server

# a claim that old belongs to nobody alive (creditbox.transport DEAD_AFTER)
DEAD_AFTER = 11


class Mailbox:
    """An SMTP server that kills its client at chosen messages."""

    def __init__(self, kill_at):
        self.kill_at = kill_at  # {number of message: before or after it is taken}
        self.taken = Counter()
        self.client = None

    async def handle_DATA(self, server, session, envelope):
        moment = self.kill_at.pop(self.taken.total() + 1, None)
        if moment == "before":
            self.client.kill()
            return "451 not taken"
        self.taken.update(envelope.rcpt_tos)
        if moment == "after":
            self.client.kill()
        return "250 OK"


@pytest.fixture
def mailbox():
    box = Mailbox({3: "before", 9: "after", 22: "before", 30: "after"})
    with smtp_server(box) as box.port:
        yield box


@pytest.fixture
def killed():
    with copy_of_test_database("killed") as database:
        yield Processes("killed", database)


def _report(killed):
    return json.loads(killed.do("report").splitlines()[-1])


def test_a_payment_waits_for_the_last_look_at_the_debt(killed, mailbox):
    killed.do("propose", mailbox.port)
    assert killed.do("race").split() == ["waits"]


def test_kill_at_any_moment(killed, mailbox):
    killed.do("propose", mailbox.port)
    kills = len(mailbox.kill_at)
    for _attempt in range(kills):
        mailbox.client = killed.start("work")
        assert mailbox.client.wait(timeout=180) == -9, "killed"
    time.sleep(DEAD_AFTER)
    killed.do("work")

    actions = _report(killed)["actions"]
    assert len(actions) == 40
    doubtful = {a["address"] for a in actions if a["in_doubt"]}
    certain = {a["address"]: a["state"] for a in actions if not a["in_doubt"]}
    assert len(doubtful) == kills, "each kill leaves one that nobody knows of"
    assert set(certain.values()) == {"done"}
    assert set(mailbox.taken.values()) == {1}, "nobody is written to twice"
    assert set(certain) <= set(mailbox.taken), "nobody is forgotten"
    assert len(doubtful & set(mailbox.taken)) == 2, "killed after it was taken"

    killed.do("settle", ",".join(mailbox.taken))
    killed.do("work")
    report = _report(killed)
    assert report["state"] == "done"
    assert {a["state"] for a in report["actions"]} == {"done"}
    assert {step for a in report["actions"] for step in a["steps"]} == {1}
    assert set(mailbox.taken.values()) == {1}
    assert len(mailbox.taken) == 40, "everybody was written to exactly once"
