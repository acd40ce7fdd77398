"""Reading a mailbox over IMAP without leaving a trace in it."""

import imaplib
import re
import ssl
from contextlib import contextmanager

TIMEOUT = 60  # seconds that an answer may take
_LITERAL = re.compile(rb"UID (\d+)")


class MailboxError(OSError):
    """The mailbox cannot be read; the text says why."""


class Mailbox:
    """A folder: the numbers of its messages, and the messages as they are stored."""

    def __init__(self, connection, uidvalidity):
        self._connection = connection
        self.uidvalidity = uidvalidity

    def numbers_after(self, number):
        """:return: ascending numbers of the messages that came after ``number``"""
        answer = self._ask("SEARCH", f"UID {number + 1}:*")
        found = {int(uid) for uid in (answer[0] or b"").split()}
        # «n:*» gives the last message even if it comes before n
        return sorted(uid for uid in found if uid > number)

    def fetch(self, number):
        """:return: bytes of the message, None when it has gone; it stays unread"""
        for part in self._ask("FETCH", str(number), "(UID BODY.PEEK[])"):
            if isinstance(part, tuple) and _LITERAL.search(part[0]):
                return part[1]
        return None

    def _ask(self, command, *arguments):
        status, data = self._connection.uid(command, *arguments)
        if status != "OK":
            raise MailboxError(f"{command}: {data}")
        return data


@contextmanager
def open_mailbox(host, port, security, user, password, folder="INBOX"):
    """Open a folder for reading.

    :param security: «tls», «starttls» or «none»
    :return: context manager that gives a :class:`Mailbox`
    :raises MailboxError: no connection, wrong password, no such folder
    """
    connection = None
    try:
        connection = _connect(host, port, security)
        connection.login(user, password)
        status, answer = connection.select(f'"{folder}"', readonly=True)
        if status != "OK":
            raise MailboxError(f"{folder}: {answer}")
        _status, (uidvalidity,) = connection.response("UIDVALIDITY")
        yield Mailbox(connection, int(uidvalidity or 0))
    except (imaplib.IMAP4.error, ssl.SSLError, OSError) as error:
        raise MailboxError(_words(error)) from error
    finally:
        if connection:
            _close(connection)


def _connect(host, port, security):
    context = ssl.create_default_context()
    if security == "tls":
        return imaplib.IMAP4_SSL(host, port, ssl_context=context, timeout=TIMEOUT)
    connection = imaplib.IMAP4(host, port, timeout=TIMEOUT)
    if security == "starttls":
        connection.starttls(context)
    return connection


def _close(connection):
    try:
        connection.logout()
    except (imaplib.IMAP4.error, OSError):
        connection.shutdown()


def _words(error):
    words = error.args[0] if error.args else error
    return words.decode(errors="replace") if isinstance(words, bytes) else str(error)
