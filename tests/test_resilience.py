"""A process killed at any moment loses no action and sends none twice."""

import asyncio
import json
import os
from collections import Counter

import pytest
from processes.harness import Processes, copy_of_test_database, smtp_server

# the whole of it: CREDITBOX_KILLS=50 CREDITBOX_KILL_ACTIONS=2000
KILLS = int(os.environ.get("CREDITBOX_KILLS", "8"))
KILL_ACTIONS = int(os.environ.get("CREDITBOX_KILL_ACTIONS", "300"))
SEED = 20260630
BILLS_AN_ACTION = 2.5


class Mailbox:
    """An SMTP server that kills its client at chosen messages."""

    pause = 0  # seconds to take a message

    def __init__(self, kill_at):
        self.kill_at = kill_at  # {number of message: before or after it is taken}
        self.taken = Counter()
        self.client = None

    async def handle_DATA(self, server, session, envelope):
        await asyncio.sleep(self.pause)
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
def quiet_mailbox():
    """It kills nobody, and takes its time, so that the work lasts for all kills."""
    box = Mailbox({})
    box.pause = 2 * KILLS / KILL_ACTIONS  # two workers: about a second for each kill
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


def test_joint_messages_killed_at_any_moment(killed):
    """One message for three supplies: all of them are done, or none of them is."""
    box = Mailbox({2: "before", 5: "after", 8: "before", 11: "after"})
    with smtp_server(box) as port:
        killed.do("propose_joint", port)
        kills = len(box.kill_at)
        for _attempt in range(kills):
            box.client = killed.start("work")
            assert box.client.wait(timeout=180) == -9, "killed"
        killed.do("work")
        actions = _report(killed)["actions"]
        customers = {action["address"] for action in actions}
        assert (len(actions), len(customers)) == (40, 14)
        states = {(a["address"], a["state"], a["in_doubt"]) for a in actions}
        assert len(states) == len(customers), "the same for all supplies of a customer"
        doubtful = {address for address, _state, doubt in states if doubt}
        assert len(doubtful) == kills
        assert set(box.taken.values()) == {1}, "nobody is written to twice"
        assert customers - doubtful <= set(box.taken), "nobody is forgotten"

        killed.do("settle", ",".join(box.taken))
        killed.do("work")
        report = _report(killed)
    assert report["state"] == "done"
    assert {a["state"] for a in report["actions"]} == {"done"}
    assert {step for a in report["actions"] for step in a["steps"]} == {1}
    assert set(box.taken.values()) == {1}
    assert set(box.taken) == customers, "everybody was written to exactly once"


def test_two_workers_killed_at_random_moments(killed, quiet_mailbox):
    killed.do("propose", quiet_mailbox.port, int(KILL_ACTIONS * BILLS_AN_ACTION))
    kills = json.loads(killed.do("killing", SEED, KILLS).splitlines()[-1])["kills"]
    killed.do("work")
    taken = quiet_mailbox.taken

    actions = _report(killed)["actions"]
    assert len(actions) == KILL_ACTIONS
    doubtful = [a["address"] for a in actions if a["in_doubt"]]
    certain = {a["address"]: a["state"] for a in actions if not a["in_doubt"]}
    assert kills == KILLS
    assert len(doubtful) <= kills, "a kill leaves one at most that nobody knows of"
    assert set(certain.values()) == {"done"}
    assert set(taken.values()) == {1}, "nobody is written to twice"
    assert set(certain) <= set(taken), "nobody is forgotten"

    if doubtful:
        killed.do("settle", ",".join(taken))
        killed.do("work")
    report = _report(killed)
    assert report["state"] == "done"
    assert {a["state"] for a in report["actions"]} == {"done"}
    assert {step for a in report["actions"] for step in a["steps"]} == {1}
    assert set(taken.values()) == {1}
    assert len(taken) == KILL_ACTIONS, "everybody was written to exactly once"


class Restarter(Mailbox):
    """Ends all connections to the database while it takes a message."""

    def __init__(self, at):
        super().__init__({})
        self.at = at
        self.killed = None

    async def handle_DATA(self, server, session, envelope):
        self.taken.update(envelope.rcpt_tos)
        if self.taken.total() in self.at:
            self.killed.do("lose_connections")
        return "250 OK"


def test_database_restarted_while_sending(killed):
    with smtp_server(box := Restarter({3, 11, 30})) as port:
        killed.do("propose", port)
        box.killed = killed
        for _restart in box.at:
            assert killed.start("work").wait(timeout=180) != 0, "lost its connection"
        killed.do("work")
    actions = _report(killed)["actions"]
    doubtful = {a["address"] for a in actions if a["in_doubt"]}
    assert len(doubtful) <= len(box.at)
    assert {a["state"] for a in actions if not a["in_doubt"]} == {"done"}
    assert set(box.taken.values()) == {1}
    assert len(box.taken) == len(actions) == 40


def test_full_disk_stops_before_the_message_leaves(killed, quiet_mailbox):
    killed.do("propose", quiet_mailbox.port)
    killed.do("fill_disk")
    assert killed.start("work").wait(timeout=180) != 0, "no space left"
    assert len(quiet_mailbox.taken) == 5, "nothing leaves without its mark"
    killed.do("free_disk")
    killed.do("work")
    actions = _report(killed)["actions"]
    assert {(a["state"], a["in_doubt"]) for a in actions} == {("done", False)}
    assert set(quiet_mailbox.taken.values()) == {1}
    assert len(quiet_mailbox.taken) == 40
