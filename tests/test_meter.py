"""Nobody is cut after they have paid, whoever is the quicker by a millisecond."""

import json
import os
from collections import Counter

from processes.harness import Processes, copy_of_test_database

# a few each time; all 200 of them with CREDITBOX_RACES=200
RACES = int(os.environ.get("CREDITBOX_RACES", "40"))
ACTIVE, TO_REACTIVATE = 1, 4


def test_a_crew_and_a_cashier_at_the_same_instant():
    with copy_of_test_database("meter") as database:
        printed = Processes("meter", database).do("race", RACES)
        orders = json.loads(printed.splitlines()[-1])
    assert len(orders) == RACES
    outcomes = Counter(order["state"] for order in orders)
    for order in orders:
        assert order["open"] == 0, "every payment has come through"
        if order["state"] == "stopped":
            assert order["alarm"], "the crew stood there: somebody is told"
            assert order["meter"] == ACTIVE and not order["back"]
        else:  # cut before the payment: given back at once
            assert order["state"] == "done", outcomes
            assert order["meter"] == TO_REACTIVATE and order["back"] == 1
    assert len(outcomes) == 2, f"no race at all: {outcomes}"
