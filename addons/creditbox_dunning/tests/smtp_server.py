"""A real SMTP server on the loopback, for tests."""

import asyncio
from contextlib import contextmanager
from email import message_from_bytes, policy
from unittest.mock import patch

from aiosmtpd.controller import Controller

from odoo.addons.base.models.ir_mail_server import IrMail_Server


class Inbox:
    """What the server has received; ``answers`` makes it refuse."""

    def __init__(self):
        self.received = []
        self.refused = []
        self.answers = {}  # address → SMTP answer to RCPT
        self.answers_once = {}  # the same, for the first time only
        self.hang_up_at_rcpt = set()  # addresses, each once
        self.hang_up_always = False
        self.wait_before_data = None  # threading.Event
        self.data_answer = None
        self.on_data = None

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        if self.hang_up_always:
            server.transport.abort()
        if address in self.hang_up_at_rcpt:
            self.hang_up_at_rcpt.discard(address)
            server.transport.abort()
        if address in self.answers_once:
            return self.answers_once.pop(address)
        if address in self.answers:
            self.refused.append(address)
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if release := self.wait_before_data:
            while not release.is_set():
                await asyncio.sleep(0.05)
            return "451 too late"
        if self.on_data:
            self.on_data(server)
        if self.data_answer:
            return self.data_answer
        message = message_from_bytes(envelope.content, policy=policy.default)
        self.received.append((envelope.mail_from, envelope.rcpt_tos, message))
        return "250 taken"

    def messages(self):
        return [message for _sender, _to, message in self.received]


class _Controller(Controller):
    def _trigger_server(self):  # the port is chosen by the system
        self.port = self.server.sockets[0].getsockname()[1]
        return super()._trigger_server()


@contextmanager
def smtp_server(env):
    """Odoo really sends, to a server of our own.

    :return: context manager that gives an :class:`Inbox`
    """
    inbox = Inbox()
    controller = _Controller(inbox, hostname="127.0.0.1", port=0)
    controller.start()
    env["ir.mail_server"].search([]).active = False
    env["ir.mail_server"].create(
        {
            "name": "Loopback",
            "smtp_host": "127.0.0.1",
            "smtp_port": controller.port,
            "smtp_encryption": "none",
            "smtp_authentication": "login",
        }
    )
    try:
        with patch.object(IrMail_Server, "_disable_send", lambda self: False):
            yield inbox
    finally:
        controller.stop()
