"""Signed requests of the outside world: HMAC-SHA256 over what was sent."""

import base64
import hashlib
import hmac
import time


def sign(secret, body, timestamp=""):
    """Return the signature of a request, in lower-case hex.

    :param str secret: shared with the sender
    :param bytes body: as it is sent
    :param str timestamp: where there is one, «timestamp.body» is what is signed: no
        old request can be given a new time
    """
    content = timestamp.encode() + b"." + body if timestamp else body
    return hmac.new(secret.encode(), content, hashlib.sha256).hexdigest()


def is_signed(secret, body, signature, timestamp=""):
    """Whether ``signature`` is that of :func:`sign`: hex or base64, «sha256=» or not.

    Takes the same time wherever they differ.
    """
    if not secret or not signature:
        return False
    given = signature.strip().removeprefix("sha256=")
    right = sign(secret, body, timestamp)
    in_base64 = base64.b64encode(bytes.fromhex(right)).decode()
    same = [
        hmac.compare_digest(given.lower().encode(), right.encode()),
        hmac.compare_digest(given.encode(), in_base64.encode()),
    ]
    return any(same)


def is_recent(timestamp, tolerance):
    """Whether a request was made now.

    :param timestamp: seconds, or milliseconds, since 1970, as text
    :param tolerance: seconds, earlier or later
    """
    if not timestamp.isascii() or not timestamp.isdecimal() or len(timestamp) > 16:
        return False
    seconds = int(timestamp) / (1000 if len(timestamp) > 11 else 1)
    return abs(time.time() - seconds) <= tolerance
