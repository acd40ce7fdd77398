"""A POST of JSON that neither waits nor reads without end, nor follows anywhere."""

import json
import time

import requests

CONNECT_SECONDS, READ_SECONDS, WHOLE_SECONDS = 5, 20, 60
LARGEST = 1 << 20
CHUNK = 1 << 14


class NoAnswer(Exception):
    """There is no usable answer: why, in a few words, and whether to try again."""

    def __init__(self, reason, again):
        super().__init__(reason)
        self.reason = reason
        self.again = again


def post(url, content, headers=None, auth=None):
    """Send ``content`` as JSON.

    :return: (status of HTTP, dict of the answer); (202, {}) where there is none yet
    :raises NoAnswer: the server cannot be reached, refuses, or answers with something
        else than one JSON object of at most a megabyte
    """
    try:
        with requests.post(
            url,
            json=content,
            headers={"Accept": "application/json", **(headers or {})},
            auth=auth,
            timeout=(CONNECT_SECONDS, READ_SECONDS),
            allow_redirects=False,  # the secret is for nobody else
            stream=True,
        ) as response:
            body = _body(response)
    except (requests.RequestException, UnicodeError) as error:
        raise NoAnswer(_short(error), again=True) from error
    return _judge(response.status_code, body)


def _body(response):
    started, body = time.monotonic(), bytearray()
    for chunk in response.iter_content(CHUNK):
        body += chunk
        if len(body) > LARGEST:
            raise NoAnswer(f"answer larger than {LARGEST >> 20} MB", again=False)
        if time.monotonic() - started > WHOLE_SECONDS:
            raise NoAnswer(f"no end after {WHOLE_SECONDS} s", again=True)
    return bytes(body)


def _judge(status, body):
    if status == 202:
        return status, {}
    if status != 200:
        reason = f"{status} {body[:200].decode(errors='replace')}".strip()
        raise NoAnswer(reason, again=status in (408, 425, 429) or status >= 500)
    try:
        answer = json.loads(body)
    except ValueError as error:
        raise NoAnswer("answer is no JSON", again=False) from error
    if not isinstance(answer, dict):
        raise NoAnswer("answer is no JSON object", again=False)
    return status, answer


def _short(error):
    """The kind of trouble; the address may hold what is nobody's business."""
    return type(error).__name__
