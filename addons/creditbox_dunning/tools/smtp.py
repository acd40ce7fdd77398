"""SMTP sessions that survive a dropped connection, and what refusals mean."""

import smtplib

_UNDELIVERABLE = (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError)


class Session:
    """Keeps one connection open for many messages; connects again when it dropped."""

    def __init__(self, connect):
        """:param connect: function that returns a new connection (None in tests)"""
        self._connect = connect
        self._connection = None

    def live(self):
        """:return: smtplib.SMTP that has just answered
        :raise OSError, smtplib.SMTPException: no connection can be made
        """
        if self._connection and not self._answers():
            self.close()
        if not self._connection:
            self._connection = self._connect()
        return self._connection

    def _answers(self):
        try:
            return self._connection.noop()[0] == 250
        except (OSError, smtplib.SMTPException):
            return False

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


def is_doubtful(error):
    """Whether the message may have left although no answer came."""
    return any(
        isinstance(e, smtplib.SMTPServerDisconnected | TimeoutError)
        for e in _chain(error)
    )


def describe(error):
    """:return: the server's own words where there are any"""
    for cause in _chain(error):
        if isinstance(cause, smtplib.SMTPRecipientsRefused):
            return "; ".join(
                f"{address}: {code} {text.decode(errors='replace')}"
                for address, (code, text) in cause.recipients.items()
            )
        if isinstance(cause, smtplib.SMTPResponseException):
            words = cause.smtp_error
            if isinstance(words, bytes):
                words = words.decode(errors="replace")
            return f"{cause.smtp_code} {words}"
    return str(error) or type(error).__name__
