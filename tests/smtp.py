"""A real SMTP server for tests, that answers as it is told to."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from typing import Any

from aiosmtpd.controller import Controller


@dataclass(frozen=True, slots=True)
class Received:
    """A message the server accepted."""

    to: str
    subject: str
    body: str
    message_id: str
    language: str


@dataclass
class Relay:
    """`rcpt` and `data` are its answers; `delay_s` how long it thinks before that to the text; `hang_up` cuts
    the line once the text has come, without a word."""

    rcpt: str = "250 OK"
    data: str = "250 OK"
    delay_s: float = 0.0
    hang_up: bool = False
    port: int = 0
    received: list[Received] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802 - the name aiosmtpd calls
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if self.rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        await asyncio.sleep(self.delay_s)
        if self.data.startswith("250"):
            self.received.append(_read(message_from_bytes(envelope.content), envelope.rcpt_tos[0]))
        if self.hang_up:
            server.transport.abort()
        return self.data


def _read(message: Message, to: str) -> Received:
    body = message.get_payload(decode=True)
    return Received(
        to=to,
        subject=str(make_header(decode_header(message["Subject"]))),
        body=body.decode().strip() if isinstance(body, bytes) else "",
        message_id=str(message["Message-ID"]),
        language=str(message["Content-Language"]),
    )


@contextmanager
def relay(port: int = 0, **answers: Any) -> Iterator[Relay]:
    """A server that listens on a free port, or on `port`."""
    handler = Relay(port=port or free_port(), **answers)
    controller = Controller(handler, hostname="127.0.0.1", port=handler.port)
    controller.start()
    try:
        yield handler
    finally:
        controller.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
