"""Ports for the servers that tests start."""

import random
import socket

# Below the range from which systems take the port of an outgoing connection: one of
# that range, given back by its finder, may be somebody's connection a moment later.
FIRST, LAST = 12000, 30000


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    while True:
        # Not the common generator: hypothesis starts it anew, the same in each worker.
        port = random.SystemRandom().randint(FIRST, LAST)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
