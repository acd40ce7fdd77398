"""An SMTP server of few words: takes what comes, keeps who it is for.

python sink.py PORT_FILE COUNT_FILE: a process of its own; serves until it is ended.
"""

import asyncio
import sys
from pathlib import Path


class Sink(asyncio.Protocol):
    """One connection; answers each command at once."""

    taken = []  # (recipient, Message-Id) of each message, for all connections

    def connection_made(self, transport):
        self.transport = transport
        self.buffer = b""
        self.in_data = False
        self.recipients = []
        transport.write(b"220 sink\r\n")

    def data_received(self, data):
        self.buffer += data
        while self._step():
            pass

    def _step(self):
        if self.in_data:
            return self._message()
        line, found, rest = self.buffer.partition(b"\r\n")
        if found:
            self.buffer = rest
            self._command(line)
        return bool(found)

    def _message(self):
        text, found, rest = self.buffer.partition(b"\r\n.\r\n")
        if found:
            self.buffer, self.in_data = rest, False
            self.took(text)
            self.transport.write(b"250 taken\r\n")
        return bool(found)

    def took(self, text):
        self.taken.extend(self.recipients)
        self.recipients = []

    def _command(self, line):
        verb = line[:4].upper()
        if verb == b"RCPT":
            self.recipients.append(line[line.index(b"<") + 1 : line.index(b">")])
        elif verb == b"EHLO":
            self.transport.write(b"250-sink\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n")
            return
        elif verb == b"DATA":
            self.in_data = True
            self.transport.write(b"354 go on\r\n")
            return
        elif verb == b"QUIT":
            self.transport.write(b"221 bye\r\n")
            self.transport.close()
            return
        self.transport.write(b"250 ok\r\n")


async def serve(port_file, count_file):
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Sink, "127.0.0.1", 0)
    port_file.write_text(str(server.sockets[0].getsockname()[1]))
    while True:
        await asyncio.sleep(0.2)
        unique = len(set(Sink.taken))
        count_file.write_text(f"{len(Sink.taken)} {unique}")


if __name__ == "__main__":
    asyncio.run(serve(*map(Path, sys.argv[1:])))
