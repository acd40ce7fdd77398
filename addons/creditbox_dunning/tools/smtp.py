"""SMTP sessions that survive a dropped connection, and what refusals mean."""

import re
import smtplib
import time
from functools import partial

# RFC 3463, the refusals that speak of the mailbox or of its domain. The others are
# about the sender, the contents or a policy: no fault of the address.
_NO_MAILBOX = {"1.0", "1.1", "1.2", "1.3", "1.4", "1.6", "1.10", "2.0", "2.1", "4.4"}
_STATUS = re.compile(r"(?<![\d.])5\.(\d{1,3}\.\d{1,3})(?![\d.])")
_CODE = re.compile(r"\b55[013]\b")
_GO_ON = 354  # answer to DATA: the text may follow
_ANSWER_HOLDS = 5  # seconds in which nobody asks again if the server is there
_UNDELIVERABLE = (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError)


class Session:
    """Keeps one connection open for many messages; connects again when it dropped."""

    def __init__(self, connect):
        """:param connect: function that returns a new connection (None in tests)"""
        self._connect = connect
        self._connection = None
        self.refused = {}  # by the last message sent: {address: (code, text)}
        self._answered = 0
        self.fresh = True  # no message has been sent on this connection
        self.text_begun = False  # the server waits for the text, or has it

    def live(self):
        """Also forgets what was known of the message before.

        :return: smtplib.SMTP that has answered a moment ago
        :raise OSError, smtplib.SMTPException: no connection can be made
        """
        if self._connection and not self._answers():
            self.close()
        if not self._connection:
            self._connection = self._connect()
            self.fresh = True
            if self._connection:
                self._listen_to(self._connection)
        self._answered = time.monotonic()
        self.text_begun = False
        self.refused = {}
        return self._connection

    def _listen_to(self, connection):
        """Hear when the text may follow, and who was refused while another was not."""
        connection.getreply = partial(self._listen, connection.getreply)
        connection.send_message = partial(self._send, connection.send_message)

    def _listen(self, getreply):
        code, text = getreply()
        self.text_begun = self.text_begun or code == _GO_ON
        return code, text

    def _send(self, send_message, *args, **kwargs):
        self.refused = send_message(*args, **kwargs) or {}
        return self.refused

    def _answers(self):
        if not self.is_open():
            return False
        if time.monotonic() - self._answered < _ANSWER_HOLDS:
            return True
        try:
            return self._connection.noop()[0] == 250
        except (OSError, smtplib.SMTPException):
            return False

    def is_open(self):
        return bool(self._connection) and self._connection.sock is not None

    def close(self):
        if self._connection:
            try:
                self._connection.quit()
            except (OSError, smtplib.SMTPException):
                self._connection.close()
        self._connection = None


def _chain(error):
    while error:
        yield error
        error = error.__cause__ or error.__context__


def _codes(error):
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return [code for code, _text in error.recipients.values()]
    return [error.smtp_code]


def is_permanent(error):
    """Whether the server has refused this message for good (5xx).

    A refused sender or a failed login is a fault of ours, not of the address: the
    message waits until it is mended.
    """
    refusals = [e for e in _chain(error) if isinstance(e, _UNDELIVERABLE)]
    return bool(refusals) and all(code >= 500 for e in refusals for code in _codes(e))


def is_no_mailbox(answer):
    """Whether a permanent refusal says that there is no such mailbox.

    :param answer: words of the server, or of a delivery status (RFC 3464)
    """
    details = [found for found in _STATUS.findall(answer) if found != "0.0"]
    if details:
        return details[0] in _NO_MAILBOX
    return bool(_CODE.search(answer))


def dead_addresses(error):
    """:return: list of the recipients that the server says do not exist"""
    return [
        address
        for cause in _chain(error)
        if isinstance(cause, smtplib.SMTPRecipientsRefused)
        for address in dead_among(cause.recipients)
    ]


def dead_among(refused):
    """:param refused: {address: (code, text)}, as smtplib gives them
    :return: list of those of which the server says that they do not exist
    """
    return [
        address
        for address, (code, text) in refused.items()
        if code >= 500 and is_no_mailbox(f"{code} {text.decode(errors='replace')}")
    ]


def describe_refused(refused):
    """:return: str, the server's words about each of the addresses ``refused``"""
    return "; ".join(
        f"{address}: {code} {text.decode(errors='replace')}"
        for address, (code, text) in refused.items()
    )


def is_doubtful(error):
    """Whether the message may have left although no answer came."""
    return any(
        isinstance(e, smtplib.SMTPServerDisconnected | TimeoutError)
        for e in _chain(error)
    )


def is_timeout(error):
    """Whether the server has not answered in time."""
    return any(isinstance(e, TimeoutError) for e in _chain(error))


def describe(error):
    """:return: the server's own words where there are any"""
    for cause in _chain(error):
        if isinstance(cause, smtplib.SMTPRecipientsRefused):
            return describe_refused(cause.recipients)
        if isinstance(cause, smtplib.SMTPResponseException):
            words = cause.smtp_error
            if isinstance(words, bytes):
                words = words.decode(errors="replace")
            return f"{cause.smtp_code} {words}"
    return str(error) or type(error).__name__
