"""Reading a mailbox over IMAP without leaving a trace in it."""

import imaplib
import re
import ssl
from contextlib import contextmanager

TIMEOUT = 60  # seconds that an answer may take
WINDOW = 10_000  # numbers that one search asks about
_UID, _SIZE = re.compile(rb"UID (\d+)"), re.compile(rb"RFC822\.SIZE (\d+)")


class MailboxError(OSError):
    """The mailbox cannot be read; the text says why."""


class MessageError(Exception):
    """The server does not hand one message over; the others it does."""


class Mailbox:
    """A folder: the numbers of its messages, and the messages as they are stored."""

    def __init__(self, connection, uidvalidity, uidnext):
        self._connection = connection
        self._uidnext = uidnext
        self.uidvalidity = uidvalidity

    def numbers_after(self, number):
        """:return: ascending numbers of the messages that came after ``number``"""
        found = set()
        # window by window: an answer has one line, and a line its limit
        for first in range(number + 1, self._uidnext, WINDOW):
            last = min(first + WINDOW, self._uidnext) - 1
            status, answer = self._connection.uid("SEARCH", f"UID {first}:{last}")
            if status != "OK":
                raise MailboxError(f"SEARCH: {answer}")
            found.update(int(uid) for uid in (answer[0] or b"").split())
        return sorted(found)

    def in_pieces(self, numbers, limit):
        """Split numbers so that the messages of a piece fit into ``limit`` bytes.

        :return: generator of lists, a message that alone is larger alone
        """
        sizes, piece, total = self._sizes(numbers), [], 0
        for number in numbers:
            size = sizes.get(number, 0)
            if piece and total + size > limit:
                yield piece
                piece, total = [], 0
            piece.append(number)
            total += size
        if piece:
            yield piece

    def _sizes(self, numbers):
        """:return: {number: bytes}, as the server says; without those it keeps back"""
        wanted = ",".join(map(str, numbers))
        status, data = self._connection.uid("FETCH", wanted, "(UID RFC822.SIZE)")
        found = {}
        for line in data if status == "OK" else ():
            text = line[0] if isinstance(line, tuple) else line or b""
            uid, size = _UID.search(text), _SIZE.search(text)
            if uid and size:
                found[int(uid[1])] = int(size[1])
        return found

    def fetch(self, number):
        """The message stays unread.

        :return: bytes of the message, None when it has gone
        :raises MessageError: the server does not hand it over
        """
        status, data = self._connection.uid("FETCH", str(number), "(BODY.PEEK[])")
        if status != "OK":
            raise MessageError(str(data))
        return next((part[1] for part in data if isinstance(part, tuple)), None)


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
        _status, (uidnext,) = connection.response("UIDNEXT")
        yield Mailbox(connection, int(uidvalidity or 0), int(uidnext or 1))
    except UnicodeError as error:  # IMAP passwords are ASCII, and so are hosts
        raise MailboxError(_words(error)) from error
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
